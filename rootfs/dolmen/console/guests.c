/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual machines: all of them, and what can be done with one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "console.h"
#include "core/text.h"
#include "guest_list.h"
#include "guests.h"
#include "ui/waiting.h"
#include "ui/wrap.h"

#define REFRESH_SECONDS 2

/* As rows of a list. */
struct rows {
	struct console *c;
	struct guests all;
	char row[GUESTS + 1][200];
	struct front_item item[GUESTS + 1];
	time_t read;
};

/* The words of vm_state(), for the screens. */
static const char *state_shown(const struct guest *g)
{
	static const char *const words[] = { N_("running"), N_("paused"), N_("shutting down"), N_("off"), N_("crashed"), N_("suspended"), N_("saved") };

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], g->state_text))
			return _(words[i]);
	return g->state_text;
}

static void row_fill(struct rows *l, unsigned i)
{
	const struct guest *g = &l->all.guest[i];
	char name[120], state[80], size[32];

	wrap_fit(g->name, 28, state, sizeof(state));
	wrap_pad(state, 29, name, sizeof(name));
	wrap_pad(state_shown(g), 14, state, sizeof(state));
	snprintf(l->row[i], sizeof(l->row[i]), "%s%s%10s  %u vCPU", name, state, text_size(g->memory, size, sizeof(size)), g->vcpus);
	l->item[i].text = l->row[i];
}

/* States and sizes; machines that come and go while the list stands there are seen when it is opened again. */
static bool guests_refresh(void *user)
{
	static struct guests now;
	struct rows *l = user;
	struct err e;

	if (waiting_seconds() - l->read < REFRESH_SECONDS)
		return false;
	l->read = waiting_seconds();
	if (guests_read(&now, &e))
		return false;
	for (unsigned i = 0; i < l->all.n; i++)
		for (unsigned k = 0; k < now.n; k++)
			if (!strcmp(l->all.guest[i].name, now.guest[k].name)) {
				l->all.guest[i] = now.guest[k];
				row_fill(l, i);
			}
	return true;
}

/* ---- one of them ---- */

struct deed {
	const char *text;
	const char *command;		/* of `dolmen vm` */
	unsigned states;		/* in which it can be done */
	const char *ask;		/* what is asked before, with the machine's name; NULL: nothing */
	const char *option;
};

#define IN(state) (1u << (state))
#define ON (IN(STATE_RUNNING) | IN(STATE_PAUSED))
#define NOT_ON (IN(STATE_OFF) | IN(STATE_SAVED))

static const struct deed deeds[] = {
	{ N_("Start"), "start", NOT_ON, NULL, NULL },
	{ N_("Go on"), "resume", IN(STATE_PAUSED), NULL, NULL },
	{ N_("Text console"), "console", IN(STATE_RUNNING), NULL, NULL },
	{ N_("Where its screen is (VNC)"), "console", ON, NULL, "--show" },
	{ N_("Shut down"), "shutdown", IN(STATE_RUNNING), NULL, NULL },
	{ N_("Restart"), "reboot", IN(STATE_RUNNING), N_("Restart %s? Who works with it is interrupted."), NULL },
	{ N_("Pause"), "pause", IN(STATE_RUNNING), NULL, NULL },
	{ N_("Save its memory and stop it"), "save", ON, NULL, NULL },
	{ N_("Turn off at once"), "destroy", ON, N_("Turn %s off at once? It is as if its power failed: what it has not written is lost."), NULL },
	{ N_("Start with the host: on or off"), "set", ON | NOT_ON, NULL, "--autostart" },
	{ N_("Delete, with its disks"), "delete", NOT_ON, N_("Delete %s and its disks? What is on them is lost."), "--yes" },
};
#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

enum front_answer guest_screen(struct console *c, const struct action *a)
{
	enum front_answer answer = FRONT_NEXT;
	struct err e;
	char *out;
	int rc = action_run(c, a, &out, &e);

	if (rc)
		return rc == -ECANCELED ? FRONT_NEXT : console_failed(c, a->title, &e);
	answer = console_say(c, a->title, *out ? out : _("It has no screen. Its text console is in the menu."));
	free(out);
	return answer;
}

