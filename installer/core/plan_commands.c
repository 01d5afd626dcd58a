/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is zeroed, and the programs that make file systems and volume groups. */
#include "plan_parts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* There is no udev here: neither its database nor its cookies may be waited for. */
#define LVM_CONFIG "devices { use_devicesfile=0 obtain_device_list_from_udev=0 } activation { udev_sync=0 udev_rules=0 }"
/* The rest of the group is there for the pool's metadata to grow; LVM itself keeps a spare of them for repairs. */
#define POOL_SIZE "98%FREE"
#define ENTRY_LABEL "Dolmen"
#define FAT_BLOCK 4096	/* bytes */

static bool command_add(struct plan *p, enum plan_step step, const char *arg, ...) __attribute__((sentinel));
static bool command_add(struct plan *p, enum plan_step step, const char *arg, ...)
{
	struct plan_command *c;
	unsigned n = 0;
	va_list ap;

	if (p->commands == PLAN_COMMANDS)
		return false;
	c = &p->command[p->commands++];
	c->step = step;
	va_start(ap, arg);
	for (; arg; arg = va_arg(ap, const char *)) {
		if (n == PLAN_ARGS || !(c->argv[n++] = strdup(arg))) {
			va_end(ap);
			return false;
		}
	}
	va_end(ap);
	return true;
}

static bool command_args(struct plan *p, const char *const *arg, unsigned count)
{
	struct plan_command *c = &p->command[p->commands - 1];
	unsigned n = 0;

	while (c->argv[n])
		n++;
	for (unsigned i = 0; i < count; i++)
		if (n == PLAN_ARGS || !(c->argv[n++] = strdup(arg[i])))
			return false;
	return true;
}

static struct plan_wipe *wipe_add(struct plan *p, const char *disk, uint64_t start, uint64_t bytes)
{
	struct plan_wipe *w = &p->wipe[p->wipes];

	if (p->wipes == PLAN_WIPES || !bytes)
		return NULL;
	p->wipes++;
	text_copy(w->disk, sizeof(w->disk), disk);
	w->start = start;
	w->bytes = bytes;
	return w;
}

/* Both ends: file systems and LVM begin at the front, some RAID formats and the backup GPT sit at the back. */
static void wipe_ends(struct plan *p, const struct disk *d, uint64_t start, uint64_t bytes)
{
	if (bytes <= 2 * MIB) {
		wipe_add(p, d->path, start, bytes);
		return;
	}
	wipe_add(p, d->path, start, MIB);
	wipe_add(p, d->path, start + bytes - MIB, MIB);
}

/* The table first: from then on no firmware finds anything of what was there. */
static void wipe_whole(struct plan *p, const struct machine *m, const struct disk *d, bool target)
{
	const struct plan_partition *kept = target ? &p->target[0].part[0] : NULL;
	uint64_t first = kept && kept->at.sectors && kept->at.start * d->sector < MIB ? kept->at.start * d->sector : MIB;
	struct plan_wipe *w = wipe_add(p, d->path, 0, first);

	if (w)
		w->stub = target;
	wipe_add(p, d->path, d->bytes - MIB, MIB);
	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];

		if (v->whole || strcmp(m->disk[v->disk].name, d->name) != 0 || v->start >= d->bytes || v->bytes > d->bytes - v->start)
			continue;
		if (kept && kept->at.sectors && !strcmp(kept->node + 5, v->node))
			continue;
		wipe_ends(p, d, v->start, v->bytes);
	}
}

/* Nothing of the table, the storage, arrays and a kept state is touched: only the ends of what is made anew. */
static void wipe_system(struct plan *p, const struct plan_target *t)
{
	struct plan_wipe *w = &p->wipe[p->wipes++];

	text_copy(w->disk, sizeof(w->disk), t->disk.path);
	w->stub = true;
	for (unsigned i = 1; i < (p->mode == MODE_UPGRADE || *p->state_array ? PART_STATE : PART_STORAGE); i++)
		wipe_ends(p, &t->disk, t->part[i].at.start * t->disk.sector, t->part[i].at.sectors * t->disk.sector);
}

