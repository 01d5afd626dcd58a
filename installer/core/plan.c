/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define MIB (UINT64_C(1) << 20)
/* 1 GiB as the kernel counts it: firmware and the kernel itself keep a part */
#define MIN_MEMORY ((1024 - 128) * MIB)

const char *const plan_step_text[STEP_MAX] = {
	[STEP_CHECK] = "check", [STEP_WIPE] = "wipe", [STEP_PARTITION] = "partition", [STEP_ROOT_A] = "root-a",
	[STEP_BOOT_A] = "boot-a", [STEP_STATE] = "state", [STEP_STORAGE] = "storage", [STEP_BOOT] = "boot",
	[STEP_FINISH] = "finish",
};

/* There is no udev here: neither its database nor its cookies may be waited for. */
#define LVM_CONFIG "devices { use_devicesfile=0 obtain_device_list_from_udev=0 } activation { udev_sync=0 udev_rules=0 }"

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

static bool command_arg(struct plan *p, const char *arg)
{
	struct plan_command *c = &p->command[p->commands - 1];
	unsigned n = 0;

	while (c->argv[n])
		n++;
	return n < PLAN_ARGS && (c->argv[n] = strdup(arg));
}

static void wipe_add(struct plan *p, const char *disk, uint64_t start, uint64_t bytes)
{
	struct plan_wipe *w;

	if (p->wipes == PLAN_WIPES || !bytes)
		return;
	w = &p->wipe[p->wipes++];
	text_copy(w->disk, sizeof(w->disk), disk);
	w->start = start;
	w->bytes = bytes;
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

static bool has_target(const struct machine *m)
{
	for (unsigned i = 0; i < m->disks; i++)
		if (machine_disk_writable(m, i))
			return true;
	return false;
}

static void check_machine(const struct machine *m, struct diags *ds)
{
	char s[32];

	if (!m->long_mode)
		diag_error(ds, 0, 0, "CPU: no 64-bit long mode (flag lm); Xen needs a 64-bit CPU: use another machine, or in a virtual machine give it a 64-bit CPU");
	if (m->memory < MIN_MEMORY)
		diag_error(ds, 0, 0, "memory: the machine has %s usable; at least 1 GiB of RAM is needed: add memory",
			   text_size(m->memory, s, sizeof(s)));
	if (!has_target(m))
		diag_error(ds, 0, 0, "disks: no disk to install on was found; attach one, or look whether its controller is supported and switched on in the firmware's setup");
}

static bool disk_choose(const struct answer_disk *want, const char *element, const struct machine *m, unsigned *ret,
			struct diags *ds)
{
	unsigned idx[MACHINE_DISKS], n = machine_find_disk(m, want->name, idx);
	unsigned long line = want->at.line, col = want->at.col;
	const struct disk *d;
	char list[700];

	if (n > 1)
		machine_list_some(m, idx, n, list, sizeof(list));
	else
		machine_list_disks(m, list, sizeof(list));
	if (n == 0 && !has_target(m))
		return false;	/* told already */
	if (n == 0) {
		diag_error(ds, line, col, "<%s>: there is no disk `%s`; disks of this machine: %s", element, want->name, list);
		return false;
	}
	if (n > 1) {
		diag_error(ds, line, col, "<%s>: `%s` fits %u disks; name one of them by its path, serial number or WWN: %s",
			   element, want->name, n, list);
		return false;
	}
	d = &m->disk[idx[0]];
	*ret = idx[0];
	if (d->boot_medium)
		diag_error(ds, line, col, "<%s>: %s is the medium the installer runs from; name another disk: %s", element,
			   d->path, list);
	else if (d->read_only)
		diag_error(ds, line, col, "<%s>: %s is read-only; switch its write protection off or name another disk: %s", element,
			   d->path, list);
	else if (!machine_disk_writable(m, idx[0]))
		diag_error(ds, line, col, "<%s>: %s holds the answer file (volume " ANSWERS_LABEL "); name another disk: %s", element,
			   d->path, list);
	else if (*d->mounted)
		diag_error(ds, line, col, "<%s>: %s is in use (%s); unmount it or name another disk: %s", element, d->path,
			   d->mounted, list);
	else if (*d->used_by)
		diag_error(ds, line, col, "<%s>: %s is %s; such storage is not supported as a disk of its own: leave one path connected and start the installer again, or name another disk: %s",
			   element, d->path, d->used_by, list);
	else if (d->sector != 512 && d->sector != 4096)
		diag_error(ds, line, col, "<%s>: %s has sectors of %" PRIu32 " bytes; only 512 and 4096 are supported: name another disk",
			   element, d->path, d->sector);
	else
		return true;
	return false;
}

static void nic_choose(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	unsigned long line = a->nic[0].at.line, col = a->nic[0].at.col;
	unsigned by_name = UINT32_MAX, by_mac = UINT32_MAX;
	char list[700];

	machine_list_nics(m, list, sizeof(list));
	if (*a->nic[0].name) {
		unsigned n = (unsigned)strtoul(a->nic[0].name + 3, NULL, 10);

		if (n < m->nics)
			by_name = n;
		else
			diag_error(ds, line, col, "<admin-interface>: there is no %s; network interfaces of this machine: %s",
				   a->nic[0].name, list);
	}
	if (*a->nic[0].mac) {
		for (unsigned i = 0; i < m->nics; i++)
			if (!strcmp(m->nic[i].mac, a->nic[0].mac))
				by_mac = i;
		if (by_mac == UINT32_MAX)
			diag_error(ds, line, col, "<admin-interface>: no interface has the address %s; network interfaces of this machine: %s",
				   a->nic[0].mac, list);
		else if (by_name != UINT32_MAX && by_name != by_mac)
			diag_error(ds, line, col, "<admin-interface>: %s is not eth%u; give the name or the address, not both",
				   a->nic[0].mac, by_name);
	}
	p->management = by_mac != UINT32_MAX ? by_mac : by_name != UINT32_MAX ? by_name : 0;
	p->nics = m->nics;
	memcpy(p->nic, m->nic, sizeof(p->nic));
}

static void disks_choose(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	unsigned used[ANSWERS_GUEST_DISKS + 1], n = 0, idx;
	char list[700], s[32];

	if (disk_choose(&a->primary, "primary-disk", m, &idx, ds)) {
		used[n++] = idx;
		p->disk = m->disk[idx];
		machine_describe_contents(m, idx, p->contents, sizeof(p->contents));
		if (*a->confirm_serial && strcmp(a->confirm_serial, p->disk.serial) != 0)
			diag_error(ds, a->primary.at.line, a->primary.at.col,
				   "<primary-disk>: %s has the serial number %s, not %s as the answers confirm; nothing is written to it",
				   p->disk.path, *p->disk.serial ? p->disk.serial : "(none)", a->confirm_serial);
		if (p->disk.bytes < LAYOUT_MIN_DISK) {
			machine_list_disks(m, list, sizeof(list));
			diag_error(ds, a->primary.at.line, a->primary.at.col,
				   "<primary-disk>: %s has %s; at least 8 GiB are needed: name a larger disk: %s",
				   p->disk.path, text_size(p->disk.bytes, s, sizeof(s)), list);
		}
	}
	for (unsigned i = 0; i < a->guest_disks; i++) {
		const struct answer_disk *g = &a->guest_disk[i];
		bool twice = false;

		/* XenServer files list the primary disk here too when it holds guests. */
		if (!disk_choose(g, "guest-disk", m, &idx, ds))
			continue;
		for (unsigned k = 0; k < n; k++)
			twice = twice || used[k] == idx;
		if (twice) {
			diag_error(ds, g->at.line, g->at.col, "<guest-disk>: %s is used already; use guest-storage=\"yes\" for the rest of the primary disk",
				   m->disk[idx].path);
			continue;
		}
		if (m->disk[idx].bytes < 64 * MIB) {
			diag_error(ds, g->at.line, g->at.col, "<guest-disk>: %s has less than 64 MiB", m->disk[idx].path);
			continue;
		}
		if (n && p->extra_n && p->extra[0].sector != m->disk[idx].sector)
			diag_warning(ds, g->at.line, g->at.col, "<guest-disk>: %s has sectors of another size than the others", m->disk[idx].path);
		used[n++] = idx;
		p->extra[p->extra_n++] = m->disk[idx];
	}
}

static void check_bundle(const struct plan *p, struct diags *ds)
{
	static const char *const need[] = { "boot/vmlinuz", "boot/initramfs", "boot/xen.gz", "boot/xen.efi",
					    "dolmen/host.squashfs", "boot/xen-unified.efi" };
	uint64_t boot = 0, limit = p->part[PART_BOOT_A].at.sectors * p->disk.sector;
	const struct manifest_file *f;

	for (unsigned i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
		f = manifest_find(&p->manifest, need[i]);
		if (!f)
			diag_error(ds, 0, 0, "medium: its manifest has no record of %s; write the medium again", need[i]);
		else if (i != 3 && i != 4)
			boot += f->bytes;
	}
	f = manifest_find(&p->manifest, "dolmen/host.squashfs");
	if (f && f->bytes > p->part[PART_ROOT_A].at.sectors * p->disk.sector)
		diag_error(ds, 0, 0, "medium: the host image has %" PRIu64 " bytes, more than its partition", f->bytes);
	if (boot > limit - limit / 16)
		diag_error(ds, 0, 0, "medium: the boot files have %" PRIu64 " bytes, more than their partition", boot);
}

static void plan_wipes(struct plan *p, const struct machine *m)
{
	for (unsigned k = 0; k <= p->extra_n; k++) {
		const struct disk *d = k ? &p->extra[k - 1] : &p->disk;

		/* The table first: from then on no firmware finds anything of what was there. */
		wipe_add(p, d->path, 0, MIB);
		wipe_add(p, d->path, d->bytes - MIB, MIB);
		for (unsigned i = 0; i < m->volumes; i++) {
			const struct volume *v = &m->volume[i];

			if (v->whole || strcmp(m->disk[v->disk].name, d->name) != 0 || v->start >= d->bytes ||
			    v->bytes > d->bytes - v->start)
				continue;
			wipe_ends(p, d, v->start, v->bytes);
		}
		for (unsigned i = 1; !k && i <= PART_MAX; i++)
			if (p->part[i].at.sectors)
				wipe_ends(p, d, p->part[i].at.start * d->sector, p->part[i].at.sectors * d->sector);
	}
}

static bool plan_fat(struct plan *p, enum plan_step step, enum layout_part part, const char *label, const char *cluster,
		     const char *id)
{
	return command_add(p, step, "mkfs.vfat", "-F", "32", "-s", cluster, "-n", label, "-i", id, p->part[part].node, NULL);
}

static bool plan_storage(struct plan *p, const struct answers *a)
{
	const char *place[ANSWERS_GUEST_DISKS + 1];
	unsigned n = 0;

	if (p->part[PART_STORAGE].at.sectors)
		place[n++] = p->part[PART_STORAGE].node;
	for (unsigned i = 0; i < p->extra_n; i++)
		place[n++] = p->extra[i].path;
	if (!n)
		return true;
	if (a->storage == STORAGE_EXT)
		return command_add(p, STEP_STORAGE, "mke2fs", "-q", "-F", "-t", "ext4", "-L", "dolmen-storage", "-U",
				   p->storage_uuid, "-m", "0", place[0], NULL);
	snprintf(p->vg, sizeof(p->vg), "dolmen-%.8s", p->part[PART_STATE].guid);
	if (!command_add(p, STEP_STORAGE, "lvm", "pvcreate", "--config", LVM_CONFIG, "-q", "-ff", "-y", NULL))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!command_arg(p, place[i]))
			return false;
	if (!command_add(p, STEP_STORAGE, "lvm", "vgcreate", "--config", LVM_CONFIG, "-q", p->vg, NULL))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!command_arg(p, place[i]))
			return false;
	return true;
}

