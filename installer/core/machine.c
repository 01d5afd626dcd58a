/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

/* The characters udev keeps in by-id names; blanks become `_`. */
static void id_encode(const char *s, char *buf, size_t size)
{
	size_t n = 0;

	for (; *s && n + 1 < size; s++)
		buf[n++] = isalnum((unsigned char)*s) || strchr("#+-.:=@_/", *s) ? *s : '_';
	buf[n] = 0;
}

/* udev's names, made from what sysfs says, as no udev runs here. */
static bool disk_has_id(const struct disk *d, const char *id)
{
	char vendor[80], model[80], serial[80], name[300];

	id_encode(d->vendor, vendor, sizeof(vendor));
	id_encode(d->model, model, sizeof(model));
	id_encode(d->serial, serial, sizeof(serial));
	if (!strncmp(id, "wwn-", 4))
		return *d->wwn && !strcasecmp(id + 4, d->wwn);
	if (!strncmp(id, "nvme-", 5) && *d->wwn && !strcasecmp(id + 5, d->wwn))
		return true;
	if (!*d->serial)
		return false;
	if (!strcmp(d->bus, "virtio")) {
		snprintf(name, sizeof(name), "virtio-%s", serial);
		return !strcmp(id, name);
	}
	snprintf(name, sizeof(name), "%s-%s_%s", d->bus, model, serial);
	if (!strcmp(id, name))
		return true;
	snprintf(name, sizeof(name), "scsi-S%s_%s_%s", vendor, model, serial);
	if (!strcmp(id, name))
		return true;
	snprintf(name, sizeof(name), "%s-%s_%s_%s", d->bus, vendor, model, serial);
	return !strcmp(id, name);
}

static bool disk_matches(const struct disk *d, const char *name)
{
	if (!strncmp(name, "serial:", 7))
		return *d->serial && !strcmp(name + 7, d->serial);
	if (!strncmp(name, "wwn:", 4))
		return *d->wwn && !strcasecmp(name + 4, d->wwn);
	if (!strncmp(name, "/dev/disk/by-id/", 16))
		return disk_has_id(d, name + 16);
	return !strcmp(name, d->path) || !strcmp(name, d->name);
}

unsigned machine_find_disk(const struct machine *m, const char *name, unsigned ret_index[MACHINE_DISKS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < m->disks; i++)
		if (disk_matches(&m->disk[i], name))
			ret_index[n++] = i;
	return n;
}

static void append(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void append(char *buf, size_t size, const char *fmt, ...)
{
	size_t n = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	if (n < size)
		vsnprintf(buf + n, size - n, fmt, ap);
	va_end(ap);
}

void machine_describe_disk(const struct disk *d, char *buf, size_t size)
{
	char s[32];

	buf[0] = 0;
	append(buf, size, "%s: %s", d->path, text_size(d->bytes, s, sizeof(s)));
	if (*d->vendor || *d->model)
		append(buf, size, ", %s%s%s", d->vendor, *d->vendor && *d->model ? " " : "", d->model);
	if (*d->serial)
		append(buf, size, ", serial %s", d->serial);
	if (*d->wwn)
		append(buf, size, ", wwn %s", d->wwn);
	if (d->boot_medium)
		append(buf, size, ", the medium the installer runs from");
	else if (d->read_only)
		append(buf, size, ", read-only");
}

void machine_describe_contents(const struct machine *m, unsigned disk, char *buf, size_t size)
{
	buf[0] = 0;
	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];

		if (v->disk != disk || (v->whole && !*v->type))
			continue;
		append(buf, size, "%s%s %s", *buf ? "; " : "", v->node, *v->type ? v->type : "unknown");
		if (*v->label)
			append(buf, size, " \"%s\"", v->label);
	}
	if (!*buf)
		append(buf, size, "nothing known");
}

void machine_list_disks(const struct machine *m, char *buf, size_t size)
{
	char one[300];

	buf[0] = 0;
	for (unsigned i = 0; i < m->disks; i++) {
		machine_describe_disk(&m->disk[i], one, sizeof(one));
		append(buf, size, "%s%s", i ? "; " : "", one);
	}
	if (!*buf)
		append(buf, size, "none");
}

void machine_list_nics(const struct machine *m, char *buf, size_t size)
{
	buf[0] = 0;
	for (unsigned i = 0; i < m->nics; i++)
		append(buf, size, "%seth%u %s (%s)", i ? "; " : "", i, m->nic[i].mac, m->nic[i].pci);
	if (!*buf)
		append(buf, size, "none");
}

/* strverscmp orders 9 before 10, but PCI numbers are hexadecimal and of fixed width: plain order is right. */
static int nic_compare(const void *a, const void *b)
{
	const struct nic *x = a, *y = b;
	int c = strcmp(x->pci, y->pci);

	return c ? c : strverscmp(x->kernel, y->kernel);
}

void machine_sort_nics(struct machine *m)
{
	qsort(m->nic, m->nics, sizeof(m->nic[0]), nic_compare);
}

bool machine_cpuinfo_long_mode(const char *text)
{
	const char *p = text;

	while ((p = strstr(p, "flags"))) {
		const char *end = strchrnul(p, '\n'), *lm = p;

		if (p == text || p[-1] == '\n') {
			while ((lm = strstr(lm, " lm")) && lm < end) {
				if (lm[3] == ' ' || lm[3] == '\n' || !lm[3])
					return true;
				lm += 3;
			}
			return false;
		}
		p = end;
	}
	return false;
}

uint64_t machine_meminfo_bytes(const char *text)
{
	const char *p = strstr(text, "MemTotal:");
	uint64_t kib = 0;

	if (!p || sscanf(p, "MemTotal: %" SCNu64, &kib) != 1 || kib > UINT64_MAX / 1024)
		return 0;
	return kib * 1024;
}

void machine_part_name(const char *disk, unsigned number, char *buf, size_t size)
{
	bool digit = isdigit((unsigned char)disk[strlen(disk) - 1]);

	snprintf(buf, size, "%s%s%u", disk, digit ? "p" : "", number);
}
