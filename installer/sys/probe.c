/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe.h"

#include <blkid.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "file.h"

struct probe {
	struct machine *m;
	const char *root;
	struct log *l;
};

static bool attr_read(const struct probe *p, char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
static bool attr_read(const struct probe *p, char *buf, size_t size, const char *fmt, ...)
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

	return attr_read(p, text, sizeof(text), "/sys/block/%s/%s", disk, attr) ? strtoull(text, NULL, 10) : 0;
}

/* Names of a folder in order, so that what follows is the same every time. -1 when there is none. */
static int list_dir(const struct probe *p, const char *dir, struct dirent ***ret_list)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", p->root, dir);
	return scandir(path, ret_list, NULL, versionsort);
}

static void list_free(struct dirent **list, int n)
{
	for (int i = 0; i < n; i++)
		free(list[i]);
	if (n >= 0)
		free(list);
}

/* ---- disks ---- */

static bool name_is_disk(const struct probe *p, const char *name)
{
	static const char *const never[] = { "ram", "sr", "dm-", "md", "zram", "nbd", "fd", "drbd", "mtdblock" };

	for (unsigned i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (!strncmp(name, never[i], strlen(never[i])))
			return false;
	if (strstr(name, "boot") || strstr(name, "rpmb"))	/* mmcblk0boot0, mmcblk0rpmb */
		return false;
	/* Loop devices are disks in recorded machines only: that is how tests get real disks. */
	return p->m->recorded || strncmp(name, "loop", 4) != 0;
}

static void device_place(const struct probe *p, const char *class_path, char *buf, size_t size)
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
	device_place(p, path, place, sizeof(place));
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
	else if (strstr(place, "/ata") || !strcmp(d->vendor, "ATA"))
		text_copy(d->bus, sizeof(d->bus), "ata");
	else
		text_copy(d->bus, sizeof(d->bus), "scsi");
}

static void printable(char *s)
{
	for (; *s; s++)
		if (!isprint((unsigned char)*s))
			*s = '?';
}

/* The unit serial number page: four bytes of header, then text. */
static void disk_serial(const struct probe *p, struct disk *d)
{
	char path[PATH_MAX], *data = NULL;
	struct err e;
	size_t n, k = 0;

	if (attr_read(p, d->serial, sizeof(d->serial), "/sys/block/%s/serial", d->name) ||
	    attr_read(p, d->serial, sizeof(d->serial), "/sys/block/%s/device/serial", d->name))
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

	if (!attr_read(p, id, sizeof(id), "/sys/block/%s/wwid", d->name) &&
	    !attr_read(p, id, sizeof(id), "/sys/block/%s/device/wwid", d->name))
		return;
	if (!strncmp(id, "naa.", 4))
		snprintf(d->wwn, sizeof(d->wwn), "0x%.60s", id + 4);
	else if (!strncmp(id, "eui.", 4))
		text_copy(d->wwn, sizeof(d->wwn), id);
}

static struct volume *volume_add(const struct probe *p, unsigned disk, const char *node, bool whole)
{
	struct volume *v;

	if (p->m->volumes == MACHINE_VOLUMES)
		return NULL;
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
	if (!d->bytes)
		return;
	d->read_only = attr_number(p, name, "ro") != 0;
	snprintf(d->path, sizeof(d->path), "/dev/%s", name);
	d->sector = (uint32_t)attr_number(p, name, "queue/logical_block_size");
	if (!d->sector)
		d->sector = 512;
	d->removable = attr_number(p, name, "removable") != 0;
	attr_read(p, d->vendor, sizeof(d->vendor), "/sys/block/%s/device/vendor", name);
	attr_read(p, d->model, sizeof(d->model), "/sys/block/%s/device/model", name);
	if (!strncmp(d->vendor, "0x", 2))	/* virtio's and PCI's number */
		d->vendor[0] = 0;
	disk_bus(p, d);
	if (!strcmp(d->vendor, "ATA"))
		d->vendor[0] = 0;
	disk_serial(p, d);
	disk_wwn(p, d);
	printable(d->vendor);
	printable(d->model);
	printable(d->serial);
	printable(d->wwn);

