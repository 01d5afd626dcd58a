/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks that the answers name, and why one cannot be used. */
#include "plan_parts.h"

#include <inttypes.h>
#include <string.h>

#include "text.h"

#define SMALLEST_GUEST_DISK (64 * MIB)

bool plan_has_target(const struct machine *m)
{
	for (unsigned i = 0; i < m->disks; i++)
		if (machine_disk_writable(m, i))
			return true;
	return false;
}

/* Exactly one disk must fit the name. */
bool plan_disk_find(const struct answer_disk *want, const char *element, const struct machine *m, unsigned *ret, struct diags *ds)
{
	unsigned idx[MACHINE_DISKS], n = machine_find_disk(m, want->name, idx);
	char list[700];

	*ret = idx[0];
	if (n == 1)
		return true;
	if (n > 1) {
		machine_list_some(m, idx, n, list, sizeof(list));
		diag_error(ds, want->at.line, want->at.col,
			   N_("<%s>: `%s` fits %u disks; name one of them by its path, serial number or WWN: %s"), element, want->name, n, list);
	} else if (plan_has_target(m)) {	/* else it is told already */
		machine_list_disks(m, list, sizeof(list));
		diag_error(ds, want->at.line, want->at.col, N_("<%s>: there is no disk `%s`; disks of this machine: %s"), element,
			   want->name, list);
	}
	return false;
}

bool plan_disk_usable(const struct answer_disk *want, const char *element, const struct machine *m, unsigned *ret,
		      struct diags *ds)
{
	unsigned long line = want->at.line, col = want->at.col;
	const struct disk *d;
	char list[700];

	if (!plan_disk_find(want, element, m, ret, ds))
		return false;
	machine_list_disks(m, list, sizeof(list));
	d = &m->disk[*ret];
	if (d->boot_medium)
		diag_error(ds, line, col, N_("<%s>: %s is the medium the installer runs from; name another disk: %s"), element,
			   d->path, list);
	else if (d->read_only)
		diag_error(ds, line, col, N_("<%s>: %s is read-only; switch its write protection off or name another disk: %s"), element,
			   d->path, list);
	else if (!machine_disk_writable(m, *ret))
		diag_error(ds, line, col, N_("<%s>: %s holds the answer file (volume %s); name another disk: %s"), element,
			   d->path, ANSWERS_LABEL, list);
	else if (*d->mounted)
		diag_error(ds, line, col, N_("<%s>: %s is in use (%s); unmount it or name another disk: %s"), element, d->path,
			   d->mounted, list);
	else if (machine_disk_is_remote(d))
		diag_error(ds, line, col, N_("<%s>: %s is reached over iSCSI, which the host cannot start from; name another disk: %s"), element,
			   d->path, list);
	else if (d->multipath)
		diag_error(ds, line, col, N_("<%s>: %s is one of several paths to the same storage, which is not supported: leave one path connected and start the installer again, or name another disk: %s"),
			   element, d->path, list);
	else if (d->sector != 512 && d->sector != 4096)
		diag_error(ds, line, col, N_("<%s>: %s has sectors of %" PRIu32 " bytes; only 512 and 4096 are supported: name another disk"),
			   element, d->path, d->sector);
	else
		return true;
	return false;
}

static void warn_of_failing(const struct disk *d, const struct answer_disk *at, const char *element, struct diags *ds)
{
	if (d->health == HEALTH_FAILING)
		diag_warning(ds, at->at.line, at->at.col, N_("<%s>: %s says of itself that it is failing; another disk would be better"), element, d->path);
}

static bool target_choose(struct plan *p, const struct answer_disk *want, const char *element, const struct machine *m,
			  unsigned *ret, struct diags *ds)
{
	struct plan_target *t = &p->target[p->targets];
	char list[700], s[32];

	if (!plan_disk_usable(want, element, m, ret, ds))
		return false;
	p->targets++;
	t->disk = m->disk[*ret];
	warn_of_failing(&t->disk, want, element, ds);
	machine_describe_contents(m, *ret, &t->lost);
	machine_list_layers(m, *ret, &p->layers);
	if (t->disk.bytes < LAYOUT_MIN_DISK) {
		machine_list_disks(m, list, sizeof(list));
		diag_error(ds, want->at.line, want->at.col, N_("<%s>: %s has %s; at least 8 GiB are needed: name a larger disk: %s"),
			   element, t->disk.path, text_size(t->disk.bytes, s, sizeof(s)), list);
	}
	return true;
}

static void check_mirror(const struct plan *p, const struct answer_disk *at, unsigned *used, unsigned *n, unsigned idx,
			 struct diags *ds)
{
	const struct disk *x = &p->target[0].disk, *y = &p->target[1].disk;

	used[(*n)++] = idx;
	if (p->targets < PLAN_TARGETS)
		return;		/* told already */
	if (!strcmp(x->name, y->name))
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: a mirror needs two disks; both names mean %s"), x->path);
	else if (x->sector != y->sector)
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: %s has sectors of %" PRIu32 " bytes, %s of %" PRIu32 "; the disks of a mirror must be alike"),
			   x->path, x->sector, y->path, y->sector);
}

