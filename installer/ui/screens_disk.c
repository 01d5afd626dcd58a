/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the host goes, and where its guests. */
#include "screens.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "i18n.h"

#define GUEST_DISK_LEAST (UINT64_C(64) << 20)

struct disk_list {
	unsigned n, disk[MACHINE_DISKS];
	struct front_item item[MACHINE_DISKS];
	char row[MACHINE_DISKS][400], details[MACHINE_DISKS][1600];
};

static void list_add(struct disk_list *l, const struct machine *m, unsigned disk, const char *why)
{
	disk_row(m, disk, why, l->row[l->n], sizeof(l->row[0]));
	disk_details(m, disk, l->details[l->n], sizeof(l->details[0]));
	l->item[l->n] = (struct front_item){ .text = l->row[l->n], .detail = l->details[l->n], .disabled = why != NULL };
	l->disk[l->n++] = disk;
}

/* Of a mirror that stays, both disks are the host's: nobody is asked for the second. */
static void disk_keep(struct session *s, unsigned disk)
{
	int half = s->a.mode == MODE_FRESH ? -1 : disk_other_half(s->machine, disk);

	disk_stable_name(s->machine, disk, s->a.primary.name);
	if (half >= 0)
		disk_stable_name(s->machine, (unsigned)half, s->a.mirror.name);
	else if (s->a.mode != MODE_FRESH || disk_index(s->machine, s->a.mirror.name) == (int)disk)
		s->a.mirror.name[0] = 0;
}

enum front_answer screen_disk(struct session *s)
{
	static struct disk_list l;
	struct front_page p = {
		.title = _("Disk"),
		.text = s->a.mode == MODE_REINSTALL ?
			_("Which Dolmen is to be reinstalled? Its guests' storage is kept; everything else on the disk is lost. Of a mirror choose either disk: both are done.") :
			_("Which disk is the host to be installed on? Everything on it will be lost; you are asked again before."),
		.help = _("F5 shows everything that is known about a disk, and what is on it now. Disks that cannot be used are shown with the reason. A host needs a disk of 8 GiB."),
	};
	const struct machine *m = s->machine;
	size_t chosen = SIZE_MAX;
	enum front_answer answer;

	l.n = 0;
	for (unsigned i = 0; i < m->disks; i++) {
		char why[200];
		bool usable = disk_usable(m, i, LAYOUT_MIN_DISK, why, sizeof(why));

		if (usable && s->a.mode == MODE_REINSTALL && !disk_has_dolmen(m, i)) {
			usable = false;
			text_copy(why, sizeof(why), _("no Dolmen on it"));
		}
		if ((chosen == SIZE_MAX && usable && !*s->a.primary.name) || (*s->a.primary.name && disk_index(m, s->a.primary.name) == (int)i))
			chosen = l.n;
		list_add(&l, m, i, usable ? NULL : why);
	}
	if (!l.n) {
		screen_say(s, p.title, _("There is no disk. Attach one, or switch its controller on in the firmware's setup, and start the machine again."));
		return FRONT_BACK;
	}
	chosen = chosen == SIZE_MAX ? 0 : chosen;
	answer = s->front->calls->menu(s->front, &p, l.item, l.n, &chosen);
	if (answer == FRONT_NEXT)
		disk_keep(s, l.disk[chosen]);
	return answer;
}

enum front_answer screen_mirror(struct session *s)
{
	static struct disk_list l;
	struct front_page p = {
		.title = _("Mirror"),
		.text = _("A second disk can hold a copy of the first (RAID 1). The host then survives the loss of one of them. Everything on the second disk will be lost, too."),
		.help = _("The system, its settings and the guests' storage on this disk are mirrored. The smaller of the two disks gives the size."),
	};
	const struct machine *m = s->machine;
	size_t chosen = 0;
	enum front_answer answer;

	l.n = 1;
	l.item[0] = (struct front_item){ .text = _("No mirror: one disk") };
	for (unsigned i = 0; i < m->disks; i++) {
		char why[200];

		if ((int)i == disk_index(m, s->a.primary.name))
			continue;
		if (disk_index(m, s->a.mirror.name) == (int)i)
			chosen = l.n;
		list_add(&l, m, i, disk_usable(m, i, LAYOUT_MIN_DISK, why, sizeof(why)) ? NULL : why);
	}
	answer = s->front->calls->menu(s->front, &p, l.item, l.n, &chosen);
	if (answer == FRONT_NEXT && chosen)
		disk_stable_name(m, l.disk[chosen], s->a.mirror.name);
	else if (answer == FRONT_NEXT)
		s->a.mirror.name[0] = 0;
	return answer;
}

