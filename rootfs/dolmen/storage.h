/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where guests' disks are: the volume group or file system that the installer made (`storage=` of /state/host.conf). The disks
 * of a machine are known by their names, vm-MACHINE-N, and its snapshots' by vm-MACHINE-N+SNAPSHOT (no `+` is in either name).
 */
#ifndef DOLMEN_STORAGE_H
#define DOLMEN_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

enum storage_kind { STORAGE_NONE, STORAGE_THIN, STORAGE_THICK, STORAGE_FILES };

struct storage {
	enum storage_kind kind;
	char group[64], pool[64];	/* LVM's */
	char folder[128];		/* of files */
};

#define VOLUME_NAME 128

struct volume {
	char name[VOLUME_NAME];
	unsigned number;		/* of the disk in its machine */
	char snapshot[64];		/* "": the disk itself */
	uint64_t bytes;
	long long made;			/* seconds since 1970; 0: not known */
};

struct volumes {
	unsigned n;
	bool full;			/* there are more */
	struct volume v[256];
};

/* DOLMEN_ROOT is prefixed to what is read and made, for tests. */
int storage_open(struct storage *ret, struct err *e);
/* Whether a disk of these bytes can be made; COMMAND_REFUSED if not. */
int storage_room(const struct storage *s, uint64_t bytes, struct err *e);
/* The volumes of a machine, disks and snapshots, in the order of their names. */
int storage_list(const struct storage *s, const char *machine, struct volumes *ret, struct err *e);
int storage_create(const struct storage *s, const char *machine, unsigned number, uint64_t bytes, char ret_path[256], struct err *e);
int storage_remove(const struct storage *s, const char *volume, struct err *e);
/* A thin copy under a name of its own, active when it is a disk's. */
int storage_copy(const struct storage *s, const char *volume, const char *copy, bool disk, struct err *e);
int storage_rename(const struct storage *s, const char *volume, const char *name, struct err *e);

/* Pure: `vm-web-0+before` of machine `web` into its parts. false: it is not one of the machine's. */
bool volume_parse(struct volume *ret, const char *name, const char *machine);

#endif