static bool plan_commands(struct plan *p, const struct answers *a)
{
	bool small = p->disk.sector == 512;

	return plan_fat(p, STEP_BOOT_A, PART_BOOT_A, "DOLMENBOOTA", small ? "2" : "1", p->boot_id) &&
	       command_add(p, STEP_STATE, "mke2fs", "-q", "-F", "-t", "ext4", "-L", "dolmen-state", "-U", p->state_uuid,
			   p->part[PART_STATE].node, NULL) &&
	       plan_storage(p, a) && plan_fat(p, STEP_BOOT, PART_ESP, "DOLMEN-ESP", small ? "4" : "1", p->esp_id);
}

static void fat_id(struct random *r, char ret_id[9])
{
	uint8_t b[4];

	random_take(r, b, 4);
	snprintf(ret_id, 9, "%02x%02x%02x%02x", b[0], b[1], b[2], b[3]);
}

/* Always the same draws in the same order, whatever the answers: a plan can be made again from its seed. */
static void plan_draw(struct plan *p, struct random *r)
{
	random_guid(r, p->disk_guid);
	for (unsigned i = 1; i <= PART_MAX; i++)
		random_guid(r, p->part[i].guid);
	random_guid(r, p->state_uuid);
	random_guid(r, p->storage_uuid);
	fat_id(r, p->esp_id);
	fat_id(r, p->boot_id);
	random_take(r, p->salt, sizeof(p->salt));
}

