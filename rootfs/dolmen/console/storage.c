/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Storage pools: how full they are, one more, one less. */
#include <stdio.h>
#include <string.h>

#include "../pool.h"
#include "../spec.h"
#include "action.h"
#include "console.h"
#include "core/text.h"
#include "ui/fields.h"
#include "ui/wrap.h"

struct rows {
	struct pools all;
	char row[POOLS][200];
	struct front_item item[POOLS + 3];
};

static void row_fill(struct rows *l, unsigned i)
{
	const struct pool *p = &l->all.p[i];
	char name[80], size[32], free[32];
	struct pool_usage u;
	struct err e;
	int n;

	n = snprintf(l->row[i], sizeof(l->row[i]), "%s%-5s", wrap_pad(p->name, 20, name, sizeof(name)), pool_kind_text[p->kind]);
	if (!pool_measure(p, &u, &e))
		snprintf(l->row[i] + n, sizeof(l->row[i]) - (size_t)n, _("%s, %s free"), text_size(u.total_bytes, size, sizeof(size)),
			 text_size(u.free_bytes, free, sizeof(free)));
	else
		snprintf(l->row[i] + n, sizeof(l->row[i]) - (size_t)n, "%s", _("not there"));
	l->item[i] = (struct front_item){ .text = l->row[i] };
}

static bool field_pool(const char *value, char *why, size_t size)
{
	struct err e;
	bool good = !spec_name(value, &e);

	if (!good)
		snprintf(why, size, "%s", _("Not a name. Letters, digits, `.`, `_` and `-`; not digits alone."));
	return good;
}

static enum front_answer ask_name(struct console *c, const char *title, const char *text, char *name, size_t size, const char *label, char *source,
				  size_t source_size)
{
	struct front_page p = { .title = title, .text = text };
	struct front_field fields[] = {
		{ .label = _("Name of the pool"), .value = name, .size = size, .check = field_pool },
		{ .label = label, .value = source, .size = source_size },
	};

	return c->front->calls->form(c->front, &p, fields, label ? 2 : 1);
}

/* One of the machine's disks, in ret as /dev/sdb. The command refuses those that it must not touch, and says why. */
static enum front_answer choose_disk(struct console *c, const char *title, char ret[64])
{
	static char row[MACHINE_DISKS][200];
	static struct front_item item[MACHINE_DISKS];
	struct front_page p = { .title = title, .text = _("Which disk? What is on it will be lost."),
				.help = _("Disks that the host or a guest uses are refused.") };
	enum front_answer answer;
	size_t chosen = 0;

	if (!console_probe(c) || !c->s.machine->disks) {
		answer = console_say(c, title, _("There are no disks."));
		return answer == FRONT_QUIT ? answer : FRONT_BACK;
	}
	for (unsigned i = 0; i < c->s.machine->disks; i++) {
		disk_row(c->s.machine, i, NULL, row[i], sizeof(row[i]));
		item[i] = (struct front_item){ .text = row[i] };
	}
	answer = c->front->calls->menu(c->front, &p, item, c->s.machine->disks, &chosen);
	if (answer == FRONT_NEXT)
		text_copy(ret, 64, c->s.machine->disk[chosen].path);
	return answer;
}

/* The name of the disk is to be typed before it is erased. */
static enum front_answer confirm_disk(struct console *c, const char *title, const char *disk)
{
	char text[300];
	struct front_page p = { .title = title, .text = text };

	snprintf(text, sizeof(text), _("Everything on %s is erased now. Type the name of the disk, %s, to begin."), disk, strrchr(disk, '/') + 1);
	return c->front->calls->confirm(c->front, &p, strrchr(disk, '/') + 1);
}

static enum front_answer add_disk(struct console *c)
{
	static const enum pool_kind kinds[] = { POOL_THIN, POOL_THICK, POOL_EXT };
	struct action a = { .title = _("Add a disk"), .doing = _("Adding the disk...") };
	struct front_page p = {
		.title = a.title, .text = _("How are the guests' disks stored on it?"),
		.help = _("Thin volumes take room as they are written, and have snapshots and clones in an instant. Volumes of LVM have all their room from the start. Files can be copied like any others."),
	};
	struct front_item items[] = { { .text = _("Thin volumes: snapshots, clones") }, { .text = _("Volumes (LVM)") }, { .text = _("Files (ext4)") } };
	char disk[64], name[POOL_NAME] = "";
	enum front_answer answer = choose_disk(c, a.title, disk);
	size_t chosen = 0;
	bool done;

	if (answer == FRONT_NEXT)
		answer = c->front->calls->menu(c->front, &p, items, 3, &chosen);
	if (answer == FRONT_NEXT)
		answer = ask_name(c, a.title, _("What is the pool called?"), name, sizeof(name), NULL, NULL, 0);
	if (answer == FRONT_NEXT)
		answer = confirm_disk(c, a.title, disk);
	if (answer != FRONT_NEXT)
		return answer;
	action_add(&a, "storage", "add", name, pool_kind_text[kinds[chosen]], disk, "--erase", "--yes", NULL);
	return action_do(c, &a, &done);
}

