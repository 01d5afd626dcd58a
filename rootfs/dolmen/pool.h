/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Storage pools: where guests' disks can be. `storage=` of /state/host.conf, what the installer made, is the pool `local`; each
 * `pool=NAME KIND ...` line is one more. The first is the one that is taken when none is named.
 */
#ifndef DOLMEN_POOL_H
#define DOLMEN_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum pool_kind { POOL_THIN, POOL_THICK, POOL_EXT, POOL_NFS, POOL_KIND_MAX };
/* As host.conf has them: thin, lvm, ext, nfs. */
extern const char *const pool_kind_text[POOL_KIND_MAX];

#define POOLS 16
#define POOL_NAME 32
#define POOL_LOCAL "local"

struct pool {
	char name[POOL_NAME];
	enum pool_kind kind;
	/* LVM's group, and its thin pool */
	char group[64], thin[64];
	/* of files: what is mounted (a UUID, SERVER:/PATH), its options, and where */
	char source[256], options[128], folder[128];
	char iscsi[384];		/* PORTAL,TARGET,LUN: that is the disk below it; "" */
};

struct pools {
	unsigned n;
	struct pool p[POOLS];
};

/* Disks are files in a folder, not block devices. */
static inline bool pool_has_files(const struct pool *p) { return p->kind == POOL_EXT || p->kind == POOL_NFS; }
/* Other hosts may have it, too: what lies there is not this host's alone. */
static inline bool pool_is_shared(const struct pool *p) { return p->kind == POOL_NFS; }

/* Pure: what stands behind `pool=`. COMMAND_REFUSED with a reason. */
int pool_parse(struct pool *ret, const char *value, struct err *e);
void pool_write(const struct pool *p, char *buf, size_t size);

/* All of host.conf, whether they are there or not. DOLMEN_ROOT is prefixed to what is read. */
int pool_list(struct pools *ret, struct err *e);
/* By its name; NULL: the first. COMMAND_REFUSED: there is none, or it is not there now. */
int pool_open(const char *name, struct pool *ret, struct err *e);
/* Whether it is there now. A server that does not answer is not, after 5 s. */
bool pool_is_up(const struct pool *p);
/* Whether something is mounted there, even of a server that does not answer. */
bool pool_is_mounted(const struct pool *p);

struct pool_usage {
	uint64_t total_bytes, free_bytes;
	/* thin: what its disks and snapshots may grow to, and how full it is in percent: data, metadata */
	uint64_t promised_bytes;
	unsigned data_percent, metadata_percent;
};

/* An error, too, when it is not there now. */
int pool_measure(const struct pool *p, struct pool_usage *ret, struct err *e);

#endif
