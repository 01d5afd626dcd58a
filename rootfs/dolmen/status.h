/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody who stands before the host wants to know first. Cheap enough to be read every few seconds: what costs more
 * than files and `ip` is read more seldom. libvirtd is not woken.
 */
#ifndef DOLMEN_STATUS_H
#define DOLMEN_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "stats_read.h"

#define STATUS_ADDRESSES 8
#define STATUS_ALERTS 8
#define STATUS_POOLS 4

struct status_pool {
	char name[64];
	bool up;
	uint64_t bytes, free;
};

/* What Xen says of the whole machine. */
struct status_machine {
	uint64_t cpus, memory, memory_free;
	unsigned running;
	int busy;			/* percent of all processors since it was looked at before; < 0: unknown */
	uint64_t cpu_ms;		/* what `busy` is reckoned from: of all domains */
	uint64_t at_ms;			/* when it was looked at; 0: it could not be */
};

struct status {
	char name[254], version[64], slot[8], xen[64];
	unsigned addresses, alerts, pools;
	char address[STATUS_ADDRESSES][80];	/* `xenbr0 192.0.2.10/24` */
	char alert[STATUS_ALERTS][300];
	struct status_pool pool[STATUS_POOLS];
	bool ssh;
	struct stats_dom0 dom0;
	struct status_machine machine;
	unsigned guests;		/* all that are known */
	uint64_t at_ms, pools_ms;	/* when it was read; when the pools were looked at */
};

/*
 * What cannot be read is left out. before: the status of last time, or NULL. From it come the machine and the pools, which are
 * looked at again after 20 and 60 seconds; the machine once more before, for `busy`. root is put before every path.
 */
void status_read(struct status *ret, const struct status *before, const char *root);
/* As lines for people, in the language of the screens. */
void status_write(const struct status *s, FILE *out);

#endif