void plan_wipes(struct plan *p, const struct machine *m)
{
	for (unsigned k = 0; p->mode != MODE_FRESH && k < p->targets; k++)
		wipe_system(p, &p->target[k]);
	if (p->mode != MODE_FRESH)
		return;
	for (unsigned k = 0; k < p->targets; k++) {
		const struct plan_target *t = &p->target[k];

		wipe_whole(p, m, &t->disk, true);
		for (unsigned i = 1; i <= PART_MAX; i++)
			if (t->part[i].at.sectors)
				wipe_ends(p, &t->disk, t->part[i].at.start * t->disk.sector, t->part[i].at.sectors * t->disk.sector);
	}
	for (unsigned k = 0; k < p->extra_n; k++)
		wipe_whole(p, m, &p->extra[k], false);
}

/* Firmware reads it: FAT32, as the UEFI specification has it, in sectors of the disk. */
static bool fat_esp(struct plan *p, const struct plan_target *t)
{
	return command_add(p, STEP_BOOT, "mkfs.vfat", "-F", "32", "-s", t->disk.sector == 512 ? "4" : "1", "-n", "DOLMEN-ESP", "-i",
			   t->esp_id, t->part[PART_ESP].node, NULL);
}

/*
 * Only GRUB reads it: in blocks of a page, which cost Linux less than those of a sector. FAT16 has clusters of any number of them,
 * but no more than 65524.
 */
static bool fat_boot(struct plan *p, const struct plan_target *t)
{
	const struct plan_partition *part = &t->part[PART_BOOT_A];
	unsigned blocks = 1;
	char cluster[12];

	while (part->at.sectors * t->disk.sector / FAT_BLOCK / blocks > 65000)
		blocks *= 2;
	snprintf(cluster, sizeof(cluster), "%u", blocks);
	return command_add(p, STEP_BOOT_A, "mkfs.vfat", "-F", "16", "-S", "4096", "-s", cluster, "-n", "DOLMENBOOTA", "-i", t->boot_id,
			   part->node, NULL);
}

static bool storage_group(struct plan *p, bool thin, const char *const *place, unsigned n)
{
	snprintf(p->vg, sizeof(p->vg), "dolmen-%.8s", p->target[0].part[PART_STATE].guid);
	snprintf(p->storage, sizeof(p->storage), thin ? "thin %s pool" : "lvm %s", p->vg);
	/* Makes the physical volumes, too. */
	if (!command_add(p, STEP_STORAGE, "lvm", "vgcreate", "--config", LVM_CONFIG, "-q", "-f", "-y", p->vg, NULL) ||
	    !command_args(p, place, n))
		return false;
	if (!thin)
		return true;
	/* The pool must be switched on to be made, and off again to leave the disk in peace. */
	return command_add(p, STEP_STORAGE, "modprobe", "-a", "dm_mod", "dm_thin_pool", NULL) &&
	       command_add(p, STEP_STORAGE, "lvm", "lvcreate", "--config", LVM_CONFIG, "-q", "-y", "--type", "thin-pool", "-l", POOL_SIZE,
			   "-n", "pool", p->vg, NULL) &&
	       command_add(p, STEP_STORAGE, "lvm", "vgchange", "--config", LVM_CONFIG, "-q", "-an", p->vg, NULL);
}

/*
 * Both halves start with different bytes, so they are brought in line in the background, here and on the host; the
 * bitmap remembers what is left.
 */
static bool array_create(struct plan *p, enum plan_step step, enum layout_part part, const char *node, const char *uuid)
{
	const struct plan_partition *x = &p->target[0].part[part], *y = &p->target[1].part[part];
	char option[48];

	snprintf(option, sizeof(option), "--uuid=%s", uuid);
	return command_add(p, step, "mdadm", "--create", node, "--run", "--quiet", "--level=1", "--raid-devices=2", "--metadata=1.2",
			   "--bitmap=internal", "--homehost=dolmen", "--name", x->at.label, option, x->node, y->node, NULL);
}

static bool array_assemble(struct plan *p, enum plan_step step, enum layout_part part, const char *node, const char *uuid)
{
	char option[48];

	snprintf(option, sizeof(option), "--uuid=%s", uuid);
	return command_add(p, step, "mdadm", "--assemble", node, "--run", "--quiet", option, p->target[0].part[part].node,
			   p->target[1].part[part].node, NULL);
}

static bool state_commands(struct plan *p)
{
	if (*p->state_array) {
		/* Bringing the halves in line can wait for the host: here it would only slow the writing down. */
		if (!command_add(p, STEP_STATE, "modprobe", "-a", "md_mod", "raid1", NULL) ||
		    !command_add(p, STEP_STATE, "sysctl", "-w", "dev.raid.speed_limit_max=1000", NULL))
			return false;
		if (!(p->mode == MODE_FRESH ? array_create : array_assemble)(p, STEP_STATE, PART_STATE, p->state_node, p->state_array))
			return false;
	}
	/* A few small files: the usual journal of 64 MiB would be zeroes written for nothing. */
	return p->mode == MODE_UPGRADE || command_add(p, STEP_STATE, "mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=16", "-L",
						      "dolmen-state", "-U", p->state_uuid, p->state_node, NULL);
}