	v = volume_add(p, m->disks, name, true);
	if (v)
		v->bytes = d->bytes;
	snprintf(dir, sizeof(dir), "/sys/block/%s", name);
	n = list_dir(p, dir, &list);
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
	list_free(list, n);
	m->disks++;
}

static void probe_disks(const struct probe *p)
{
	struct dirent **list;
	int n = list_dir(p, "/sys/block", &list);

	for (int i = 0; i < n; i++)
		if (list[i]->d_name[0] != '.' && p->m->disks < MACHINE_DISKS && name_is_disk(p, list[i]->d_name))
			disk_add(p, list[i]->d_name);
	list_free(list, n);
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

	if (attr_read(p, text, sizeof(text), "/run/dolmen/boot-disk") && (d = disk_of_node(p->m, text)))
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

/* ---- what is on the disks ---- */

static void volume_identify(struct volume *v, struct log *l)
{
	char path[64];
	const char *s;
	blkid_probe pr;

	snprintf(path, sizeof(path), "/dev/%s", v->node);
	pr = blkid_new_probe_from_filename(path);
	if (!pr) {
		log_info(l, "probe", "%s: cannot be read", path);
		return;
	}
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID);
	blkid_probe_enable_partitions(pr, 1);
	if (blkid_do_safeprobe(pr) == 0) {
		if (!blkid_probe_lookup_value(pr, "TYPE", &s, NULL) || !blkid_probe_lookup_value(pr, "PTTYPE", &s, NULL))
			text_copy(v->type, sizeof(v->type), s);
		if (!blkid_probe_lookup_value(pr, "LABEL", &s, NULL))
			text_copy(v->label, sizeof(v->label), s);
		if (!blkid_probe_lookup_value(pr, "UUID", &s, NULL))
			text_copy(v->uuid, sizeof(v->uuid), s);
	}
	blkid_free_probe(pr);
	printable(v->label);
}