static void plan_settings(struct plan *p, const struct answers *a)
{
	text_copy(p->hostname, sizeof(p->hostname), a->hostname);
	text_copy(p->timezone, sizeof(p->timezone), a->timezone);
	text_copy(p->keymap, sizeof(p->keymap), a->keymap);
	p->password_type = a->password_type;
	p->password = a->password;
	p->ipv4 = a->ipv4;
	text_copy(p->address, sizeof(p->address), a->address);
	text_copy(p->gateway, sizeof(p->gateway), a->gateway);
	p->prefix = a->prefix;
	p->dns_n = a->dns_n;
	p->ntp_n = a->ntp_n;
	memcpy(p->dns, a->dns, sizeof(p->dns));
	memcpy(p->ntp, a->ntp, sizeof(p->ntp));
}

int plan_make(struct plan **ret_plan, const struct answers *a, const struct machine *m, const struct manifest *mf,
	      const struct xencfg *x, struct random *r, struct diags *ds)
{
	struct plan *p = calloc(1, sizeof(*p));
	struct layout l;
	struct err e = { 0 };

	if (!p) {
		diag_error(ds, 0, 0, "out of memory");
		return -ENOMEM;
	}
	check_machine(m, ds);
	disks_choose(p, a, m, ds);
	nic_choose(p, a, m, ds);
	plan_settings(p, a);
	plan_draw(p, r);
	p->manifest = *mf;
	p->xencfg = *x;
	if (ds->errors)
		goto refuse;
	if (layout_make(&l, p->disk.bytes, p->disk.sector, a->guest_storage, a->storage == STORAGE_LVM, &e)) {
		diag_error(ds, a->primary.at.line, a->primary.at.col, "<primary-disk>: %s: %s", p->disk.path, e.msg);
		goto refuse;
	}
	for (unsigned i = 1; i <= PART_MAX; i++) {
		p->part[i].at = l.part[i];
		machine_part_name(p->disk.path, i, p->part[i].node, sizeof(p->part[i].node));
	}
	p->bios = p->disk.sector == 512;
	if (!p->bios)
		diag_warning(ds, a->primary.at.line, a->primary.at.col,
			     "<primary-disk>: %s has sectors of 4096 bytes: it will boot from UEFI firmware only", p->disk.path);
	plan_wipes(p, m);
	if (!plan_commands(p, a)) {
		diag_error(ds, 0, 0, "out of memory, or too many disks");
		goto refuse;
	}
	check_bundle(p, ds);
	if (ds->errors)
		goto refuse;
	*ret_plan = p;
	return 0;

refuse:
	plan_free(p);
	return -EINVAL;
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
