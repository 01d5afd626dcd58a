/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests' disks, in storage pools (pool.h). The disks of a machine are known by their names, vm-MACHINE-N, and its snapshots' by
 * vm-MACHINE-N+SNAPSHOT (no `+` is in either name): volumes of the pool's group, or files in its folder.
 */
#ifndef DOLMEN_STORAGE_H
#define DOLMEN_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "pool.h"

#define VOLUME_NAME 128
#define VOLUME_PATH 256

struct volume {
	char name[VOLUME_NAME];
	const struct pool *pool;	/* one of the list's own */
	unsigned number;		/* of the disk in its machine */
	char snapshot[64];		/* "": the disk itself */
	uint64_t bytes;
	long long made;			/* seconds since 1970; 0: not known */
};

struct volumes {
	struct pools pools;		/* those that are there */
	char away[POOL_NAME];		/* one that is not, so that there may be more volumes; "" */
	unsigned n;
	bool full;			/* there are more */
	struct volume v[256];
};

/* Whether disks of these bytes can be made; COMMAND_REFUSED if not. */
int storage_room(const struct pool *p, uint64_t bytes, struct err *e);
/* The volumes of a machine, disks and snapshots, in all pools, in the order of their names. */
int storage_list(const char *machine, struct volumes *ret, struct err *e);
/*
 * As storage_list(), of a machine whose definition is xml: of pools that other hosts have, too, only what the definition names.
 * COMMAND_REFUSED when one of its disks is in a pool that is not there now.
 */
int storage_list_defined(const char *machine, const char *xml, struct volumes *ret, struct err *e);
int storage_create(const struct pool *p, const char *machine, unsigned number, uint64_t bytes, char ret_path[VOLUME_PATH], struct err *e);
/* The same under any name. */
int storage_create_volume(const struct pool *p, const char *name, uint64_t bytes, char ret_path[VOLUME_PATH], struct err *e);
int storage_remove(const struct pool *p, const char *volume, struct err *e);
/* A thin copy under a name of its own, active when it is a disk's. COMMAND_REFUSED where storage is not thin. */
int storage_copy(const struct pool *p, const char *volume, const char *copy, bool disk, struct err *e);
int storage_rename(const struct pool *p, const char *volume, const char *name, struct err *e);

/* Pure: where a volume of a pool is found. */
void storage_path(const struct pool *p, const char *volume, char ret[VOLUME_PATH]);
/* Pure: `vm-web-0+before` of machine `web` into its parts. false: it is not one of the machine's. */
bool volume_parse(struct volume *ret, const char *name, const char *machine);

#endif
