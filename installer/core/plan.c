/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gpt.h"
#include "text.h"

/* 1 GiB as the kernel counts it: firmware and the kernel itself keep a part */
#define MIN_MEMORY ((1024 - 128) * MIB)

const char *const plan_step_text[STEP_MAX] = {
	[STEP_CHECK] = "check", [STEP_WIPE] = "wipe", [STEP_PARTITION] = "partition", [STEP_ROOT_A] = "root-a",
	[STEP_BOOT_A] = "boot-a", [STEP_STATE] = "state", [STEP_STORAGE] = "storage", [STEP_BOOT] = "boot",
	[STEP_FINISH] = "finish",
};

void plan_check_machine(const struct machine *m, struct diags *ds)
{
	char s[32], target[400];

	if (!m->long_mode)
		diag_error(ds, 0, 0, N_("CPU: no 64-bit long mode (flag lm); Xen needs a 64-bit CPU: use another machine, or in a virtual machine give it a 64-bit CPU"));
	if (m->memory < MIN_MEMORY)
		diag_error(ds, 0, 0, N_("memory: the machine has %s usable; at least 1 GiB of RAM is needed: add memory"),
			   text_size(m->memory, s, sizeof(s)));
	/* What is not known of the rest may be that the installer runs from it. */
	if (m->more_disks)
		diag_error(ds, 0, 0, N_("disks: the machine has more than %d; detach some for the time of the installation"), MACHINE_DISKS);
	if (m->more_volumes)
		diag_error(ds, 0, 0, N_("disks: they have more than %d partitions together; detach some for the time of the installation"),
			   MACHINE_VOLUMES);
	for (unsigned i = 0; i < m->boot_targets; i++) {
		machine_describe_target(m, &m->boot_target[i], target, sizeof(target));
		diag_warning(ds, 0, 0, N_("firmware: it is set to start from iSCSI (%s); Dolmen is neither installed onto iSCSI nor started from it: after the installation let the firmware start from the chosen disk"),
			     target);
	}
	if (!plan_has_target(m))
		diag_error(ds, 0, 0, N_("disks: no disk to install on was found; attach one, or look whether its controller is supported and switched on in the firmware's setup"));
}

static void check_dom0(const struct answers *a, const struct machine *m, struct diags *ds)
{
	char s[32];

	if (a->dom0_memory_mib > m->memory / 2 >> 20)
		diag_error(ds, a->dom0_at.line, a->dom0_at.col,
			   N_("<dom0 memory=\"...\">: %u MiB are more than half of the machine's memory (%s); guests need the rest"),
			   a->dom0_memory_mib, text_size(m->memory, s, sizeof(s)));
	if (a->dom0_vcpus > m->cpus)
		diag_error(ds, a->dom0_at.line, a->dom0_at.col, N_("<dom0 vcpus=\"...\">: %u are more than the machine's processors (%u)"),
			   a->dom0_vcpus, m->cpus);
}

bool plan_has_step(const struct plan *p, enum plan_step step)
{
	return !p->repair || step == STEP_CHECK || step == STEP_BOOT;
}

/* What is on the medium must fit the partitions: a layout of before may have smaller ones. */
static void check_bundle(const struct plan *p, const struct plan_target *t, struct diags *ds)
{
	static const char *const need[] = { "boot/vmlinuz", "boot/initramfs", "boot/xen.gz", "boot/xen.efi",
					    "dolmen/host.squashfs", "boot/xen-unified.efi" };
	uint64_t boot = 0, limit = t->part[PART_BOOT_A].at.sectors * t->disk.sector;
	uint64_t root = t->part[PART_ROOT_A].at.sectors * t->disk.sector;
	const struct manifest_file *f;

	for (unsigned i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
		f = manifest_find(&p->manifest, need[i]);
		if (!f)
			diag_error(ds, 0, 0, N_("medium: its manifest has no record of %s; write the medium again"), need[i]);
		else if (i != 3 && i != 4)
			boot += f->bytes;
	}
	f = manifest_find(&p->manifest, "dolmen/host.squashfs");
	if (f && f->bytes > root)
		diag_error(ds, 0, 0, N_("medium: the host image has %" PRIu64 " bytes, its partition on %s %" PRIu64), f->bytes, t->disk.path, root);
	if (boot > limit - limit / 16)
		diag_error(ds, 0, 0, N_("medium: the boot files have %" PRIu64 " bytes, their partition on %s %" PRIu64), boot, t->disk.path, limit);
}

static void fat_id(struct random *r, char ret_id[9])
{
	uint8_t b[4];

	random_take(r, b, 4);
	snprintf(ret_id, 9, "%02x%02x%02x%02x", b[0], b[1], b[2], b[3]);
}

static void draw_table(struct plan_target *t, struct random *r)
{
	random_guid(r, t->disk_guid);
	for (unsigned i = 1; i <= PART_MAX; i++)
		random_guid(r, t->part[i].guid);
}

/* Always the same draws in the same order, whatever the answers: a plan can be made again from its seed. */
static void plan_draw(struct plan *p, struct random *r)
{
	draw_table(&p->target[0], r);
	random_guid(r, p->state_uuid);
	random_guid(r, p->storage_uuid);
	fat_id(r, p->target[0].esp_id);
	fat_id(r, p->target[0].boot_id);
	random_take(r, p->salt, sizeof(p->salt));
	draw_table(&p->target[1], r);
	fat_id(r, p->target[1].esp_id);
	fat_id(r, p->target[1].boot_id);
	random_guid(r, p->state_array);
	random_guid(r, p->storage_array);
}

