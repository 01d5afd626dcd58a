/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new virtual machine: its name and size, what it is installed from, where its disk is, its network. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pool.h"
#include "../spec.h"
#include "action.h"
#include "core/text.h"
#include "guests.h"
#include "ui/wrap.h"

#define CHOICES 64

struct wanted {
	char name[64], memory[16], vcpus[8], disk[16];
	char medium[300], pool[POOL_NAME], bridge[32];	/* "": none; the first; none */
};

/* A list to choose from. value stands behind the last row of fixed ones. */
struct choices {
	unsigned n;
	struct front_item item[CHOICES];
	char row[CHOICES][300], value[CHOICES][300];
};

static void choice_add(struct choices *l, const char *value, const char *row)
{
	if (l->n == CHOICES)
		return;
	text_copy(l->value[l->n], sizeof(l->value[0]), value);
	text_copy(l->row[l->n], sizeof(l->row[0]), row);
	l->item[l->n] = (struct front_item){ .text = l->row[l->n] };
	l->n++;
}

static enum front_answer choose(struct console *c, const struct front_page *p, struct choices *l, char *value, size_t size)
{
	enum front_answer answer;
	size_t chosen = 0;

	for (unsigned i = 0; i < l->n; i++)
		if (!strcmp(l->value[i], value))
			chosen = i;
	answer = c->front->calls->menu(c->front, p, l->item, l->n, &chosen);
	if (answer == FRONT_NEXT)
		text_copy(value, size, l->value[chosen]);
	return answer;
}

static bool right(bool good, const char *text, char *why, size_t size)
{
	if (!good)
		snprintf(why, size, "%s", text);
	return good;
}

static bool field_size(const char *value, char *why, size_t size)
{
	uint64_t bytes;
	struct err e;

	return right(!spec_size(value, &bytes, &e), _("Not a size. Write one like 2G or 512M."), why, size);
}

static bool field_count(const char *value, char *why, size_t size)
{
	unsigned long n = strtoul(value, NULL, 10);

	return right(text_only(value, "0123456789") && n >= 1 && n <= 512, _("Not a number from 1 to 512."), why, size);
}

static bool field_name(const char *value, char *why, size_t size)
{
	struct err e;

	return right(!spec_name(value, &e), _("Not a name. Letters, digits, `.`, `_` and `-`; not digits alone."), why, size);
}

static enum front_answer ask_size(struct console *c, struct wanted *w)
{
	struct front_page p = {
		.title = _("A new virtual machine"), .text = _("What is it called, and how large is it?"),
		.help = _("Sizes are written with their unit: 512M, 2G. Memory and processors can be changed later; the disk grows only in the shell."),
	};
	struct front_field fields[] = {
		{ .label = _("Name"), .value = w->name, .size = sizeof(w->name), .check = field_name },
		{ .label = _("Memory"), .value = w->memory, .size = sizeof(w->memory), .check = field_size },
		{ .label = _("Processors"), .value = w->vcpus, .size = sizeof(w->vcpus), .check = field_count },
		{ .label = _("Disk"), .value = w->disk, .size = sizeof(w->disk), .check = field_size },
	};

	return c->front->calls->form(c->front, &p, fields, 4);
}

static void add_files(struct console *c, struct choices *l, const char *pattern)
{
	char path[512], row[300];
	glob_t g;

	if (glob(console_path(c, pattern, path, sizeof(path)), 0, NULL, &g))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++)
		choice_add(l, g.gl_pathv[i], wrap_fit(g.gl_pathv[i] + strlen(c->root), FRONT_WIDTH - 4, row, sizeof(row)));
	globfree(&g);
}

/* ISO images: in the folders of pools that are files, and in their ISO libraries. */
static void add_media(struct console *c, struct choices *l)
{
	static const char *const patterns[] = { "/*.iso", "/iso/*.iso", "/*.ISO", "/iso/*.ISO" };
	static struct pools all;
	char pattern[300];
	struct err e;

	if (pool_list(&all, &e))
		all.n = 0;
	for (unsigned k = 0; k < sizeof(patterns) / sizeof(patterns[0]); k++) {
		bool storage = false;

		for (unsigned i = 0; i < all.n; i++) {
			if (!*all.p[i].folder || !pool_is_up(&all.p[i]))
				continue;
			storage = storage || !strcmp(all.p[i].folder, "/storage");
			snprintf(pattern, sizeof(pattern), "%s%s", all.p[i].folder, patterns[k]);
			add_files(c, l, pattern);
		}
		snprintf(pattern, sizeof(pattern), "/storage%s", patterns[k]);
		if (!storage)
			add_files(c, l, pattern);
	}
}

