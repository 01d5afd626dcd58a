/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that is installed over: its partitions are found by the labels in the table of the disk that the answers
 * name, on that disk only. The state partition's GUID stays, so the volume group's name does too; which volume group it
 * is, its metadata says.
 */
#include "plan_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gpt.h"
#include "text.h"

/* Below these a partition cannot do its work; what must fit boot and root is checked against the medium. */
static const uint64_t minimum_mib[PART_MAX + 1] = { [PART_BIOS] = 1, [PART_ESP] = 64, [PART_BOOT_A] = 64,
						    [PART_BOOT_B] = 64, [PART_STATE] = 256 };

static unsigned disk_index(const struct machine *m, const struct disk *d)
{
	unsigned i = 0;

	while (strcmp(m->disk[i].name, d->name) != 0)
		i++;
	return i;
}

static const struct volume *find_part(const struct machine *m, unsigned disk, enum layout_part part, unsigned *ret_count)
{
	const struct volume *found = NULL;

	*ret_count = 0;
	for (unsigned i = 0; i < m->volumes; i++)
		if (m->volume[i].disk == disk && !strcmp(m->volume[i].part_label, layout_kind(part).label)) {
			found = &m->volume[i];
			++*ret_count;
		}
	return found;
}

/* Names of partitions, for people: what is there and what is not. */
static void list_parts(const struct machine *m, unsigned disk, bool there, char *buf, size_t size)
{
	buf[0] = 0;
	for (unsigned i = 1; i < PART_STORAGE; i++) {
		unsigned n;

		find_part(m, disk, (enum layout_part)i, &n);
		if ((n == 1) == there)
			snprintf(buf + strlen(buf), size - strlen(buf), "%s%s", *buf ? ", " : "", layout_kind((enum layout_part)i).label);
	}
}

static void list_hosts(const struct machine *m, char *buf, size_t size)
{
	unsigned n;

	buf[0] = 0;
	for (unsigned i = 0; i < m->disks; i++)
		if (find_part(m, i, PART_STATE, &n))
			snprintf(buf + strlen(buf), size - strlen(buf), "%s%s", *buf ? ", " : "", m->disk[i].path);
	if (!*buf)
		text_copy(buf, size, "none");
}

/* All of 1..7 exactly once, or the reason. */
static bool is_host(const struct plan_target *t, const struct machine *m, unsigned disk, const struct answer_disk *at,
		    struct diags *ds)
{
	char there[200], missing[200], hosts[300];

	list_parts(m, disk, true, there, sizeof(there));
	list_parts(m, disk, false, missing, sizeof(missing));
	list_hosts(m, hosts, sizeof(hosts));
	if (!*missing)
		return true;
	if (!*there)
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: there is no Dolmen on %s to install over (disks with one: %s); name its disk, or install anew (mode=\"fresh\"), which erases the disk"),
			   t->disk.path, hosts);
	else
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: the Dolmen on %s is damaged or too old: these partitions are missing or there twice: %s; save what you need from it, then install anew (mode=\"fresh\"), which erases the disk"),
			   t->disk.path, missing);
	return false;
}

static bool take_part(struct plan_target *t, const struct volume *v, enum layout_part part, const struct answer_disk *at,
		      struct diags *ds)
{
	struct plan_partition *pp = &t->part[part];
	const char *digits = v->node + strlen(v->node);
	char s[32], needed[32];

	while (digits > v->node && isdigit((unsigned char)digits[-1]))
		digits--;
	pp->at = layout_kind(part);
	if (!strcmp(v->type, "linux_raid_member"))
		pp->at.type_guid = GPT_LINUX_RAID;
	if (part != PART_STORAGE && strcmp(v->part_type, pp->at.type_guid) != 0) {
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: /dev/%s is called %s but has the type %s; the table of %s is not one of Dolmen's: install anew (mode=\"fresh\"), which erases the disk"),
			   v->node, pp->at.label, *v->part_type ? v->part_type : "(none)", t->disk.path);
		return false;
	}
	if (part == PART_ESP && strcmp(digits, "2") != 0 && strcmp(digits, "3") != 0) {
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: /dev/%s (%s) is neither partition 2 nor 3 of %s, so GRUB would not find it; install anew (mode=\"fresh\"), which erases the disk"),
			   v->node, pp->at.label, t->disk.path);
		return false;
	}
	if (v->bytes < minimum_mib[part] * MIB) {
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: /dev/%s (%s) has %s, this version needs %s; save what you need, then install anew (mode=\"fresh\"), which erases the disk"),
			   v->node, pp->at.label, text_size(v->bytes, s, sizeof(s)), text_size(minimum_mib[part] * MIB, needed, sizeof(needed)));
		return false;
	}
	pp->at.start = v->start / t->disk.sector;
	pp->at.sectors = v->bytes / t->disk.sector;
	pp->number = (unsigned)strtoul(digits, NULL, 10);
	text_copy(pp->guid, sizeof(pp->guid), v->part_guid);
	snprintf(pp->node, sizeof(pp->node), "/dev/%s", v->node);
	return true;
}

