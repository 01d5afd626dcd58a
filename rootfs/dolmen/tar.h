/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tar archives (POSIX ustar and pax, and GNU's numbers beyond 8 GiB), as an OVA is one: files without folders, read where they
 * lie. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
#ifndef DOLMEN_TAR_H
#define DOLMEN_TAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

#define TAR_BLOCK 512
#define TAR_NAME 256
#define TAR_MEMBERS 64

struct tar {
	char path[256];
	uint64_t bytes;
	unsigned n;
	struct tar_member {
		char name[TAR_NAME];
		uint64_t offset, bytes;
	} member[TAR_MEMBERS];
};

/* Pure. What a header says: type is its letter, '0' a file. false: it is none. */
bool tar_header_read(const uint8_t block[TAR_BLOCK], struct tar_member *ret, char *ret_type);
/* Pure. Of a file that root may read and write; false: the name does not fit. */
bool tar_header_write(uint8_t block[TAR_BLOCK], const char *name, uint64_t bytes, long long time);
/* Pure. `size` and `path` of a pax header (NUL-terminated text). */
void tar_pax(const char *text, struct tar_member *m);

/* Whether the file begins as an archive does. */
bool tar_is_one(int fd);
/* Its files; COMMAND_REFUSED: it is no archive, or cut off. */
int tar_open(struct tar *ret, int fd, const char *path, struct err *e);
const struct tar_member *tar_find(const struct tar *t, const char *name);

#endif