static bool chosen_for_guests(const struct session *s, unsigned disk)
{
	for (unsigned i = 0; i < s->a.guest_disks; i++)
		if (disk_index(s->machine, s->a.guest_disk[i].name) == (int)disk)
			return true;
	return false;
}

/* false: more disks are marked than there can be; the first ones are kept. */
static bool storage_disks_keep(struct session *s, const struct disk_list *l)
{
	unsigned marked = 0;

	s->a.guest_storage = l->item[0].on;
	s->a.guest_disks = 0;
	for (unsigned i = 1; i < l->n; i++)
		if (l->item[i].on && marked++ < ANSWERS_GUEST_DISKS)
			disk_stable_name(s->machine, l->disk[i], s->a.guest_disk[s->a.guest_disks++].name);
	if (s->a.guest_storage + s->a.guest_disks > 1 && s->a.storage == STORAGE_EXT)
		s->a.storage = STORAGE_LVM;
	return marked <= ANSWERS_GUEST_DISKS;
}

/* Shows what is kept of the marks when they were too many. */
static enum front_answer too_many_disks(struct session *s, const char *title)
{
	char text[300];

	snprintf(text, sizeof(text), _("At most %d whole disks can be for guests. Only the first ones that you marked still are; look at them again."),
		 ANSWERS_GUEST_DISKS);
	return screen_say(s, title, text);
}

enum front_answer screen_storage_disks(struct session *s)
{
	static struct disk_list l;
	struct front_page p = {
		.title = _("Storage for guests"),
		.text = _("Where are the disks of the virtual machines to be? Everything on the disks marked here will be lost."),
		.help = _("The rest of the host's disk is what the system does not need: all but about 7 GiB. Several places become one pool. The space bar marks a line."),
	};
	struct front_page none = {
		.title = p.title,
		.text = _("Nothing is marked: the host will have no storage for guests. It can be added later, by hand."),
	};
	const struct machine *m = s->machine;
	enum front_answer answer;
	bool sure = false;

	for (;;) {
		l.n = 1;
		l.item[0] = (struct front_item){ .text = _("The rest of the host's disk"), .on = s->a.guest_storage };
		for (unsigned i = 0; i < m->disks; i++) {
			char why[200];

			if ((int)i == disk_index(m, s->a.primary.name) || (int)i == disk_index(m, s->a.mirror.name))
				continue;
			list_add(&l, m, i, disk_usable(m, i, GUEST_DISK_LEAST, why, sizeof(why)) ? NULL : why);
			l.item[l.n - 1].on = chosen_for_guests(s, i) && !l.item[l.n - 1].disabled;
		}
		answer = s->front->calls->checklist(s->front, &p, l.item, l.n, 0);
		if (answer == FRONT_QUIT)
			return answer;
		if (!storage_disks_keep(s, &l) && answer == FRONT_NEXT) {
			if (too_many_disks(s, p.title) == FRONT_QUIT)
				return FRONT_QUIT;
			continue;
		}
		if (answer == FRONT_BACK || s->a.guest_storage || s->a.guest_disks)
			return answer;
		answer = s->front->calls->ask(s->front, &none, _("No storage for guests"), _("Choose again"), &sure);
		if (answer == FRONT_QUIT || (answer == FRONT_NEXT && sure))
			return answer;
	}
}

enum front_answer screen_storage(struct session *s)
{
	struct front_page p = {
		.title = _("Kind of storage"), .text = _("How are the guests' disks to be kept?"),
		.help = _("Thin: a disk takes only the room that is written, and snapshots are cheap. The pool must be watched so that it does not run full.\n\nThick: each disk has its room from the start. The fastest and simplest.\n\nFiles: each disk is a file on ext4. Easy to copy; one place only."),
	};
	const enum storage_type types[] = { STORAGE_THIN, STORAGE_LVM, STORAGE_EXT };
	struct front_item items[] = {
		{ .text = _("LVM, thin: room is taken when it is written") },
		{ .text = _("LVM, thick: room is set aside at once") },
		{ .text = _("Files on ext4") },
	};
	size_t chosen = s->a.storage == STORAGE_THIN ? 0 : s->a.storage == STORAGE_LVM ? 1 : 2;
	enum front_answer answer;

	if (s->a.guest_storage + s->a.guest_disks > 1) {
		items[2].disabled = true;
		items[2].text = _("Files on ext4 (not on several disks)");
	}
	answer = s->front->calls->menu(s->front, &p, items, 3, &chosen);
	if (answer == FRONT_NEXT)
		s->a.storage = types[chosen];
	return answer;
}