/* A disk that was copied sector by sector has the same GUIDs: nobody could tell the two apart at boot. */
static void check_copies(const struct plan_target *t, const struct machine *m, unsigned disk, const struct answer_disk *at,
			 struct diags *ds)
{
	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];

		if (v->disk != disk && !strcmp(v->part_guid, t->part[PART_STATE].guid))
			diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: %s and %s have the same partition GUIDs, one is a copy of the other; detach one of them"),
				   t->disk.path, m->disk[v->disk].path);
	}
}

/* An installation that stopped in the middle may have left none. */
static void check_state(const struct volume *v, const struct answer_disk *at, struct diags *ds)
{
	if (strcmp(v->type, "ext4") != 0 && strcmp(v->type, "linux_raid_member") != 0)
		diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: /dev/%s holds no configuration that could be kept (%s); reinstall instead (mode=\"reinstall\"), which keeps the guests' storage"),
			   v->node, *v->type ? v->type : "nothing known");
}

static void keep_target(struct plan *p, struct plan_target *t, const struct answer_disk *at, const struct machine *m, struct diags *ds)
{
	unsigned disk = disk_index(m, &t->disk), n;
	bool upgrade = p->mode == MODE_UPGRADE && !p->repair;

	if (!is_host(t, m, disk, at, ds))
		return;
	for (unsigned i = 1; i <= PART_MAX; i++) {
		const struct volume *v = find_part(m, disk, (enum layout_part)i, &n);

		if (n > 1)
			diag_error(ds, at->at.line, at->at.col, N_("<primary-disk>: %s has two partitions named %s; install anew (mode=\"fresh\"), which erases the disk"), t->disk.path,
				   layout_kind((enum layout_part)i).label);
		else if (v)
			take_part(t, v, (enum layout_part)i, at, ds);
		if (v && upgrade && i == PART_STATE)
			check_state(v, at, ds);
	}
	check_copies(t, m, disk, at, ds);
	t->lost = (struct phrase){ 0 };
	if (p->repair) {
		phrase_add(&t->lost, N_("what boots the host, on %s and %s"), t->part[PART_BIOS].node, t->part[PART_ESP].node);
		return;
	}
	phrase_add(&t->lost, N_("the system on %s to %s"), t->part[PART_BIOS].node, t->part[PART_ROOT_B].node);
	if (t->part[PART_STORAGE].at.sectors)
		phrase_add(&t->kept, N_("%s (guests' storage)"), t->part[PART_STORAGE].node);
	if (upgrade && *t->kept.text)
		phrase_add(&t->kept, ", ");
	else if (!upgrade)
		phrase_add(&t->lost, ", ");
	phrase_add(upgrade ? &t->kept : &t->lost, N_("%s (configuration, logs)"), t->part[PART_STATE].node);
}

/* The storage partition's own group, or, on guest disks alone, the one named after the state partition. */
static const struct volume *find_storage(const struct plan *p, const struct machine *m)
{
	const struct plan_target *t = &p->target[0];
	char vg[64];
	unsigned n;

	if (t->part[PART_STORAGE].at.sectors)
		return find_part(m, disk_index(m, &t->disk), PART_STORAGE, &n);
	snprintf(vg, sizeof(vg), "dolmen-%.8s", t->part[PART_STATE].guid);
	for (unsigned i = 0; i < m->volumes; i++)
		if (!strcmp(m->volume[i].vg, vg))
			return &m->volume[i];
	return NULL;
}

static void list_elsewhere(struct plan *p, const struct machine *m)
{
	struct phrase *kept = &p->kept_elsewhere;

	for (unsigned i = 0; *p->vg && i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];
		bool target = false;

		for (unsigned k = 0; k < p->targets; k++)
			target = target || !strcmp(m->disk[v->disk].name, p->target[k].disk.name);
		if (!target && !strcmp(v->vg, p->vg))
			phrase_add(kept, "%s/dev/%s (%s)", *kept->text ? ", " : "", v->node, p->vg);
	}
}