static void volumes_from_record(const struct probe *p)
{
	char path[PATH_MAX], *data = NULL, *save = NULL;
	struct err e;
	size_t n;

	snprintf(path, sizeof(path), "%s/blkid", p->root);
	if (file_read(path, 1 << 20, &data, &n, &e))
		return;
	for (char *line = strtok_r(data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *word_save = NULL, *node = strtok_r(line, " ", &word_save), *w;

		for (unsigned i = 0; node && i < p->m->volumes; i++) {
			struct volume *v = &p->m->volume[i];

			if (strcmp(v->node, node) != 0)
				continue;
			while ((w = strtok_r(NULL, " ", &word_save))) {
				if (!strncmp(w, "TYPE=", 5))
					text_copy(v->type, sizeof(v->type), w + 5);
				else if (!strncmp(w, "LABEL=", 6))
					text_copy(v->label, sizeof(v->label), w + 6);
				else if (!strncmp(w, "UUID=", 5))
					text_copy(v->uuid, sizeof(v->uuid), w + 5);
			}
		}
	}
	free(data);
}

/* ---- network ---- */

/* pci0000:00/0000:00:03.0/virtio0/net/ens3 -> 0000:00:03.0, the last PCI address on the way */
static void place_to_pci(const char *place, char *buf, size_t size)
{
	char copy[PATH_MAX], *save = NULL;
	unsigned a, b, c, d;
	int end = 0;

	buf[0] = 0;
	text_copy(copy, sizeof(copy), place);
	for (char *t = strtok_r(copy, "/", &save); t; t = strtok_r(NULL, "/", &save))
		if (sscanf(t, "%x:%x:%x.%x%n", &a, &b, &c, &d, &end) == 4 && !t[end])
			text_copy(buf, size, t);
	if (!*buf)	/* no PCI: after all that have one */
		snprintf(buf, size, "~%.60s", place);
}

static void probe_nics(const struct probe *p)
{
	struct dirent **list;
	int n = list_dir(p, "/sys/class/net", &list);
	char path[300], place[PATH_MAX], link[PATH_MAX], text[64];

	for (int i = 0; i < n && p->m->nics < MACHINE_NICS; i++) {
		const char *name = list[i]->d_name;
		struct nic *nic = &p->m->nic[p->m->nics];
		ssize_t k;

		if (name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%.200s", name);
		device_place(p, path, place, sizeof(place));
		if (!*place || !strncmp(place, "virtual/", 8))
			continue;
		if (attr_read(p, text, sizeof(text), "/sys/class/net/%s/type", name) && strcmp(text, "1") != 0)
			continue;	/* not Ethernet */
		memset(nic, 0, sizeof(*nic));
		text_copy(nic->kernel, sizeof(nic->kernel), name);
		if (!attr_read(p, text, sizeof(text), "/sys/class/net/%s/address", name) || !text_mac(text, nic->mac))
			continue;
		place_to_pci(place, nic->pci, sizeof(nic->pci));
		snprintf(path, sizeof(path), "%.80s/sys/class/net/%.100s/device/driver", p->root, name);
		k = readlink(path, link, sizeof(link) - 1);
		if (k > 0) {
			link[k] = 0;
			text_copy(nic->driver, sizeof(nic->driver), strrchr(link, '/') ? strrchr(link, '/') + 1 : link);
		}
		p->m->nics++;
	}
	list_free(list, n);
	machine_sort_nics(p->m);
}

static void log_machine(const struct machine *m, struct log *l)
{
	char a[400], b[700];

	log_info(l, "probe", "memory %llu MiB, long mode %s", (unsigned long long)(m->memory >> 20), m->long_mode ? "yes" : "no");
	for (unsigned i = 0; i < m->disks; i++) {
		machine_describe_disk(&m->disk[i], a, sizeof(a));
		machine_describe_contents(m, i, b, sizeof(b));
		log_info(l, "probe", "disk %s; on it: %s", a, b);
	}
	for (unsigned i = 0; i < m->nics; i++)
		log_info(l, "probe", "eth%u: %s at %s, driver %s, the kernel calls it %s", i, m->nic[i].mac, m->nic[i].pci,
			 *m->nic[i].driver ? m->nic[i].driver : "unknown", m->nic[i].kernel);
}

int probe_machine(struct machine **ret_machine, const char *root, struct log *l, struct err *e)
{
	struct probe p = { .root = root, .l = l };
	char path[PATH_MAX], *data = NULL;
	size_t n;

	p.m = calloc(1, sizeof(*p.m));
	if (!p.m)
		return err_set(e, -ENOMEM, "out of memory");
	p.m->recorded = *root != 0;
	snprintf(path, sizeof(path), "%s/proc/cpuinfo", root);
	if (file_read(path, 16 << 20, &data, &n, e))
		goto fail;
	p.m->long_mode = machine_cpuinfo_long_mode(data);
	free(data);
	data = NULL;
	snprintf(path, sizeof(path), "%s/proc/meminfo", root);
	if (file_read(path, 1 << 20, &data, &n, e))
		goto fail;
	p.m->memory = machine_meminfo_bytes(data);
	free(data);
	probe_disks(&p);
	probe_usage(&p);
	if (p.m->recorded)
		volumes_from_record(&p);
	for (unsigned i = 0; !p.m->recorded && i < p.m->volumes; i++)
		volume_identify(&p.m->volume[i], l);
	probe_nics(&p);
	log_machine(p.m, l);
	*ret_machine = p.m;
	return 0;

fail:
	free(p.m);
	return err_prefix(e, "probing the machine: ");
}
