/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk itself: whether it can be had, boot record, zeroing. */
#ifndef DOLMEN_SYS_DISK_H
#define DOLMEN_SYS_DISK_H

#include "core/err.h"
#include "core/plan.h"
#include "log.h"

int disk_open(const char *path, int flags, struct err *e);
/* Syncs and closes, and says what that says unless rc is an error already. */
int disk_done(int fd, const char *path, int rc, struct err *e);

/* Still there, the same size and sectors as planned, and nobody has it open: takes it exclusively for a moment. */
int disk_check(const struct disk *d, struct err *e);
int disk_zero(const struct plan_wipe *w, struct err *e);
/* Logical volumes and RAID sets that hold the disk are switched off. */
int disk_release(const struct disk *d, struct log *l, struct err *e);
/* Boot code that only says that the installation is incomplete; partition entries stay. */
int disk_write_stub(const char *path, struct err *e);
/* GRUB's core that looks for its files on the ESP, a file of boot_files: it has that partition's number in it. */
void disk_core_name(const struct plan_target *t, char *buf, size_t size);
/* The core into its partition, boot.img's code last. */
int disk_write_grub(const struct plan_target *t, const char *boot_files, struct err *e);

#endif
