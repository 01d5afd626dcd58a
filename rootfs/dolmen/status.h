/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody who stands before the host wants to know first. Cheap enough to be read every few seconds: from files, `xl`
 * and `ip`; libvirtd is not woken.
 */
#ifndef DOLMEN_STATUS_H
#define DOLMEN_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/err.h"

#define STATUS_ADDRESSES 8
#define STATUS_ALERTS 8
#define STATUS_POOLS 4

struct status_pool {
	char name[64];
	bool up;
	uint64_t bytes, free;
};

struct status {
	char name[254], version[64], slot[8], xen[64];
	uint64_t uptime;		/* seconds */
	unsigned addresses, alerts, pools;
	char address[STATUS_ADDRESSES][80];	/* `xenbr0 192.0.2.10/24` */
	char alert[STATUS_ALERTS][300];
	struct status_pool pool[STATUS_POOLS];
	bool ssh;
	uint64_t cpus, memory, memory_free, dom0_memory, dom0_available;
	int busy;			/* percent of all processors since the status before; < 0: unknown */
	unsigned running, guests;	/* that run, and all that are known */
	uint64_t cpu_ms, at_ms, pools_ms;	/* what `busy` is reckoned from; when the pools were looked at */
};

/*
 * What cannot be read is left out. before: the status of last time, for `busy` and for the pools, which are looked at once a
 * minute; or NULL. root is put before every path.
 */
void status_read(struct status *ret, const struct status *before, const char *root);
/* As lines for people, in the language of the screens. */
void status_write(const struct status *s, FILE *out);

#endif
