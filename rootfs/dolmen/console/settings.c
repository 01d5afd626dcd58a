/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's settings. They are asked for with the installer's screens, out of answers made of what is set now; what was
 * changed is set with `dolmen set`.
 */
#include "../settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "console.h"
#include "core/text.h"
#include "core/values.h"

/* The values of a setting; none when it cannot be read. */
static void values_get(const char *name, struct setting_values *v)
{
	struct err e;
	const struct setting *s = setting_find(name, &e);

	v->n = 0;
	if (s)
		setting_get(s, v, &e);
}

static void value_get(const char *name, char *buf, size_t size)
{
	struct setting_values v;

	values_get(name, &v);
	text_copy(buf, size, v.n ? v.value[0] : "");
}

/* Sets it unless it is so already. false: not done, and why was said. */
static bool value_set(struct console *c, const char *title, const char *name, const char *const values[], unsigned n, enum front_answer *ret)
{
	struct action a = { .title = title, .doing = _("Changing the settings...") };
	struct setting_values now;
	bool same, done;

	values_get(name, &now);
	same = now.n == n;
	for (unsigned i = 0; same && i < n; i++)
		same = !strcmp(now.value[i], values[i]);
	if (same)
		return true;
	action_add(&a, "set", name, NULL);
	for (unsigned i = 0; i < n; i++)
		action_add(&a, values[i], NULL);
	*ret = action_do(c, &a, &done);
	return done;
}

static bool one_set(struct console *c, const char *title, const char *name, const char *value, enum front_answer *ret)
{
	return value_set(c, title, name, &value, 1, ret);
}

/* The settings that the installer asks for, too, as its answers. */
static void answers_get(struct answers *a)
{
	struct setting_values v;

	answers_defaults(a);
	value_get("hostname", a->hostname, sizeof(a->hostname));
	value_get("timezone", a->timezone, sizeof(a->timezone));
	value_get("keymap", a->keymap, sizeof(a->keymap));
	value_get("language", a->language, sizeof(a->language));
	values_get("dns", &v);
	for (a->dns_n = 0; a->dns_n < v.n && a->dns_n < ANSWERS_SERVERS; a->dns_n++)
		text_copy(a->dns[a->dns_n], sizeof(a->dns[0]), v.value[a->dns_n]);
	values_get("ntp", &v);
	a->ntp_source = !v.n ? NTP_NONE : !strcmp(v.value[0], "dhcp") ? NTP_DHCP : !strcmp(v.value[0], "default") ? NTP_DEFAULT : NTP_MANUAL;
	for (a->ntp_n = 0; a->ntp_source == NTP_MANUAL && a->ntp_n < v.n && a->ntp_n < ANSWERS_SERVERS; a->ntp_n++)
		text_copy(a->ntp[a->ntp_n], sizeof(a->ntp[0]), v.value[a->ntp_n]);
}

/* Values of an array of the answers, or the word for none. */
static bool list_set(struct console *c, const char *title, const char *name, const char *first, size_t size, unsigned n, const char *none,
		     enum front_answer *ret)
{
	const char *value[ANSWERS_SERVERS];
	struct setting_values now;

	for (unsigned i = 0; i < n; i++)
		value[i] = first + i * size;
	values_get(name, &now);
	if (n)
		return value_set(c, title, name, value, n, ret);
	return !now.n || one_set(c, title, name, none, ret);
}

static enum front_answer set_name(struct console *c)
{
	struct answers *a = &c->s.a;
	enum front_answer answer = screen_name(&c->s);

	if (answer == FRONT_NEXT && one_set(c, _("Name of the host"), "hostname", a->hostname, &answer))
		list_set(c, _("Name of the host"), "dns", a->dns[0], sizeof(a->dns[0]), a->dns_n, "dhcp", &answer);
	return answer;
}

static enum front_answer set_clock(struct console *c)
{
	struct answers *a = &c->s.a;
	enum front_answer answer;

