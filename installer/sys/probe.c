/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "file.h"
#include "health.h"
#include "probe_parts.h"

bool probe_read(const struct probe *p, char *buf, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	size_t n = (size_t)snprintf(path, sizeof(path), "%s", p->root);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + n, sizeof(path) - n, fmt, ap);
	va_end(ap);
	return file_read_line(path, buf, size);
}

static uint64_t attr_number(const struct probe *p, const char *disk, const char *attr)
{
	char text[64];

	return probe_read(p, text, sizeof(text), "/sys/block/%s/%s", disk, attr) ? strtoull(text, NULL, 10) : 0;
}

int probe_list(const struct probe *p, const char *dir, struct dirent ***ret_list)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", p->root, dir);
	return scandir(path, ret_list, NULL, versionsort);
}

void probe_list_free(struct dirent **list, int n)
{
	for (int i = 0; i < n; i++)
		free(list[i]);
	if (n >= 0)
		free(list);
}

/* ---- disks ---- */

static bool name_is_disk(const struct probe *p, const char *name)
{
	static const char *const never[] = { "ram", "sr", "dm-", "md", "zram", "nbd", "fd", "drbd", "mtdblock", "pmem" };

	for (unsigned i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (!strncmp(name, never[i], strlen(never[i])))
			return false;
	if (strstr(name, "boot") || strstr(name, "rpmb"))	/* mmcblk0boot0, mmcblk0rpmb */
		return false;
	/* Loop devices are disks in recorded machines only: that is how tests get real disks. */
	return p->m->recorded || strncmp(name, "loop", 4) != 0;
}

void probe_place(const struct probe *p, const char *class_path, char *buf, size_t size)
{
	char path[PATH_MAX], full[PATH_MAX];

	buf[0] = 0;
	snprintf(path, sizeof(path), "%s%s", p->root, class_path);
	if (realpath(path, full))
		text_copy(buf, size, strstr(full, "/devices/") ? strstr(full, "/devices/") + 9 : full);
}

static void disk_bus(const struct probe *p, struct disk *d)
{
	char path[300], place[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/block/%s", d->name);
	probe_place(p, path, place, sizeof(place));
	if (!strncmp(d->name, "nvme", 4))
		text_copy(d->bus, sizeof(d->bus), "nvme");
	else if (!strncmp(d->name, "mmc", 3))
		text_copy(d->bus, sizeof(d->bus), "mmc");
	else if (!strncmp(d->name, "vd", 2))
		text_copy(d->bus, sizeof(d->bus), "virtio");
	else if (!strncmp(d->name, "loop", 4))
		text_copy(d->bus, sizeof(d->bus), "loop");
	else if (strstr(place, "/usb"))
		text_copy(d->bus, sizeof(d->bus), "usb");
	else if (strstr(place, "/session"))
		text_copy(d->bus, sizeof(d->bus), "iscsi");
	else if (strstr(place, "/ata") || !strcmp(d->vendor, "ATA"))
		text_copy(d->bus, sizeof(d->bus), "ata");
	else
		text_copy(d->bus, sizeof(d->bus), "scsi");
}

void probe_printable(char *s)
{
	for (; *s; s++)
		if (!isprint((unsigned char)*s))
			*s = '?';
}

/*
 * SCSI's model field cuts an ATA disk's name at 16 characters; its own 40 stand in the ATA information page, in the words
 * 27 to 46 of IDENTIFY DEVICE, each with its two letters swapped (SAT-3 12.4.2, ACS-3 7.12.7).
 */
#define VPD89_MODEL (60 + 2 * 27)

static void disk_ata_model(const struct probe *p, struct disk *d)
{
	char path[PATH_MAX], *data = NULL, model[41] = "";
	struct err e;
	size_t n;

	snprintf(path, sizeof(path), "%s/sys/block/%s/device/vpd_pg89", p->root, d->name);
	if (file_read(path, 4096, &data, &n, &e))
		return;
	for (size_t i = 0; i < 40 && n >= VPD89_MODEL + 40 && (unsigned char)data[1] == 0x89; i++)
		model[i] = data[VPD89_MODEL + (i ^ 1)];
	if (*text_trim(model))
		text_copy(d->model, sizeof(d->model), model);
	free(data);
}

/* The unit serial number page: four bytes of header, then text. */
static void disk_serial(const struct probe *p, struct disk *d)
{
	char path[PATH_MAX], *data = NULL;
	struct err e;
	size_t n, k = 0;

	if (probe_read(p, d->serial, sizeof(d->serial), "/sys/block/%s/serial", d->name) ||
	    probe_read(p, d->serial, sizeof(d->serial), "/sys/block/%s/device/serial", d->name))
		return;
	snprintf(path, sizeof(path), "%s/sys/block/%s/device/vpd_pg80", p->root, d->name);
	if (file_read(path, 4096, &data, &n, &e))
		return;
	for (size_t i = 4; i < n && k + 1 < sizeof(d->serial); i++)
		if (data[i])
			d->serial[k++] = data[i];
	d->serial[k] = 0;
	text_trim(d->serial);
	free(data);
}

static void disk_wwn(const struct probe *p, struct disk *d)
{
	char id[160];

	if (!probe_read(p, id, sizeof(id), "/sys/block/%s/wwid", d->name) &&
	    !probe_read(p, id, sizeof(id), "/sys/block/%s/device/wwid", d->name))
		return;
	if (!strncmp(id, "naa.", 4))
		snprintf(d->wwn, sizeof(d->wwn), "0x%.60s", id + 4);
	else if (!strncmp(id, "eui.", 4))
		text_copy(d->wwn, sizeof(d->wwn), id);
}

static struct volume *volume_add(const struct probe *p, unsigned disk, const char *node, bool whole)
{
	struct volume *v;

	if (p->m->volumes == MACHINE_VOLUMES) {
		p->m->more_volumes = true;
		return NULL;
	}
	v = &p->m->volume[p->m->volumes++];
	text_copy(v->node, sizeof(v->node), node);
	v->disk = disk;
	v->whole = whole;
	return v;
}

static void disk_add(const struct probe *p, const char *name)
{
	struct machine *m = p->m;
	struct disk *d = &m->disk[m->disks];
	struct dirent **list;
	struct volume *v;
	char dir[300];
	int n;

	memset(d, 0, sizeof(*d));
	text_copy(d->name, sizeof(d->name), name);
	d->bytes = attr_number(p, name, "size") * 512;
	if (!d->bytes || attr_number(p, name, "hidden"))	/* hidden: one path of an NVMe device that has several */
		return;
	d->read_only = attr_number(p, name, "ro") != 0;
	d->sequence = m->recorded ? 0 : attr_number(p, name, "diskseq");
	snprintf(d->path, sizeof(d->path), "/dev/%s", name);
	d->sector = (uint32_t)attr_number(p, name, "queue/logical_block_size");
	if (!d->sector)
		d->sector = 512;
	d->removable = attr_number(p, name, "removable") != 0;
	d->rotational = attr_number(p, name, "queue/rotational") != 0;
	probe_read(p, d->vendor, sizeof(d->vendor), "/sys/block/%s/device/vendor", name);
	if (!probe_read(p, d->model, sizeof(d->model), "/sys/block/%s/device/model", name))
		probe_read(p, d->model, sizeof(d->model), "/sys/block/%s/device/name", name);	/* of memory cards */
	if (!strncmp(d->vendor, "0x", 2))	/* virtio's and PCI's number */
		d->vendor[0] = 0;
	disk_bus(p, d);
	if (!strcmp(d->vendor, "ATA"))
		d->vendor[0] = 0;
	disk_ata_model(p, d);
	disk_serial(p, d);
	disk_wwn(p, d);
	probe_printable(d->vendor);
	probe_printable(d->model);
	probe_printable(d->serial);
	probe_printable(d->wwn);

	v = volume_add(p, m->disks, name, true);
	if (v)
		v->bytes = d->bytes;
	snprintf(dir, sizeof(dir), "/sys/block/%s", name);
	n = probe_list(p, dir, &list);
	for (int i = 0; i < n; i++) {
		char part[160];

		if (!isdigit((unsigned char)list[i]->d_name[strlen(list[i]->d_name) - 1]))
			continue;
		if (strncmp(list[i]->d_name, name, strlen(name)) != 0)
			continue;
		snprintf(part, sizeof(part), "%.100s/start", list[i]->d_name);
		v = volume_add(p, m->disks, list[i]->d_name, false);
		if (!v)
			break;
		v->start = attr_number(p, name, part) * 512;
		snprintf(part, sizeof(part), "%.100s/size", list[i]->d_name);
		v->bytes = attr_number(p, name, part) * 512;
	}
	probe_list_free(list, n);
	m->disks++;
}

/* A device-mapper device of multipath's on the disk or a partition of it. */
static bool has_multipath(const struct probe *p, const char *holders)
{
	struct dirent **list;
	int n = probe_list(p, holders, &list);
	char uuid[160];
	bool found = false;

	for (int i = 0; i < n; i++)
		if (probe_read(p, uuid, sizeof(uuid), "/sys/block/%s/dm/uuid", list[i]->d_name))
			found = found || !strncmp(uuid, "mpath-", 6);
	probe_list_free(list, n);
	return found;
}

/* Held by multipath, or with the same WWN as another disk. */
static void probe_paths(const struct probe *p)
{
	char holders[160];

	for (unsigned i = 0; i < p->m->disks; i++) {
		struct disk *d = &p->m->disk[i];

		snprintf(holders, sizeof(holders), "/sys/block/%s/holders", d->name);
		d->multipath = has_multipath(p, holders);
		for (unsigned k = 0; *d->wwn && k < p->m->disks; k++)
			d->multipath = d->multipath || (k != i && !strcmp(d->wwn, p->m->disk[k].wwn));
	}
}

static void probe_disks(const struct probe *p)
{
	struct dirent **list;
	int n = probe_list(p, "/sys/block", &list);

	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] == '.' || !name_is_disk(p, list[i]->d_name))
			continue;
		if (p->m->disks < MACHINE_DISKS)
			disk_add(p, list[i]->d_name);
		else if (attr_number(p, list[i]->d_name, "size"))
			p->m->more_disks = true;
	}
	probe_list_free(list, n);
	probe_paths(p);
}

