/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The root element, and the elements about disks. */
#include <string.h>
#include <strings.h>

#include "answers_reader.h"
#include "text.h"
#include "values.h"

void read_root(struct reader *r)
{
	static const char *const types[] = { "lvm", "thin", "ext" };
	const char *mode = read_attr(r, "mode"), *sr = read_attr(r, "sr-type");
	int i;

	r->a->mode_at = read_place(r);
	r->ds->strict = read_yes_no(r, "strict", false) || r->ds->strict;
	if (!strcmp(r->node->name, "upgrade"))
		r->a->mode = MODE_UPGRADE;	/* what follows is judged as what is meant */
	if (!mode && r->a->mode == MODE_UPGRADE)
		read_error(r, "<upgrade> needs mode=\"upgrade\"; without it XenServer would make a fresh installation and erase everything");
	if (mode && (i = read_pick(r, "mode=", mode, install_mode_text, MODE_MAX)) >= 0) {
		r->a->mode = (enum install_mode)i;
		if (i == MODE_FRESH && !strcmp(r->node->name, "upgrade"))
			read_error(r, "<upgrade mode=\"fresh\"> contradicts itself: a fresh installation erases everything; write <installation mode=\"fresh\"> or mode=\"upgrade\"");
	}
	if (!sr)
		return;
	if (r->a->mode != MODE_FRESH) {
		read_warning(r, "sr-type= is ignored: mode=\"%s\" keeps the guests' storage as it is", install_mode_text[r->a->mode]);
	} else if (!strcmp(sr, "largeblock")) {
		read_warning(r, "sr-type=\"largeblock\" is taken as lvm, which copes with sectors of any size");
	} else if ((i = read_pick(r, "sr-type=", sr, types, 3)) >= 0) {
		r->a->storage = (enum storage_type)i;
	}
}

static bool take_disk(struct reader *r, struct answer_disk *d, const char *text)
{
	struct err e;

	d->at = read_place(r);
	if (!*text)
		err_set(&e, -1, "no disk is named; write sda, /dev/sda, /dev/disk/by-id/..., serial:... or wwn:...");
	else if (!value_disk_name(text, d->name, &e))
		return true;
	read_wrong(r, &e);
	r->broken |= BROKEN_DISKS;
	return false;
}

/* `sda,sdb` */
static void take_pair(struct reader *r, struct answer_disk *first, struct answer_disk *second, const char *text)
{
	const char *comma = strchr(text, ',');
	char one[300], two[300];

	if (!comma || strchr(comma + 1, ',')) {
		read_error(r, "<%s swraid=\"yes\">: write exactly two disks with a comma between them, like sda,sdb", r->node->name);
		r->broken |= BROKEN_DISKS;
		return;
	}
	text_copy(one, sizeof(one), text);
	if (comma - text < (long)sizeof(one))
		one[comma - text] = 0;
	text_copy(two, sizeof(two), comma + 1);
	text_trim(one);
	text_trim(two);
	if (!strcmp(one, "missing") || !strcmp(two, "missing")) {
		read_error(r, "<%s swraid=\"yes\">: a mirror with a disk that is missing is not supported; name both disks, or one without swraid",
			   r->node->name);
		r->broken |= BROKEN_DISKS;
		return;
	}
	if (take_disk(r, first, one))
		take_disk(r, second, two);
}

static void take_disks(struct reader *r, struct answer_disk *first, struct answer_disk *second, const char *text)
{
	const char *serial = read_attr(r, "confirm-serial"), *fs = read_attr(r, "fs-type");
	static const char *const file_systems[] = { "ext4", "ext3" };

	if (serial && !*serial)
		read_error(r, "confirm-serial= is empty and confirms nothing; write the disk's serial number, or leave the attribute out");
	else if (serial && !text_copy(r->a->confirm_serial, sizeof(r->a->confirm_serial), serial))
		read_error(r, "confirm-serial= has more than %zu characters", sizeof(r->a->confirm_serial) - 1);
	if (fs && read_pick(r, "fs-type=", fs, file_systems, 2) == 1)
		read_warning(r, "fs-type=\"ext3\" is ignored: the host's file system is ext4");
	if (read_yes_no(r, "swraid", false))
		take_pair(r, first, second, text);
	else
		take_disk(r, first, text);
}

static void take_preserve(struct reader *r)
{
	static const char *const words[] = { "if-utility", "yes", "true", "no", "false" };
	static const enum preserve_first values[] = { PRESERVE_IF_UTILITY, PRESERVE_ALWAYS, PRESERVE_ALWAYS, PRESERVE_NEVER, PRESERVE_NEVER };
	const char *text = read_attr(r, "preserve-first-partition");
	char lower[16];
	int i;

	if (!text)
		return;
	for (i = 0; text[i] && i < (int)sizeof(lower) - 1; i++)
		lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
	lower[i] = 0;
	i = read_pick(r, "preserve-first-partition=", lower, words, 5);
	if (i >= 0)
		r->a->preserve_first = values[i];
}