static enum front_answer add_nfs(struct console *c)
{
	static char source[256];
	struct action a = { .title = _("Add a folder of an NFS server"), .doing = _("Asking the server...") };
	char name[POOL_NAME] = "";
	enum front_answer answer = ask_name(c, a.title, _("Guests' disks are files there, which other hosts may share."), name, sizeof(name),
					    _("Server:/folder"), source, sizeof(source));
	bool done;

	if (answer != FRONT_NEXT)
		return answer;
	action_add(&a, "storage", "add", name, "nfs", source, "--yes", NULL);
	return action_do(c, &a, &done);
}

static enum front_answer fetch_iso(struct console *c)
{
	static char url[1024];
	struct action a = { .title = _("Fetch an ISO image"), .doing = _("Fetching...") };
	struct front_page p = {
		.title = a.title, .text = _("From which address? http and https; certificates are checked."),
		.help = _("The image goes into the first pool that has files. One that is on your own computer is brought with:\n\nssh root@HOST dolmen storage iso add - --name debian.iso <debian.iso"),
	};
	struct front_field field = { .label = _("Address"), .value = url, .size = sizeof(url), .check = field_url };
	enum front_answer answer = c->front->calls->form(c->front, &p, &field, 1);

	if (answer != FRONT_NEXT)
		return answer;
	action_add(&a, "storage", "iso", "add", url, NULL);
	return action_tell(c, &a);
}

static enum front_answer extend(struct console *c, const struct pool *p)
{
	struct action a = { .title = p->name, .doing = _("Adding the disk...") };
	char disk[64];
	enum front_answer answer = choose_disk(c, p->name, disk);
	bool done;

	if (answer == FRONT_NEXT)
		answer = confirm_disk(c, p->name, disk);
	if (answer != FRONT_NEXT)
		return answer;
	action_add(&a, "storage", "extend", p->name, disk, "--erase", "--yes", NULL);
	return action_do(c, &a, &done);
}

static enum front_answer remove_pool(struct console *c, const struct pool *p)
{
	struct action a = { .title = p->name, .doing = _("Removing the pool...") };
	enum front_answer answer;
	char text[300];
	bool yes, done;

	snprintf(text, sizeof(text), _("Remove the pool %s from this host? What is in it stays there."), p->name);
	answer = console_ask(c, p->name, text, _("Yes, remove it"), &yes);
	if (answer != FRONT_NEXT || !yes)
		return answer;
	action_add(&a, "storage", "remove", p->name, "--yes", NULL);
	return action_do(c, &a, &done);
}

static enum front_answer pool_menu(struct console *c, const struct pool *pool, const char *row)
{
	struct front_page p = { .title = pool->name, .text = row };
	bool volumes = !pool_has_files(pool);
	struct front_item items[] = { { .text = _("Add a disk to it"), .disabled = !volumes }, { .text = _("Remove it from this host") } };
	size_t chosen = volumes ? 0 : 1;
	enum front_answer answer = c->front->calls->menu(c->front, &p, items, 2, &chosen);

	if (answer != FRONT_NEXT)
		return answer;
	return chosen == 0 ? extend(c, pool) : remove_pool(c, pool);
}

enum front_answer console_storage(struct console *c)
{
	static struct rows l;
	struct front_page p = {
		.title = _("Storage"), .text = _("Where guests' disks are. Which pool, or one more?"),
		.help = _("A pool is a disk, or several, or a folder of a server. The first is taken when none is named. More, iSCSI for one, is in the shell: `dolmen help storage`."),
	};
	enum front_answer answer;
	size_t chosen = 0;
	struct err e;

	for (;;) {
		console_busy(c, p.title, _("Looking at the storage..."));
		if (pool_list(&l.all, &e))
			return console_failed(c, p.title, &e);
		for (unsigned i = 0; i < l.all.n; i++)
			row_fill(&l, i);
		l.item[l.all.n] = (struct front_item){ .text = _("Add a disk") };
		l.item[l.all.n + 1] = (struct front_item){ .text = _("Add a folder of an NFS server") };
		l.item[l.all.n + 2] = (struct front_item){ .text = _("Fetch an ISO image") };
		if (chosen > l.all.n + 2)
			chosen = 0;
		answer = c->front->calls->menu(c->front, &p, l.item, l.all.n + 3, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		if (chosen == l.all.n)
			answer = add_disk(c);
		else if (chosen == l.all.n + 1)
			answer = add_nfs(c);
		else if (chosen == l.all.n + 2)
			answer = fetch_iso(c);
		else
			answer = pool_menu(c, &l.all.p[chosen], l.row[chosen]);
		if (answer == FRONT_QUIT)
			return answer;
	}
}