/* A guest disk of the answers must be one that is kept anyway: nothing is added to the storage here. */
static void check_guest_disk(struct plan *p, const struct answer_disk *g, const struct machine *m, struct diags *ds)
{
	unsigned idx;

	if (!plan_disk_find(g, "guest-disk", m, &idx, ds))
		return;
	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];

		if (v->disk != idx)
			continue;
		if (*p->vg && !strcmp(v->vg, p->vg))
			return;
		if (!strcmp(p->storage, "none") && !strcmp(v->type, "ext4") && !strcmp(v->label, "dolmen-storage")) {
			snprintf(p->storage, sizeof(p->storage), "ext %s", v->uuid);
			phrase_add(&p->kept_elsewhere, N_("%s (guests' storage)"), m->disk[idx].path);
			return;
		}
	}
	diag_error(ds, g->at.line, g->at.col, N_("<guest-disk>: %s holds nothing of this host's storage (%s); mode=\"%s\" keeps the storage as it is: leave the disk out and add it to the storage on the host"),
		   m->disk[idx].path, p->storage, install_mode_text[p->mode]);
}

static void keep_storage(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	const struct volume *v = find_storage(p, m);

	text_copy(p->storage, sizeof(p->storage), "none");
	if (v && *v->vg) {
		text_copy(p->vg, sizeof(p->vg), v->vg);
		if (*v->pool)
			snprintf(p->storage, sizeof(p->storage), "thin %s %s", v->vg, v->pool);
		else
			snprintf(p->storage, sizeof(p->storage), "lvm %s", v->vg);
	} else if (v && !strcmp(v->type, "ext4")) {
		snprintf(p->storage, sizeof(p->storage), "ext %s", v->uuid);
	} else if (v) {
		diag_error(ds, a->primary.at.line, a->primary.at.col, N_("<primary-disk>: /dev/%s, the guests' storage, holds neither a volume group nor ext4 (%s); repair it, or install anew (mode=\"fresh\"), which erases the disk"),
			   v->node, *v->type ? v->type : "nothing known");
		return;
	}
	list_elsewhere(p, m);
	for (unsigned i = 0; i < a->guest_disks; i++)
		check_guest_disk(p, &a->guest_disk[i], m, ds);
}

/* The array that the targets' partitions are of: ret is its UUID, empty when they are of none; false: they disagree. */
static bool find_array(const struct plan *p, const struct machine *m, enum layout_part part, char ret[37])
{
	ret[0] = 0;
	for (unsigned i = 0; i < p->targets; i++) {
		unsigned n;
		const struct volume *v = find_part(m, disk_index(m, &p->target[i].disk), part, &n);
		const char *uuid = v && !strcmp(v->type, "linux_raid_member") ? v->uuid : "";

		if (i && strcmp(uuid, ret) != 0)
			return false;
		text_copy(ret, 37, uuid);
	}
	return true;
}

/* What was a mirror stays one, of the same two disks; what was none does not become one without being erased. */
static void keep_arrays(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	const struct answer_place *at = p->targets > 1 ? &a->mirror.at : &a->primary.at;
	const char *first = p->target[0].disk.path;

	if (!find_array(p, m, PART_STATE, p->state_array) || !find_array(p, m, PART_STORAGE, p->storage_array))
		diag_error(ds, at->line, at->col, N_("<primary-disk>: %s and %s are not the two halves of one mirror; name both halves, or install anew (mode=\"fresh\"), which erases the disk"),
			   first, p->target[1].disk.path);
	else if (p->targets > 1 && !*p->state_array)
		diag_error(ds, at->line, at->col, N_("<primary-disk>: the host on %s is no mirror and cannot become one while its storage is kept; name one disk, or install anew (mode=\"fresh\"), which erases the disk"),
			   first);
	else if (p->targets == 1 && *p->state_array && !p->repair)
		diag_error(ds, at->line, at->col, N_("<primary-disk>: %s is one half of a mirror; name both disks, or install anew (mode=\"fresh\"), which erases the disk"), first);
}

void plan_keep(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	for (unsigned i = 0; i < p->targets; i++)
		keep_target(p, &p->target[i], i ? &a->mirror : &a->primary, m, ds);
	if (!ds->errors)
		keep_arrays(p, a, m, ds);
	if (!ds->errors && !p->repair)
		keep_storage(p, a, m, ds);
}