void read_primary_disk(struct reader *r, const char *text)
{
	bool storage = read_yes_no(r, "guest-storage", true), at_end = read_yes_no(r, "sr-at-end", true);

	take_disks(r, &r->a->primary, &r->a->mirror, text);
	if (r->a->mode != MODE_FRESH) {
		if (read_attr(r, "guest-storage") || read_attr(r, "preserve-first-partition"))
			read_warning(r, "guest-storage= and preserve-first-partition= are ignored: mode=\"%s\" keeps the partitions as they are",
				     install_mode_text[r->a->mode]);
		return;
	}
	take_preserve(r);
	r->a->guest_storage = storage;
	r->guest_storage_denied = !storage;
	if (!at_end)
		read_warning(r, "sr-at-end=\"no\" is ignored: the guests' storage is always the last partition");
}

void read_existing(struct reader *r, const char *text)
{
	if (r->a->mode == MODE_FRESH) {
		read_error(r, "<existing-installation> is for mode=\"upgrade\" or \"reinstall\"; this file says, or leaves out, mode=\"fresh\", which erases everything");
		r->broken |= BROKEN_DISKS;	/* <primary-disk> is not what is missing */
		return;
	}
	take_disks(r, &r->existing, &r->existing_mirror, text);
}

void read_guest_disk(struct reader *r, const char *text)
{
	struct answers *a = r->a;

	if (a->mode == MODE_UPGRADE)
		read_warning(r, "<guest-disk> is ignored: an upgrade keeps the guests' storage as it is");
	else if (a->guest_disks == ANSWERS_GUEST_DISKS)
		read_error(r, "more than %d <guest-disk> elements", ANSWERS_GUEST_DISKS);
	else if (take_disk(r, &a->guest_disk[a->guest_disks], text))
		a->guest_disks++;
}

void read_raid(struct reader *r, const char *text)
{
	const char *device = read_attr(r, "device");

	(void)text;
	r->raid_at = read_place(r);
	if (!device)
		read_error(r, "<raid> needs device=\"md127\", the name that <primary-disk> then has, too");
	if (!device || !text_copy(r->raid, sizeof(r->raid), device))
		r->broken |= BROKEN_DISKS;
}

void read_raid_disk(struct reader *r, const char *text)
{
	struct answer_disk ignored;

	take_disk(r, r->raid_disks < 2 ? &r->raid_disk[r->raid_disks] : &ignored, text);
	r->raid_disks++;
}

static void wrong_at(struct reader *r, struct answer_place at, const char *text)
{
	diag_error(r->ds, at.line, at.col, "%s", text);
	r->broken |= BROKEN_DISKS;
}

/* XCP-ng's way to say what swraid says. */
static void end_raid(struct reader *r)
{
	struct answers *a = r->a;
	char text[200];

	if (!r->raid_at.line || (r->broken & BROKEN_DISKS))
		return;
	snprintf(text, sizeof(text), "<raid> has %u disks; a mirror of exactly two is supported", r->raid_disks);
	if (r->raid_disks != 2) {
		wrong_at(r, r->raid_at, text);
	} else if (!answers_same_disk(a->primary.name, r->raid)) {
		snprintf(text, sizeof(text), "<raid> makes %.60s, but <primary-disk> names %.60s; name the array there", r->raid,
			 *a->primary.name ? a->primary.name : "nothing");
		wrong_at(r, r->raid_at, text);
	} else {
		a->primary = r->raid_disk[0];
		a->mirror = r->raid_disk[1];
	}
}

static bool same_disks(const struct reader *r)
{
	return answers_same_disk(r->a->primary.name, r->existing.name) && answers_same_disk(r->a->mirror.name, r->existing_mirror.name);
}

/* Both elements may be there when they say the same. */
static void end_existing(struct reader *r)
{
	struct answers *a = r->a;

	if (!*r->existing.name)
		return;
	if (*a->primary.name && !same_disks(r)) {
		wrong_at(r, a->primary.at, "<primary-disk> and <existing-installation> name different disks; the host cannot move to another disk");
		return;
	}
	a->primary = r->existing;
	a->mirror = r->existing_mirror;
}

/* XenServer files name the primary disk among the guest disks, too, when it holds guests. */
static void end_guest_disks(struct reader *r, const char *array)
{
	struct answers *a = r->a;
	unsigned n = 0;

	for (unsigned i = 0; i < a->guest_disks; i++) {
		const struct answer_disk *g = &a->guest_disk[i];

		if (!answers_same_disk(g->name, a->primary.name) && !answers_same_disk(g->name, a->mirror.name) &&
		    (!*array || !answers_same_disk(g->name, array))) {
			a->guest_disk[n++] = *g;
			continue;
		}
		if (r->guest_storage_denied)
			diag_warning(r->ds, g->at.line, g->at.col, "<guest-disk>: %s is the primary disk; this counts, and guest-storage=\"no\" does not", g->name);
		a->guest_storage = true;
	}
	memset(&a->guest_disk[n], 0, (ANSWERS_GUEST_DISKS - n) * sizeof(a->guest_disk[0]));
	a->guest_disks = n;
}

void read_disks_end(struct reader *r)
{
	end_raid(r);
	end_existing(r);
	end_guest_disks(r, r->raid);
}