static enum front_answer ask_medium(struct console *c, struct wanted *w)
{
	static struct choices l;
	struct front_page p = {
		.title = _("Medium"), .text = _("From which ISO image is it installed?"),
		.help = _("ISO images in the guests' file systems are listed. Storage, in the menu, fetches one from a web server."),
	};

	l.n = 0;
	add_media(c, &l);
	choice_add(&l, "", _("None: an empty disk; it is not started"));
	return choose(c, &p, &l, w->medium, sizeof(w->medium));
}

static enum front_answer ask_pool(struct console *c, struct wanted *w)
{
	static struct choices l;
	static struct pools all;
	struct front_page p = { .title = _("Storage"), .text = _("In which storage pool is its disk?") };
	char row[200], size[32];
	struct pool_usage u;
	struct err e;

	l.n = 0;
	if (pool_list(&all, &e))
		return console_failed(c, p.title, &e) == FRONT_QUIT ? FRONT_QUIT : FRONT_BACK;
	for (unsigned i = 0; i < all.n; i++) {
		bool up = !pool_measure(&all.p[i], &u, &e);

		if (up)
			snprintf(row, sizeof(row), _("%s: %s free"), all.p[i].name, text_size(u.free_bytes, size, sizeof(size)));
		else
			snprintf(row, sizeof(row), "%s: %s", all.p[i].name, _("not there"));
		choice_add(&l, all.p[i].name, row);
		l.item[l.n - 1].disabled = !up;
	}
	if (!l.n)
		return console_say(c, p.title, _("This host has no storage for guests. Add some first: Storage in the menu.")) == FRONT_QUIT ? FRONT_QUIT : FRONT_BACK;
	if (l.n == 1 && !l.item[0].disabled) {
		text_copy(w->pool, sizeof(w->pool), l.value[0]);
		return FRONT_NEXT;
	}
	return choose(c, &p, &l, w->pool, sizeof(w->pool));
}

static enum front_answer ask_bridge(struct console *c, struct wanted *w)
{
	static struct choices l;
	struct front_page p = { .title = _("Network"), .text = _("On which network is it?"),
				.help = _("Bridges of the host. xenbr0 is the management network.") };
	char path[512];
	size_t skip;
	glob_t g;

	l.n = 0;
	if (!glob(console_path(c, "/sys/class/net/*/bridge", path, sizeof(path)), 0, NULL, &g)) {
		skip = strlen(c->root) + strlen("/sys/class/net/");
		for (size_t i = 0; i < g.gl_pathc; i++) {
			g.gl_pathv[i][strlen(g.gl_pathv[i]) - strlen("/bridge")] = 0;
			choice_add(&l, g.gl_pathv[i] + skip, g.gl_pathv[i] + skip);
		}
		globfree(&g);
	}
	choice_add(&l, "", _("None"));
	return choose(c, &p, &l, w->bridge, sizeof(w->bridge));
}

static enum front_answer create(struct console *c, struct wanted *w)
{
	struct action a = { .title = w->name, .doing = _("Making the virtual machine...") };
	bool done;

	action_add(&a, "vm", "create", w->name, "--memory", w->memory, "--vcpus", w->vcpus, "--disk", w->disk, NULL);
	if (strcmp(w->pool, POOL_LOCAL) != 0)
		action_add(&a, "--storage", w->pool, NULL);
	if (*w->bridge)
		action_add(&a, "--net", w->bridge, NULL);
	if (*w->medium)
		action_add(&a, "--cdrom", w->medium, "--start", NULL);
	enum front_answer answer = action_do(c, &a, &done);

	if (!done)
		return answer == FRONT_QUIT ? FRONT_QUIT : FRONT_BACK;
	if (!*w->medium)
		return console_say(c, w->name, _("The virtual machine is there. It is off."));
	a = (struct action){ .title = w->name, .doing = _("Looking for its screen...") };
	action_add(&a, "vm", "console", w->name, "--show", NULL);
	return guest_screen(c, &a) == FRONT_QUIT ? FRONT_QUIT : FRONT_NEXT;
}

enum front_answer guest_create(struct console *c)
{
	static enum front_answer (*const steps[])(struct console *c, struct wanted *w) = { ask_size, ask_medium, ask_pool, ask_bridge, create };
	/* The first medium is the one marked. */
	struct wanted w = { .memory = "2G", .vcpus = "2", .disk = "20G", .medium = "?", .bridge = "xenbr0" };
	int i = 0;

	while (i >= 0 && i < (int)(sizeof(steps) / sizeof(steps[0])))
		switch (steps[i](c, &w)) {
		case FRONT_NEXT: i++; break;
		case FRONT_BACK:
			/* A pool that was not asked for is not gone back to. */
			i -= i == 3 && !strcmp(w.pool, POOL_LOCAL) ? 2 : 1;
			break;
		case FRONT_QUIT: return FRONT_QUIT;
		}
	return FRONT_NEXT;
}
