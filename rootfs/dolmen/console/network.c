/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The management network, asked for with the installer's screens; a change is on trial until somebody who still sees them keeps it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../network.h"
#include "action.h"
#include "console.h"
#include "core/text.h"

static unsigned word_find(const char *const words[], unsigned n, const char *value, unsigned otherwise)
{
	for (unsigned i = 0; value && i < n; i++)
		if (!strcmp(words[i], value))
			return i;
	return otherwise;
}

/* `192.0.2.10/24` into its halves */
static unsigned prefix_split(const char *value, char *address, size_t size)
{
	const char *slash = value ? strchr(value, '/') : NULL;

	if (!slash)
		return 0;
	snprintf(address, size, "%.*s", (int)(slash - value), value);
	return (unsigned)strtoul(slash + 1, NULL, 10);
}

static void copy(char *to, size_t size, const char *value)
{
	text_copy(to, size, value ? value : "");
}

/* What is so now, as the installer's answers and in its fields. */
static int answers_get(struct session *s, struct err *e)
{
	struct answers *a = &s->a;
	struct hostconf h;
	int rc = hostconf_read(&h, e);

	if (!rc) {
		answers_defaults(a);
		copy(s->vlan, sizeof(s->vlan), hostconf_get(&h, "vlan"));
		a->vlan = (unsigned)strtoul(s->vlan, NULL, 10);
		a->ipv4 = (enum ipv4_mode)word_find(ipv4_mode_text, IPV4_MAX, hostconf_get(&h, "ipv4"), IPV4_NONE);
		a->prefix = prefix_split(hostconf_get(&h, "address"), a->address, sizeof(a->address));
		snprintf(s->netmask, sizeof(s->netmask), a->prefix ? "%u" : "", a->prefix);
		copy(a->gateway, sizeof(a->gateway), hostconf_get(&h, "gateway"));
		a->ipv6 = (enum ipv6_mode)word_find(ipv6_mode_text, IPV6_MAX, hostconf_get(&h, "ipv6"), IPV6_NONE);
		copy(s->address6, sizeof(s->address6), hostconf_get(&h, "address6"));
		a->prefix6 = prefix_split(s->address6, a->address6, sizeof(a->address6));
		copy(a->gateway6, sizeof(a->gateway6), hostconf_get(&h, "gateway6"));
	}
	hostconf_close(&h);
	return rc;
}

static bool always(const struct answers *a)
{
	(void)a;
	return true;
}

static bool static4(const struct answers *a)
{
	return a->ipv4 == IPV4_STATIC;
}

static bool static6(const struct answers *a)
{
	return a->ipv6 == IPV6_STATIC;
}

static const struct {
	screen_run *run;
	bool (*applies)(const struct answers *a);
} screens[] = {
	{ screen_vlan, always }, { screen_ipv4, always }, { screen_address, static4 }, { screen_ipv6, always }, { screen_address6, static6 },
};
#define SCREENS ((int)(sizeof(screens) / sizeof(screens[0])))

static enum front_answer ask(struct session *s)
{
	int i = 0;

	while (i < SCREENS) {
		int step;

		switch (screens[i].run(s)) {
		case FRONT_NEXT: step = 1; break;
		case FRONT_BACK: step = -1; break;
		default: return FRONT_QUIT;
		}
		do
			i += step;
		while (i >= 0 && i < SCREENS && !screens[i].applies(&s->a));
		if (i < 0)
			return FRONT_BACK;
	}
	return FRONT_NEXT;
}

/* The words of `dolmen network set`; their texts live as long as the caller's buffers. */
struct words {
	char vlan[8], address[32], address6[64];
};

static void words_add(struct action *act, const struct answers *a, struct words *w)
{
	snprintf(w->vlan, sizeof(w->vlan), a->vlan ? "%u" : "none", a->vlan);
	snprintf(w->address, sizeof(w->address), "%s/%u", a->address, a->prefix);
	snprintf(w->address6, sizeof(w->address6), "%s/%u", a->address6, a->prefix6);
	action_add(act, "network", "set", "--vlan", w->vlan, "--ipv4", ipv4_mode_text[a->ipv4], "--ipv6", ipv6_mode_text[a->ipv6], NULL);
	if (a->ipv4 == IPV4_STATIC)
		action_add(act, "--address", w->address, "--gateway", *a->gateway ? a->gateway : "none", NULL);
	if (a->ipv6 == IPV6_STATIC)
		action_add(act, "--address6", w->address6, "--gateway6", *a->gateway6 ? a->gateway6 : "none", NULL);
}

struct countdown {
	char keep[120];
	struct front_item item[2];
};

static bool countdown_refresh(void *user)
{
	struct countdown *d = user;
	unsigned left = network_trial_left();

	snprintf(d->keep, sizeof(d->keep), _("Keep it (%u s are left)"), left);
	d->item[0].text = d->keep;
	return true;
}

static enum front_answer keep(struct console *c)
{
	struct countdown d = { .item = { [1] = { .text = _("Take it back now") } } };
	struct front_page p = {
		.title = _("Network"), .text = _("The new configuration counts now. Is the host reached as it should be?"), .first = true,
		.help = _("Unless it is kept in time, the host takes the configuration of before again, by itself. Over SSH it may be that you see this no more: then wait."),
		.refresh = countdown_refresh, .user = &d,
	};
	struct action a = { .title = p.title, .doing = _("Changing the network...") };
	enum front_answer answer;
	size_t chosen = 0;
	bool done;

	countdown_refresh(&d);
	answer = c->front->calls->menu(c->front, &p, d.item, 2, &chosen);
	if (answer != FRONT_NEXT)
		return answer;
	action_add(&a, "network", chosen == 0 ? "confirm" : "revert", NULL);
	return action_do(c, &a, &done);
}

static enum front_answer change(struct console *c)
{
	struct action a = { .title = _("Network"), .doing = _("Changing the network...") };
	enum front_answer answer;
	struct words w;
	struct err e;
	bool done;

	if (answers_get(&c->s, &e))
		return console_failed(c, a.title, &e);
	answer = ask(&c->s);
	if (answer != FRONT_NEXT)
		return answer;
	words_add(&a, &c->s.a, &w);
	answer = action_do(c, &a, &done);
	return done ? keep(c) : answer;
}

enum front_answer console_network(struct console *c)
{
	struct front_page p = {
		.title = _("Network"), .text = _("The network over which the host is managed, and its guests' networks."),
		.help = _("More networks for guests, bonds and VLANs are in the shell: `dolmen help network`."),
	};
	struct front_item items[] = { { .text = _("Show the networks") }, { .text = _("Change the management address") } };
	struct action show = { .title = p.title, .doing = _("Looking at the network...") };
	size_t chosen = 0;

	action_add(&show, "network", "list", NULL);
	for (;;) {
		enum front_answer answer = c->front->calls->menu(c->front, &p, items, 2, &chosen);

		if (answer != FRONT_NEXT)
			return answer;
		if ((chosen == 0 ? action_tell(c, &show) : change(c)) == FRONT_QUIT)
			return FRONT_QUIT;
	}
}
