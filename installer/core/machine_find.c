/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which disks a name means. */
#include "machine.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "text.h"

/* The characters udev keeps in by-id names; blanks become `_`. */
static void id_encode(const char *s, char *buf, size_t size)
{
	size_t n = 0;

	for (; *s && n + 1 < size; s++)
		buf[n++] = isalnum((unsigned char)*s) || strchr("#+-.:=@_/", *s) ? *s : '_';
	buf[n] = 0;
}

/* `*` stands for any characters, other letters for themselves, in any case when fold is set. */
static bool fits(const char *pattern, const char *s, bool fold)
{
	const char *star = NULL, *from = s;

	while (*s) {
		bool same = *pattern == *s ||
			    (fold && tolower((unsigned char)*pattern) == tolower((unsigned char)*s));

		if (*pattern == '*') {
			star = ++pattern;
			from = s;
		} else if (same) {
			pattern++;
			s++;
		} else if (star) {
			pattern = star;
			s = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* udev's names, made from what sysfs says, as no udev runs here. */
static bool disk_has_id(const struct disk *d, const char *id)
{
	char vendor[80], model[80], serial[80], name[300];

	id_encode(d->vendor, vendor, sizeof(vendor));
	id_encode(d->model, model, sizeof(model));
	id_encode(d->serial, serial, sizeof(serial));
	if (!strncmp(id, "wwn-", 4))
		return *d->wwn && fits(id + 4, d->wwn, true);
	if (!strncmp(id, "nvme-", 5) && *d->wwn && fits(id + 5, d->wwn, true))
		return true;
	if (!strncmp(id, "scsi-3", 6) && !strncmp(d->wwn, "0x", 2) && fits(id + 6, d->wwn + 2, true))
		return true;
	if (!*d->serial)
		return false;
	if (!strcmp(d->bus, "virtio")) {
		snprintf(name, sizeof(name), "virtio-%s", serial);
		return fits(id, name, false);
	}
	snprintf(name, sizeof(name), "%s-%s_%s", d->bus, model, serial);
	if (fits(id, name, false))
		return true;
	snprintf(name, sizeof(name), "scsi-S%s_%s_%s", vendor, model, serial);
	if (fits(id, name, false))
		return true;
	snprintf(name, sizeof(name), "%s-%s_%s_%s", d->bus, vendor, model, serial);
	return fits(id, name, false);
}

static bool disk_has_model(const struct disk *d, const char *pattern)
{
	char both[140];

	snprintf(both, sizeof(both), "%s %s", d->vendor, d->model);
	return *d->model && (fits(pattern, d->model, true) || fits(pattern, both, true));
}

/* `480G`, `480GB`, `1.92T`, `20GiB`: the size counted in thousands and in 1024s. */
static bool size_read(const char *text, double *ret_thousands, double *ret_1024s)
{
	static const char units[] = "KMGTP";
	char *end;
	double n = strtod(text, &end), ten = 1000, two = 1024;
	const char *unit;

	if (end == text || n <= 0 || !isdigit((unsigned char)*text))
		return false;
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (!unit)
		return false;
	for (const char *u = units; u < unit; u++) {
		ten *= 1000;
		two *= 1024;
	}
	*ret_thousands = n * ten;
	*ret_1024s = n * two;
	if (!strcmp(end + 1, "iB") || !strcmp(end + 1, "i"))
		*ret_thousands = *ret_1024s;
	else if (!strcmp(end + 1, "B"))
		*ret_1024s = *ret_thousands;
	else if (end[1])
		return false;
	return true;
}

/* Disks have a little more than what is written on them. */
static bool about(double bytes, double wanted)
{
	return bytes > wanted * 0.99 && bytes < wanted * 1.01;
}

static bool disk_has_size(const struct disk *d, const char *text)
{
	bool more = *text == '>', less = *text == '<', or_equal;
	double thousands, two, bytes = (double)d->bytes;

	text += more || less;
	or_equal = *text == '=' || (!more && !less);
	text += *text == '=';
	if (!size_read(text, &thousands, &two))
		return false;
	if (about(bytes, thousands) || about(bytes, two))
		return or_equal;
	return (more && bytes > thousands) || (less && bytes < thousands);
}

static bool disk_matches(const struct disk *d, const char *name)
{
	if (!strncmp(name, "serial:", 7))
		return *d->serial && fits(name + 7, d->serial, false);
	if (!strncmp(name, "wwn:", 4))
		return *d->wwn && fits(name + 4, d->wwn, true);
	if (!strncmp(name, "model:", 6))
		return disk_has_model(d, name + 6);
	if (!strncmp(name, "size:", 5))
		return disk_has_size(d, name + 5);
	if (!strncmp(name, "/dev/disk/by-id/", 16))
		return disk_has_id(d, name + 16);
	return fits(name, d->path, false) || fits(name, d->name, false);
}

bool machine_disk_writable(const struct machine *m, unsigned disk)
{
	const struct disk *d = &m->disk[disk];

	for (unsigned i = 0; i < m->volumes; i++)
		if (m->volume[i].disk == disk && !strcmp(m->volume[i].label, ANSWERS_LABEL))
			return false;
	return !d->boot_medium && !d->read_only;
}

static unsigned find_extreme(const struct machine *m, bool largest, unsigned ret_index[MACHINE_DISKS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < m->disks; i++) {
		uint64_t best = n ? m->disk[ret_index[0]].bytes : 0, bytes = m->disk[i].bytes;

		if (!machine_disk_writable(m, i))
			continue;
		if (n && (largest ? bytes < best : bytes > best))
			continue;
		if (n && bytes != best)
			n = 0;
		ret_index[n++] = i;
	}
	return n;
}

unsigned machine_find_disk(const struct machine *m, const char *name, unsigned ret_index[MACHINE_DISKS])
{
	unsigned n = 0;

	if (!strcmp(name, "size:largest") || !strcmp(name, "size:smallest"))
		return find_extreme(m, !strcmp(name, "size:largest"), ret_index);
	for (unsigned i = 0; i < m->disks; i++)
		if (disk_matches(&m->disk[i], name))
			ret_index[n++] = i;
	return n;
}