static enum front_answer deed_do(struct console *c, const struct guest *g, const struct deed *d)
{
	struct action a = { .title = g->name, .doing = _(d->text) };
	bool yes = true, done;
	char text[300];

	if (d->ask) {
		enum front_answer answer;

		snprintf(text, sizeof(text), _(d->ask), g->name);
		answer = console_ask(c, g->name, text, _(d->text), &yes);
		if (answer != FRONT_NEXT || !yes)
			return answer == FRONT_QUIT ? FRONT_QUIT : FRONT_NEXT;
	}
	if (!strcmp(d->command, "console") && !d->option) {
		action_terminal(c, "", (char *[]){ NULL, (char *)"vm", (char *)"console", (char *)g->name, NULL });
		return FRONT_NEXT;
	}
	action_add(&a, "vm", d->command, g->name, d->option, NULL);
	if (!strcmp(d->command, "set"))
		action_add(&a, g->autostart ? "off" : "on", NULL);
	return !strcmp(d->command, "console") ? guest_screen(c, &a) : action_do(c, &a, &done);
}

static bool guest_find(struct guests *l, const char *name, struct guest *ret)
{
	struct err e;

	if (guests_read(l, &e))
		return false;
	for (unsigned i = 0; i < l->n; i++)
		if (!strcmp(l->guest[i].name, name)) {
			*ret = l->guest[i];
			return true;
		}
	return false;
}

/* Until it is gone, or somebody goes back. */
static enum front_answer guest_menu(struct console *c, struct guests *l, const char *guest_name)
{
	char text[300], size[32], name[64];
	struct front_page p = {
		.title = name, .text = text,
		.help = _("Shut down asks the machine's own system; turning off is like a power cut. A saved machine goes on where it was when it is started. The text console is what the machine says on its serial port; its picture is reached with VNC over SSH.\n\nMemory, processors and snapshots: `dolmen help vm` in the shell."),
	};
	struct guest g;

	text_copy(name, sizeof(name), guest_name);
	while (guest_find(l, name, &g)) {
		struct front_item items[DEEDS] = { 0 };
		const struct deed *offered[DEEDS];
		enum front_answer answer;
		size_t n = 0, chosen = 0;

		snprintf(text, sizeof(text), _("%s; memory %s; processors %u; starts with the host: %s"), state_shown(&g),
			 text_size(g.memory, size, sizeof(size)), g.vcpus, g.autostart ? _("yes") : _("no"));
		for (size_t i = 0; i < DEEDS; i++)
			if (deeds[i].states & IN(g.state)) {
				items[n].text = _(deeds[i].text);
				offered[n++] = &deeds[i];
			}
		answer = c->front->calls->menu(c->front, &p, items, n, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		if (deed_do(c, &g, offered[chosen]) == FRONT_QUIT)
			return FRONT_QUIT;
	}
	return FRONT_NEXT;
}

enum front_answer console_guests(struct console *c)
{
	static struct rows l;
	struct front_page p = {
		.title = _("Virtual machines"), .text = _("Which one, or a new one?"), .refresh = guests_refresh, .user = &l,
		.help = _("Enter shows what can be done with a machine. `virsh` and `xl` in the shell see the same machines."),
	};
	enum front_answer answer;
	size_t chosen = 0;
	struct err e;

	for (;;) {
		l.c = c;
		console_busy(c, p.title, _("Looking at the virtual machines..."));
		if (guests_read(&l.all, &e))
			return console_failed(c, p.title, &e);
		l.read = waiting_seconds();
		for (unsigned i = 0; i < l.all.n; i++)
			row_fill(&l, i);
		l.item[l.all.n] = (struct front_item){ .text = _("A new virtual machine") };
		if (chosen > l.all.n)
			chosen = l.all.n;
		answer = c->front->calls->menu(c->front, &p, l.item, l.all.n + 1, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		answer = chosen == l.all.n ? guest_create(c) : guest_menu(c, &l.all, l.all.guest[chosen].name);
		if (answer == FRONT_QUIT)
			return answer;
	}
}
