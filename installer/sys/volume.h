/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file system opened for a while: between open and close its files stand under `dir`.
 * Where the kernel has no vfat (build machines), mtools carry the files over when the volume is closed;
 * the code above sees no difference.
 */
#ifndef DOLMEN_SYS_VOLUME_H
#define DOLMEN_SYS_VOLUME_H

#include <stdbool.h>

#include "core/err.h"
#include "log.h"

struct volume_mount {
	char node[64], dir[64];
	bool mounted, copied, readonly;
};

int volume_open(struct volume_mount *v, struct log *l, const char *node, const char *type, bool readonly, struct err *e);
/* Writes everything out. Safe on a volume that was never opened (all zero), and after an error. */
int volume_close(struct volume_mount *v, struct log *l, struct err *e);
/*
 * Closes after work that ended with rc: the error is that work's, with the device in the place of `dir`, which nobody knows
 * and which is gone; or, when all was well, the one of closing.
 */
int volume_finish(struct volume_mount *v, struct log *l, int rc, struct err *e);
/* Removes one file of a FAT file system, whatever state it is in; for cleaning up. */
int volume_remove(struct log *l, const char *node, const char *path, struct err *e);

#endif