/* A kernel name of a disk or partition to the disk; NULL when it is none. */
static struct disk *disk_of_node(const struct machine *m, const char *node)
{
	for (unsigned i = 0; i < m->volumes; i++)
		if (!strcmp(m->volume[i].node, node))
			return (struct disk *)&m->disk[m->volume[i].disk];
	return NULL;
}

static void probe_usage(const struct probe *p)
{
	char path[PATH_MAX], text[256], *data = NULL, *save = NULL;
	struct disk *d;
	struct err e;
	size_t n;

	if (probe_read(p, text, sizeof(text), "/run/dolmen/boot-disk") && (d = disk_of_node(p->m, text)))
		d->boot_medium = true;
	for (unsigned k = 0; k < 2; k++) {
		snprintf(path, sizeof(path), "%s%s", p->root, k ? "/proc/swaps" : "/proc/mounts");
		if (file_read(path, 1 << 20, &data, &n, &e))
			continue;
		for (char *line = strtok_r(data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
			char node[128], where[128] = "";

			if (sscanf(line, "/dev/%127s %127s", node, where) < 2 || !(d = disk_of_node(p->m, node)))
				continue;
			if (k)
				snprintf(d->mounted, sizeof(d->mounted), "/dev/%.60s is swap space", node);
			else
				snprintf(d->mounted, sizeof(d->mounted), "/dev/%.40s mounted on %.60s", node, where);
			if (!k && !strcmp(where, "/run/dolmen/medium"))
				d->boot_medium = true;
		}
		free(data);
		data = NULL;
	}
}

static void log_machine(const struct machine *m, struct log *l)
{
	char a[500];

	log_info(l, "probe", "%s %s, serial number %s, UUID %s; firmware: %s", m->vendor, m->product, m->serial, m->uuid,
		 m->efi ? "UEFI" : "BIOS");
	log_info(l, "probe", "%u processors (%s), long mode %s, virtualization %s, memory %llu MiB", m->cpus, m->cpu,
		 m->long_mode ? "yes" : "no", m->virtualization ? "yes" : "no", (unsigned long long)(m->memory >> 20));
	for (unsigned i = 0; i < m->disks; i++) {
		struct phrase on_it = { 0 };

		machine_describe_disk(&m->disk[i], a, sizeof(a));
		machine_describe_contents(m, i, &on_it);
		log_info(l, "probe", "disk %s; on it: %s", a, on_it.text);
	}
	for (unsigned i = 0; i < m->boot_entries; i++)
		log_info(l, "probe", "boot entry %04X \"%s\" of partition %s", m->boot_entry[i].number, m->boot_entry[i].label,
			 m->boot_entry[i].part_guid);
	for (unsigned i = 0; i < m->nics; i++)
		log_info(l, "probe", "eth%u: %s at %s, link %s %u Mbit/s, driver %s, the kernel calls it %s", i, m->nic[i].mac, m->nic[i].pci,
			 m->nic[i].link ? "yes" : "no", m->nic[i].speed, *m->nic[i].driver ? m->nic[i].driver : "unknown", m->nic[i].kernel);
	for (unsigned i = 0; i < m->boot_targets; i++) {
		machine_describe_target(m, &m->boot_target[i], a, sizeof(a));
		log_info(l, "probe", "the firmware hands over an iSCSI target: %s", a);
	}
}

static int probe_cpu(const struct probe *p, struct err *e)
{
	char path[PATH_MAX], *data = NULL;
	size_t n;
	int rc;

	snprintf(path, sizeof(path), "%s/proc/cpuinfo", p->root);
	rc = file_read(path, 16 << 20, &data, &n, e);
	if (rc)
		return rc;
	p->m->long_mode = machine_cpuinfo_flag(data, "lm");
	p->m->virtualization = machine_cpuinfo_flag(data, "vmx") || machine_cpuinfo_flag(data, "svm");
	p->m->cpus = machine_cpuinfo_count(data, p->m->cpu, sizeof(p->m->cpu));
	free(data);
	return 0;
}

static int probe_memory(const struct probe *p, struct err *e)
{
	char path[PATH_MAX], *data = NULL;
	size_t n;
	int rc;

	snprintf(path, sizeof(path), "%s/proc/meminfo", p->root);
	rc = file_read(path, 1 << 20, &data, &n, e);
	if (rc)
		return rc;
	p->m->memory = machine_meminfo_bytes(data);
	free(data);
	return 0;
}

/* The machine's own description of itself; makers leave much of it as it came. */
static void probe_firmware(const struct probe *p)
{
	struct machine *m = p->m;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/sys/firmware/efi", p->root);
	m->efi = access(path, F_OK) == 0;
	probe_read(p, m->vendor, sizeof(m->vendor), "/sys/class/dmi/id/sys_vendor");
	probe_read(p, m->product, sizeof(m->product), "/sys/class/dmi/id/product_name");
	probe_read(p, m->serial, sizeof(m->serial), "/sys/class/dmi/id/product_serial");
	probe_read(p, m->uuid, sizeof(m->uuid), "/sys/class/dmi/id/product_uuid");
	probe_printable(m->vendor);
	probe_printable(m->product);
	probe_printable(m->serial);
	for (char *c = m->uuid; *c; c++)
		*c = (char)tolower((unsigned char)*c);
}

int probe_machine(struct machine **ret_machine, const char *root, struct log *l, struct err *e)
{
	struct probe p = { .root = root, .l = l };

	p.m = calloc(1, sizeof(*p.m));
	if (!p.m)
		return err_set(e, -ENOMEM, "out of memory");
	p.m->recorded = *root != 0;
	if (probe_cpu(&p, e) || probe_memory(&p, e)) {
		free(p.m);
		return err_prefix(e, "probing the machine: ");
	}
	probe_firmware(&p);
	probe_disks(&p);
	probe_usage(&p);
	probe_volumes(&p);
	for (unsigned i = 0; i < p.m->disks; i++)
		health_read(&p.m->disk[i], root);
	probe_nics(&p);
	probe_iscsi(&p);
	probe_entries(&p);
	log_machine(p.m, l);
	*ret_machine = p.m;
	return 0;
}