/* LVM takes disks of one sector size into a group: the size of what the group has already, 0 when it has nothing. */
static uint32_t group_sector(const struct plan *p, const struct answers *a)
{
	if (a->guest_storage && p->targets)
		return p->target[0].disk.sector;
	return p->extra_n ? p->extra[0].sector : 0;
}

static void guest_disk_choose(struct plan *p, const struct answers *a, const struct answer_disk *g, const struct machine *m,
			      unsigned *used, unsigned *n, struct diags *ds)
{
	uint32_t sector = group_sector(p, a);
	unsigned idx;

	if (!plan_disk_usable(g, "guest-disk", m, &idx, ds))
		return;
	for (unsigned k = 0; k < *n; k++)
		if (used[k] == idx) {
			diag_error(ds, g->at.line, g->at.col, N_("<guest-disk>: %s is used already; use guest-storage=\"yes\" for the rest of the primary disk"),
				   m->disk[idx].path);
			return;
		}
	if (m->disk[idx].bytes < SMALLEST_GUEST_DISK) {
		diag_error(ds, g->at.line, g->at.col, N_("<guest-disk>: %s has less than 64 MiB"), m->disk[idx].path);
		return;
	}
	if (a->storage != STORAGE_EXT && sector && sector != m->disk[idx].sector) {
		diag_error(ds, g->at.line, g->at.col,
			   N_("<guest-disk>: %s has sectors of %" PRIu32 " bytes, the rest of the guests' storage has %" PRIu32 ", and LVM does not mix them: leave the disk out, or say guest-storage=\"no\" at <primary-disk> and name only disks of one kind"),
			   m->disk[idx].path, m->disk[idx].sector, sector);
		return;
	}
	used[(*n)++] = idx;
	warn_of_failing(&m->disk[idx], g, "guest-disk", ds);
	machine_list_layers(m, idx, &p->layers);
	machine_describe_contents(m, idx, &p->extra_lost[p->extra_n]);
	p->extra[p->extra_n++] = m->disk[idx];
}

static bool is_used(unsigned disk, const unsigned *used, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (used[i] == disk)
			return true;
	return false;
}

/* The first volume before `end` of the group that is on an erased disk, or on one that is not; NULL: there is none. */
static const struct volume *group_find(const struct machine *m, unsigned end, const char *vg, bool erased, const unsigned *used,
				       unsigned n)
{
	for (unsigned i = 0; i < end; i++)
		if (!strcmp(m->volume[i].vg, vg) && is_used(m->volume[i].disk, used, n) == erased)
			return &m->volume[i];
	return NULL;
}

/* A volume group that loses some of its disks and keeps others is broken: the rest should be known to be worthless. */
static void warn_of_split_groups(const struct machine *m, const unsigned *used, unsigned n, struct diags *ds)
{
	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i], *rest;

		if (!*v->vg || !strcmp(v->type, "linux_raid_member") ||	/* the other half of a mirror goes on alone */
		    !is_used(v->disk, used, n) || group_find(m, i, v->vg, true, used, n))
			continue;
		rest = group_find(m, m->volumes, v->vg, false, used, n);
		if (rest)
			diag_warning(ds, 0, 0, N_("volume group %s loses what it has on %s and is unusable then; the rest of it stays on %s"),
				     v->vg, m->disk[v->disk].path, m->disk[rest->disk].path);
	}
}

void plan_disks(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	unsigned used[ANSWERS_GUEST_DISKS + PLAN_TARGETS], n = 0, idx;

	if (target_choose(p, &a->primary, "primary-disk", m, &idx, ds)) {
		used[n++] = idx;
		if (*a->confirm_serial && strcmp(a->confirm_serial, m->disk[idx].serial) != 0)
			diag_error(ds, a->primary.at.line, a->primary.at.col,
				   N_("<primary-disk>: %s has the serial number %s, not %s as the answers confirm; nothing is written to it"),
				   m->disk[idx].path, *m->disk[idx].serial ? m->disk[idx].serial : "(none)", a->confirm_serial);
	}
	if (*a->mirror.name && target_choose(p, &a->mirror, "primary-disk", m, &idx, ds))
		check_mirror(p, &a->mirror, used, &n, idx, ds);
	if (a->mode != MODE_FRESH)
		return;		/* guest disks then name what is kept */
	if (p->targets > 1 && a->guest_disks)
		diag_warning(ds, a->guest_disk[0].at.line, a->guest_disk[0].at.col, N_("<guest-disk>: the two primary disks are mirrored, guest disks are not"));
	/* XenServer files list the primary disk among the guest disks too when it holds guests. */
	for (unsigned i = 0; i < a->guest_disks; i++)
		guest_disk_choose(p, a, &a->guest_disk[i], m, used, &n, ds);
	warn_of_split_groups(m, used, n, ds);
}