static void plan_settings(struct plan *p, const struct answers *a)
{
	text_copy(p->hostname, sizeof(p->hostname), a->hostname);
	text_copy(p->timezone, sizeof(p->timezone), a->timezone);
	text_copy(p->keymap, sizeof(p->keymap), a->keymap);
	text_copy(p->language, sizeof(p->language), a->language);
	p->password_type = a->password_type;
	p->password = a->password;
	p->dom0_memory_mib = a->dom0_memory_mib;
	p->dom0_vcpus = a->dom0_vcpus;
	p->ssh = a->ssh;
	p->ssh_keys = a->ssh_keys;
	memcpy(p->ssh_key, a->ssh_key, sizeof(p->ssh_key));
	p->scripts = a->scripts;
	memcpy(p->script, a->script, sizeof(p->script));
}

/* Members of an array say so. */
static void make_member(struct plan_partition *pp)
{
	pp->at.type_guid = GPT_LINUX_RAID;
	pp->at.type_name = "Linux RAID";
}

static void lay_out(const struct plan *p, struct plan_target *t, const struct answers *a, struct diags *ds)
{
	uint64_t bytes = t->disk.bytes;
	struct layout l;
	struct err e;

	for (unsigned i = 0; i < p->targets; i++)	/* the smaller one decides */
		bytes = p->target[i].disk.bytes < bytes ? p->target[i].disk.bytes : bytes;
	if (layout_make(&l, bytes, (t->part[0].at.start + t->part[0].at.sectors) * t->disk.sector, t->disk.sector, a->guest_storage, a->storage != STORAGE_EXT, &e)) {
		diag_error(ds, a->primary.at.line, a->primary.at.col, N_("<primary-disk>: %s: %s"), t->disk.path, e.msg);
		return;
	}
	for (unsigned i = 1; i <= PART_MAX; i++) {
		t->part[i].at = l.part[i];
		t->part[i].number = i + t->part[0].number;
		machine_part_name(t->disk.path, t->part[i].number, t->part[i].node, sizeof(t->part[i].node));
	}
	if (p->targets > 1) {
		make_member(&t->part[PART_STATE]);
		make_member(&t->part[PART_STORAGE]);
	}
}

static void check_sectors(struct plan *p, const struct answers *a, struct diags *ds)
{
	p->bios = p->target[0].disk.sector == 512;
	if (!p->bios && !ds->errors)
		diag_warning(ds, a->primary.at.line, a->primary.at.col,
			     N_("<primary-disk>: %s has sectors of 4096 bytes: it will boot from UEFI firmware only"), p->target[0].disk.path);
}

/* Where file systems and physical volumes stand: on the one disk, or on the arrays over both. */
static void plan_nodes(struct plan *p)
{
	const struct plan_target *t = &p->target[0];
	bool mirror = p->targets > 1 || (p->repair && *p->state_array), storage = t->part[PART_STORAGE].at.sectors != 0;

	text_copy(p->state_node, sizeof(p->state_node), mirror ? PLAN_STATE_ARRAY : t->part[PART_STATE].node);
	if (storage)
		text_copy(p->storage_node, sizeof(p->storage_node), mirror ? PLAN_STORAGE_ARRAY : t->part[PART_STORAGE].node);
	if (!mirror)
		p->state_array[0] = 0;
	if (!mirror || !storage)
		p->storage_array[0] = 0;
}

static int plan_fill(struct plan *p, const struct answers *a, const struct machine *m, struct random *r, struct diags *ds)
{
	plan_check_machine(m, ds);
	check_dom0(a, m, ds);
	plan_disks(p, a, m, ds);
	if (a->mode != MODE_UPGRADE)	/* which keeps host.conf */
		plan_network(p, a, m, ds);
	plan_settings(p, a);
	plan_draw(p, r);
	if (!ds->errors && a->mode != MODE_FRESH)
		plan_keep(p, a, m, ds);
	if (!ds->errors && a->mode == MODE_FRESH)
		plan_first(p, a, m, ds);
	for (unsigned i = 0; !ds->errors && a->mode == MODE_FRESH && i < p->targets; i++)
		lay_out(p, &p->target[i], a, ds);
	check_sectors(p, a, ds);
	if (ds->errors)
		return -EINVAL;
	plan_nodes(p);
	if (!p->repair)
		plan_wipes(p, m);
	if (!plan_commands(p, a, m))
		diag_error(ds, 0, 0, N_("out of memory, or too many disks"));
	for (unsigned i = 0; !p->repair && i < p->targets; i++)
		check_bundle(p, &p->target[i], ds);
	return ds->errors ? -EINVAL : 0;
}

int plan_make(struct plan **ret_plan, const struct answers *a, const struct machine *m, const struct manifest *mf,
	      const struct xencfg *x, struct random *r, struct diags *ds)
{
	struct plan *p = calloc(1, sizeof(*p));

	if (!p) {
		diag_error(ds, 0, 0, N_("out of memory"));
		return -ENOMEM;
	}
	p->mode = a->mode;
	p->repair = a->repair;
	p->manifest = *mf;
	p->xencfg = *x;
	if (plan_fill(p, a, m, r, ds)) {
		plan_free(p);
		return -EINVAL;
	}
	*ret_plan = p;
	return 0;
}

/* A host is repaired as it would be upgraded, without all the rest. */
int plan_repair(struct plan **ret_plan, const char *disk, const struct machine *m, const struct manifest *mf,
		const struct xencfg *x, struct random *r, struct diags *ds)
{
	struct answers a = { .mode = MODE_UPGRADE, .repair = true };

	text_copy(a.primary.name, sizeof(a.primary.name), disk);
	return plan_make(ret_plan, &a, m, mf, x, r, ds);
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->commands; i++)
		for (unsigned k = 0; p->command[i].argv[k]; k++)
			free(p->command[i].argv[k]);
	explicit_bzero(&p->password, sizeof(p->password));
	free(p);
}
