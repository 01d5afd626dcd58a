/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files and devices: read, write through to the disk, hash. All descriptors are close-on-exec. */
#ifndef DOLMEN_SYS_FILE_H
#define DOLMEN_SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/err.h"

/* Called with the bytes done since the last call. */
typedef void file_progress(void *user, uint64_t bytes);

/* Caller frees; a NUL stands behind the last byte. max: -EFBIG beyond it. */
int file_read(const char *path, size_t max, char **ret_data, size_t *ret_len, struct err *e);
/* As file_read, but NULL when it cannot be read; for sysfs and proc. Trailing newline removed. */
bool file_read_line(const char *path, char *buf, size_t size);
int file_write(const char *path, const void *data, size_t n, unsigned mode, struct err *e);
/* Exactly n bytes at an offset of an open file or device. */
int file_pread_all(int fd, void *buf, size_t n, uint64_t at, const char *path, struct err *e);
int file_pwrite_all(int fd, const void *buf, size_t n, uint64_t at, const char *path, struct err *e);

/* The first `bytes` bytes of a file, and their SHA-256 (or NULL); caller frees. Shorter files are an error. */
int file_load(const char *path, uint64_t bytes, void **ret_data, char ret_sha256[65], file_progress *progress, void *user,
	      struct err *e);
/* Writes an existing device, or a file that is made, and syncs. */
int file_store(const char *path, const void *data, uint64_t bytes, file_progress *progress, void *user, struct err *e);
/* Drops caches and reads back: -EBADMSG where the disk has other data. */
int file_compare(const char *path, const void *data, uint64_t bytes, file_progress *progress, void *user, struct err *e);
void data_hash(const void *data, size_t n, char ret_sha256[65]);
/* What is read next comes from the disk; best effort. */
void file_drop_cache(const char *path);

#endif