/* Arrays are let go of in the end: their superblocks say then that all is well. */
static bool finish_commands(struct plan *p)
{
	if (!*p->state_array)
		return true;
	return command_add(p, STEP_FINISH, "mdadm", "--stop", p->state_node, NULL) &&
	       (!*p->storage_array || p->mode != MODE_FRESH || command_add(p, STEP_FINISH, "mdadm", "--stop", p->storage_node, NULL));
}

static bool storage_commands(struct plan *p, const struct answers *a)
{
	const char *place[ANSWERS_GUEST_DISKS + 1];
	unsigned n = 0;

	if (*p->storage_array && !array_create(p, STEP_STORAGE, PART_STORAGE, p->storage_node, p->storage_array))
		return false;
	if (*p->storage_node)
		place[n++] = p->storage_node;
	for (unsigned i = 0; i < p->extra_n; i++)
		place[n++] = p->extra[i].path;
	if (!n) {
		text_copy(p->storage, sizeof(p->storage), "none");
		return true;
	}
	if (a->storage != STORAGE_EXT)
		return storage_group(p, a->storage == STORAGE_THIN, place, n);
	snprintf(p->storage, sizeof(p->storage), "ext %s", p->storage_uuid);
	return command_add(p, STEP_STORAGE, "mke2fs", "-q", "-F", "-t", "ext4", "-L", "dolmen-storage", "-U", p->storage_uuid,
			   "-m", "0", place[0], NULL);
}

/* Ours, and of a partition that one of the disks has now. */
static bool entry_is_old(const struct plan *p, const struct machine *m, const struct boot_entry *b)
{
	for (unsigned i = 0; !strncmp(b->label, ENTRY_LABEL, strlen(ENTRY_LABEL)) && i < m->volumes; i++)
		for (unsigned k = 0; k < p->targets; k++)
			if (!strcmp(m->volume[i].part_guid, b->part_guid) &&
			    !strcmp(m->disk[m->volume[i].disk].name, p->target[k].disk.name))
				return true;
	return false;
}

/*
 * The firmware's own list of what to boot. Entries of before for these disks go, or each installation would add one; the
 * first disk's is made last, which puts it in front. Firmware whose list is full, locked or broken starts the disk all the
 * same: the loader has the name that is tried without an entry.
 */
static bool entry_commands(struct plan *p, const struct machine *m)
{
	static const char *const label[PLAN_TARGETS] = { ENTRY_LABEL, ENTRY_LABEL " (second disk)" };
	unsigned from = p->commands;
	char number[12];
	bool ok = true;

	for (unsigned i = 0; i < m->boot_entries; i++) {
		snprintf(number, sizeof(number), "%04X", m->boot_entry[i].number);
		if (entry_is_old(p, m, &m->boot_entry[i]))
			ok = ok && command_add(p, STEP_BOOT, "efibootmgr", "--quiet", "--bootnum", number, "--delete-bootnum", NULL);
	}
	for (unsigned i = p->targets; m->efi && i-- > 0;) {
		const struct plan_target *t = &p->target[i];

		snprintf(number, sizeof(number), "%u", t->part[PART_ESP].number);
		ok = ok && command_add(p, STEP_BOOT, "efibootmgr", "--quiet", "--create", "--disk", t->disk.path, "--part", number,
				       "--label", label[i], "--loader", "\\EFI\\BOOT\\BOOTX64.EFI", NULL);
	}
	for (unsigned i = from; i < p->commands; i++)
		p->command[i].may_fail = true;
	return ok;
}

bool plan_commands(struct plan *p, const struct answers *a, const struct machine *m)
{
	bool ok = true;

	for (unsigned i = 0; i < p->targets; i++)
		ok = ok && (p->repair || fat_boot(p, &p->target[i])) && fat_esp(p, &p->target[i]);
	if (p->repair)
		return ok && entry_commands(p, m);
	return ok && state_commands(p) && (p->mode != MODE_FRESH || storage_commands(p, a)) && entry_commands(p, m) &&
	       finish_commands(p);
}
