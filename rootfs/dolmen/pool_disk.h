/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks for pools: what is on one, whether it can be had, and a pool made of it. */
#ifndef DOLMEN_POOL_DISK_H
#define DOLMEN_POOL_DISK_H

#include "pool.h"

struct pool_disk {
	char path[256];
	uint64_t bytes;
	char content[64];	/* what libblkid finds: `ext4`, `gpt`, `LVM2_member`; "": nothing */
	char uuid[64];		/* of that */
};

/* COMMAND_REFUSED: it is none, or in use. */
int pool_disk_look(struct pool_disk *ret, const char *path, struct err *e);
/* p->kind of POOL_THIN, POOL_THICK, POOL_EXT: erases the disk; fills in the rest of p. What was begun is taken back. */
int pool_disk_make(struct pool *p, const struct pool_disk *d, struct err *e);
/* The same of what is on the disk already, which stays as it is. COMMAND_REFUSED: it is not of this kind. */
int pool_disk_take(struct pool *p, const struct pool_disk *d, struct err *e);
/* One more disk for a pool of LVM's: all of it. */
int pool_disk_extend(const struct pool *p, const struct pool_disk *d, struct err *e);
/* Everything in a pool that is down, and its traces on its disks. */
int pool_disk_erase(const struct pool *p, struct err *e);
/* ext4 on a volume of its own in a pool of LVM's. */
int pool_volume_make(struct pool *p, const struct pool *in, uint64_t bytes, struct err *e);
/* The device that carries a file system's UUID; "": none. */
void pool_device(const char *uuid, char ret[256]);

#endif
