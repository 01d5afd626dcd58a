/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host and its guests use, as the kernel and `xl` count it. Counters begin with the boot, or with the guest. Names of
 * a guest's devices are Xen's: vif3.0, vbd-3-51712. Disks that qemu serves itself are not among them.
 */
#ifndef DOLMEN_STATS_READ_H
#define DOLMEN_STATS_READ_H

#include <stdint.h>

#include "core/err.h"

#define STATS_GUESTS 1024
#define STATS_DEVICES 64

struct stats_traffic {
	char name[32];
	uint64_t in, out;	/* bytes: received or read, sent or written, from its owner's view */
};

struct stats_domain {
	char name[128];
	unsigned id;
	uint64_t vcpus, memory, cpu_ms;
	uint64_t net_in, net_out, disk_in, disk_out;
};

/* As dom0's kernel sees it. */
struct stats_dom0 {
	uint64_t uptime;		/* seconds */
	uint64_t memory, available;
};

struct stats {
	uint64_t cpus;
	uint64_t memory, memory_free;			/* of the machine, as Xen sees it */
	struct stats_dom0 dom0;
	uint64_t state, state_free;			/* of the state partition */
	unsigned nics, disks, domains;
	struct stats_traffic nic[STATS_DEVICES], disk[STATS_DEVICES];
	struct stats_domain domain[STATS_GUESTS];	/* dom0 first */
};

/* root is put before every path, that of xl among them: "" on a host. The caller frees. */
int stats_read(struct stats **ret, const char *root, struct err *e);
/* Of dom0 alone, without `xl`; what cannot be read is 0. */
void stats_read_dom0(struct stats_dom0 *ret, const char *root);

#endif
