/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the screens name, describe and judge disks. The plan judges again, and decides. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "i18n.h"
#include "screens.h"
#include "wrap.h"

static bool holds_label(const struct machine *m, unsigned disk, const char *label)
{
	for (unsigned i = 0; i < m->volumes; i++)
		if (m->volume[i].disk == disk && !strcmp(m->volume[i].label, label))
			return true;
	return false;
}

static const struct volume *state_of(const struct machine *m, unsigned disk)
{
	for (unsigned i = 0; i < m->volumes; i++)
		if (m->volume[i].disk == disk && !strcmp(m->volume[i].part_label, "dolmen-state"))
			return &m->volume[i];
	return NULL;
}

bool disk_has_dolmen(const struct machine *m, unsigned disk)
{
	return state_of(m, disk) != NULL;
}

int disk_other_half(const struct machine *m, unsigned disk)
{
	const struct volume *state = state_of(m, disk), *other;

	for (unsigned i = 0; state && !strcmp(state->type, "linux_raid_member") && i < m->disks; i++) {
		other = i == disk ? NULL : state_of(m, i);
		if (other && !strcmp(other->type, state->type) && !strcmp(other->uuid, state->uuid))
			return (int)i;
	}
	return -1;
}

bool disk_usable(const struct machine *m, unsigned disk, uint64_t least, char *why, size_t size)
{
	const struct disk *d = &m->disk[disk];
	const char *reason = d->boot_medium ? _("the installer runs from it") :
			     d->read_only ? _("write-protected") :
			     holds_label(m, disk, ANSWERS_LABEL) ? _("holds the answer file") :
			     *d->mounted ? _("in use") :
			     machine_disk_is_remote(d) ? _("reached over iSCSI") :
			     d->multipath ? _("one of several paths to the same storage") :
			     d->sector != 512 && d->sector != 4096 ? _("sectors of an odd size") :
			     d->bytes < least ? _("too small") : NULL;

	if (reason)
		snprintf(why, size, "%s", reason);
	return !reason;
}

int disk_index(const struct machine *m, const char *name)
{
	unsigned idx[MACHINE_DISKS];

	return machine_find_disk(m, name, idx) == 1 ? (int)idx[0] : -1;
}

void disk_stable_name(const struct machine *m, unsigned disk, char ret[256])
{
	const struct disk *d = &m->disk[disk];

	if (*d->serial) {
		snprintf(ret, 256, "serial:%s", d->serial);
		if (disk_index(m, ret) == (int)disk)
			return;
	}
	if (*d->wwn) {
		snprintf(ret, 256, "wwn:%s", d->wwn);
		if (disk_index(m, ret) == (int)disk)
			return;
	}
	text_copy(ret, 256, d->path);
}

void disk_row(const struct machine *m, unsigned disk, const char *why_not, char *buf, size_t size)
{
	const struct disk *d = &m->disk[disk];
	char bytes[32], row[400];

	text_size(d->bytes, bytes, sizeof(bytes));
	if (why_not)
		snprintf(row, sizeof(row), "%-8s %10s  %-6s  (%s)", d->name, bytes, d->bus, why_not);
	else
		snprintf(row, sizeof(row), "%-8s %10s  %-6s  %.20s%s%s", d->name, bytes, d->bus, *d->model ? d->model : *d->vendor ? d->vendor : "-",
			 *d->serial ? "  " : "", d->serial);
	wrap_fit(row, FRONT_WIDTH - 4, buf, size);
}

void disk_details(const struct machine *m, unsigned disk, char *buf, size_t size)
{
	const struct disk *d = &m->disk[disk];
	static const char *const words[] = { [HEALTH_UNKNOWN] = N_("unknown"), [HEALTH_GOOD] = N_("good"), [HEALTH_FAILING] = N_("the disk says that it is failing") };
	struct phrase on_it = { 0 };
	char bytes[32], used[80] = "";

	machine_describe_contents(m, disk, &on_it);
	if (d->life_used >= 0)
		snprintf(used, sizeof(used), _(", %d %% of its life used"), d->life_used);
	snprintf(buf, size, "%s\n\n%s: %s %s\n%s: %s\nWWN: %s\n%s: %s (%" PRIu64 ")\n%s: %" PRIu32 "\n%s: %s\n%s: %s%s\n\n%s: %s", d->path,
		 _("Model"), d->vendor, d->model, _("Serial number"), *d->serial ? d->serial : "-", *d->wwn ? d->wwn : "-",
		 _("Size"), text_size(d->bytes, bytes, sizeof(bytes)), d->bytes, _("Sector"), d->sector, _("Bus"), d->bus,
		 _("Health"), _(words[d->health]), used, _("On it now"), on_it.shown);
}
