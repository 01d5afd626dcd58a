/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

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

bool machine_disk_is_remote(const struct disk *d)
{
	return !strcmp(d->bus, "iscsi");
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
	if (machine_disk_is_remote(d))
		append(buf, size, ", reached over iSCSI");
	if (d->multipath)
		append(buf, size, ", one of several paths");
	if (d->health != HEALTH_UNKNOWN)
		append(buf, size, ", %s", d->health == HEALTH_GOOD ? "healthy" : "says that it is failing");
	if (d->life_used >= 0)
		append(buf, size, ", %d %% of its life used", d->life_used);
}

void machine_describe_contents(const struct machine *m, unsigned disk, struct phrase *ret)
{
	machine_describe_rest(m, disk, NULL, ret);
}

void machine_describe_rest(const struct machine *m, unsigned disk, const struct volume *but, struct phrase *ret)
{
	bool any = false;

	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];

		if (v == but || v->disk != disk || (v->whole && !*v->type))
			continue;
		phrase_add(ret, "%s%s ", any ? "; " : "", v->node);
		if (*v->type)
			phrase_add(ret, "%s", v->type);
		else
			phrase_add(ret, N_("unknown"));
		if (*v->label)
			phrase_add(ret, " \"%s\"", v->label);
		if (*v->vg)
			phrase_add(ret, N_(" of %s"), v->vg);
		any = true;
	}
	if (!any)
		phrase_add(ret, N_("nothing known"));
}

/* Whether a list with `; ` between its entries has this one. */
static bool list_has(const char *list, const char *entry)
{
	size_t n = strlen(entry);

	for (const char *p = list; (p = strstr(p, entry)); p += n)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ';'))
			return true;
	return false;
}

void machine_list_layers(const struct machine *m, unsigned disk, struct phrase *ret)
{
	char one[120];

	for (unsigned i = 0; i < m->volumes; i++) {
		const struct volume *v = &m->volume[i];

		if (v->disk != disk)
			continue;
		if (strstr(v->type, "raid_member")) {
			if (*ret->text)
				phrase_add(ret, "; ");
			phrase_add(ret, N_("RAID on %s"), v->node);
		}
		snprintf(one, sizeof(one), "volume group %s", v->vg);
		if (*v->vg && !list_has(ret->text, one)) {
			if (*ret->text)
				phrase_add(ret, "; ");
			phrase_add(ret, N_("volume group %s"), v->vg);
		}
	}
}

void machine_list_some(const struct machine *m, const unsigned *index, unsigned n, char *buf, size_t size)
{
	char one[500];

	buf[0] = 0;
	for (unsigned i = 0; i < n; i++) {
		machine_describe_disk(&m->disk[index[i]], one, sizeof(one));
		if (strlen(buf) + strlen(one) + 24 > size) {
			append(buf, size, "; and %u more", n - i);
			break;
		}
		append(buf, size, "%s%s", i ? "; " : "", one);
	}
	if (!*buf)
		append(buf, size, "none");
}

void machine_list_disks(const struct machine *m, char *buf, size_t size)
{
	unsigned index[MACHINE_DISKS];

	for (unsigned i = 0; i < m->disks; i++)
		index[i] = i;
	machine_list_some(m, index, m->disks, buf, size);
}

void machine_list_nics(const struct machine *m, char *buf, size_t size)
{
	buf[0] = 0;
	for (unsigned i = 0; i < m->nics; i++)
		append(buf, size, "%seth%u %s (%s)", i ? "; " : "", i, m->nic[i].mac, m->nic[i].pci);
	if (!*buf)
		append(buf, size, "none");
}

void machine_describe_target(const struct machine *m, const struct boot_target *t, char *buf, size_t size)
{
	unsigned i = 0;

	buf[0] = 0;
	append(buf, size, "%s", t->name);
	if (*t->address)
		append(buf, size, " at %s", t->address);
	while (i < m->nics && strcmp(m->nic[i].mac, t->mac) != 0)
		i++;
	if (i < m->nics)
		append(buf, size, " by eth%u (%s)", i, t->mac);
	else if (*t->mac)
		append(buf, size, " by %s", t->mac);
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

bool machine_cpuinfo_flag(const char *text, const char *flag)
{
	const char *p = text;
	size_t n = strlen(flag);

	while (*p && strncmp(p, "flags", 5) != 0) {
		p = strchrnul(p, '\n');
		p += *p == '\n';
	}
	while (*p && *p != '\n') {
		size_t word = strcspn(p, " \t\n");

		if (word == n && !strncmp(p, flag, n))
			return true;
		p += word;
		p += strspn(p, " \t");
	}
	return false;
}

unsigned machine_cpuinfo_count(const char *text, char *model, size_t size)
{
	const char *p = strstr(text, "model name");
	unsigned n = 0;

	model[0] = 0;
	if (p && (p = strchr(p, ':'))) {
		char line[128];
		size_t len = strcspn(++p, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, p);
		text_copy(model, size, text_trim(line));
	}
	for (p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
		n += !strncmp(p, "processor", 9);
	return n;
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