	for (unsigned i = 0; i < SESSION_SERVERS; i++)
		text_copy(c->s.ntp[i], sizeof(c->s.ntp[0]), i < a->ntp_n ? a->ntp[i] : "");
	answer = screen_ntp(&c->s);
	if (answer == FRONT_NEXT && a->ntp_source == NTP_MANUAL)
		answer = screen_ntp_servers(&c->s);
	if (answer != FRONT_NEXT)
		return answer;
	if (a->ntp_source == NTP_MANUAL)
		list_set(c, _("Clock"), "ntp", a->ntp[0], sizeof(a->ntp[0]), a->ntp_n, "none", &answer);
	else
		one_set(c, _("Clock"), "ntp", ntp_source_text[a->ntp_source], &answer);
	return answer;
}

static enum front_answer set_zone(struct console *c)
{
	enum front_answer answer;

	do {
		answer = screen_region(&c->s);
		if (answer != FRONT_NEXT || names_has(&c->s.names->timezones, c->s.region))
			break;
		answer = screen_city(&c->s);
	} while (answer == FRONT_BACK);
	if (answer == FRONT_NEXT)
		one_set(c, _("Time zone"), "timezone", c->s.a.timezone, &answer);
	return answer;
}

static enum front_answer set_keymap(struct console *c)
{
	enum front_answer answer = screen_keymap(&c->s);

	if (answer == FRONT_NEXT)
		one_set(c, _("Keyboard"), "keymap", c->s.a.keymap, &answer);
	return answer;
}

static enum front_answer set_language(struct console *c)
{
	struct front_page p = { .title = _("Language"), .text = _("In which language are these screens?"),
				.help = _("Korean is shown on the machine's own screen, too, where that is a frame buffer; a serial console or SSH shows it in any case.") };
	struct front_item items[I18N_LANGUAGES] = { 0 };
	enum front_answer answer;
	size_t chosen = 0;

	for (size_t i = 0; i < I18N_LANGUAGES; i++) {
		items[i].text = i18n_languages[i].name;
		if (!strcmp(i18n_languages[i].code, c->s.a.language))
			chosen = i;
	}
	answer = c->front->calls->menu(c->front, &p, items, I18N_LANGUAGES, &chosen);
	if (answer != FRONT_NEXT || !one_set(c, p.title, "language", i18n_languages[chosen].code, &answer))
		return answer;
	/* Linux' own console has no Hangul: there it counts from the next login on, with another program that has. */
	if (!getenv("TERM") || strcmp(getenv("TERM"), "linux") != 0)
		i18n_use(i18n_languages[chosen].code);
	return answer;
}

static const struct {
	const char *text;
	console_screen *run;
	bool lists;		/* wants the image's lists of names */
} parts[] = {
	{ N_("Name of the host, and name servers"), set_name, false },
	{ N_("Time servers"), set_clock, false },
	{ N_("Time zone"), set_zone, true },
	{ N_("Root password"), console_password, false },
	{ N_("SSH, and its keys"), console_ssh, false },
	{ N_("Keyboard"), set_keymap, true },
	{ N_("Language"), set_language, false },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

enum front_answer console_settings(struct console *c)
{
	struct front_page p = {
		.title = _("Settings"), .text = _("What do you want to change?"),
		.help = _("Changes count at once. There are more settings in the shell: `dolmen get` shows them, `dolmen set` changes them."),
	};
	size_t chosen = 0;

	if (!c->s.machine && !console_probe(c))
		return console_say(c, p.title, _("The hardware cannot be looked at."));
	for (;;) {
		struct front_item items[PARTS] = { 0 };
		enum front_answer answer;

		answers_get(&c->s.a);
		for (size_t i = 0; i < PARTS; i++) {
			items[i].text = _(parts[i].text);
			items[i].disabled = parts[i].lists && !c->s.names;
		}
		answer = c->front->calls->menu(c->front, &p, items, PARTS, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		if (parts[chosen].run(c) == FRONT_QUIT)
			return FRONT_QUIT;
	}
}
