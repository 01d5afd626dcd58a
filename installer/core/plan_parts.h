/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make a plan share. Each fills its part of p; what it refuses goes to ds. */
#ifndef DOLMEN_CORE_PLAN_PARTS_H
#define DOLMEN_CORE_PLAN_PARTS_H

#include "plan.h"

#define MIB (UINT64_C(1) << 20)
/* nodes of arrays in the installer; the host finds them by their UUIDs */
#define PLAN_STATE_ARRAY "/dev/md126"
#define PLAN_STORAGE_ARRAY "/dev/md127"

/* plan_disks.c: which disks, and that they can be used */
void plan_disks(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds);
/* Whether any disk could be installed on at all. */
bool plan_has_target(const struct machine *m);

/*
 * The one disk that fits the name, *ret is its index then. Usable: it may also be written to, or the reason why not is
 * in ds.
 */
bool plan_disk_find(const struct answer_disk *want, const char *element, const struct machine *m, unsigned *ret, struct diags *ds);
bool plan_disk_usable(const struct answer_disk *want, const char *element, const struct machine *m, unsigned *ret,
		      struct diags *ds);

/* plan_first.c: a partition of the machine's vendor at the beginning of the disk */
void plan_first(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds);

/* plan_keep.c: the partitions that a host of before has on the targets, and its guests' storage */
void plan_keep(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds);

/* plan_network.c */
void plan_network(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds);

/* plan_commands.c: wipes and programs to be run; false: out of memory, or of room */
void plan_wipes(struct plan *p, const struct machine *m);
bool plan_commands(struct plan *p, const struct answers *a, const struct machine *m);

#endif
