/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets in: root's password, SSH, its keys. */
#include "../access.h"

#include <stdio.h>
#include <string.h>

#include "../settings.h"
#include "action.h"
#include "console.h"

enum front_answer console_password(struct console *c)
{
	struct action a = { .title = _("Root password"), .doing = _("Changing the password...") };
	enum front_answer answer = screen_password(&c->s);
	char input[300];
	bool done;

	if (answer == FRONT_NEXT) {
		snprintf(input, sizeof(input), "%s\n", c->s.password[0]);
		a.input = input;
		action_add(&a, "password", NULL);
		answer = action_do(c, &a, &done);
		if (done)
			answer = console_say(c, a.title, _("The password is changed."));
	}
	explicit_bzero(input, sizeof(input));
	explicit_bzero(c->s.password, sizeof(c->s.password));
	explicit_bzero(&c->s.a.password, sizeof(c->s.a.password));
	c->s.a.password_type = PASSWORD_NONE;
	return answer == FRONT_QUIT ? FRONT_QUIT : FRONT_NEXT;
}

static bool ssh_is_on(void)
{
	struct setting_values now = { 0 };
	struct err e;
	const struct setting *s = setting_find("ssh", &e);

	return s && !setting_get(s, &now, &e) && now.n && !strcmp(now.value[0], "on");
}

static enum front_answer ssh_switch(struct console *c, const char *how_long)
{
	struct action a = { .title = "SSH", .doing = _("Changing the settings...") };
	bool done;

	action_add(&a, "set", "ssh", how_long ? "on" : "off", NULL);
	if (how_long && *how_long)
		action_add(&a, "--for", how_long, NULL);
	return action_do(c, &a, &done);
}

static enum front_answer ssh_for(struct console *c)
{
	char hours[8] = "2", value[12];
	struct front_page p = { .title = "SSH", .text = _("For how many hours? After that, or a restart, it is off again.") };
	struct front_field field = { .label = _("Hours"), .value = hours, .size = sizeof(hours) };
	enum front_answer answer = c->front->calls->form(c->front, &p, &field, 1);

	if (answer != FRONT_NEXT)
		return answer;
	snprintf(value, sizeof(value), "%sh", hours);
	return ssh_switch(c, value);
}

static enum front_answer key_add(struct console *c)
{
	static char key[1024];
	struct action a = { .title = _("SSH key"), .doing = _("Changing the settings...") };
	enum front_answer answer = screen_ssh_key(&c->s, key);
	bool done;

	if (answer != FRONT_NEXT)
		return answer;
	action_add(&a, "key", "add", key, NULL);
	answer = action_do(c, &a, &done);
	key[0] = 0;
	return answer;
}

/* One of them goes when somebody wants it. */
static enum front_answer keys_list(struct console *c)
{
	static struct access_keys keys;
	static char row[ACCESS_KEYS][200];
	static struct front_item item[ACCESS_KEYS];
	struct front_page p = { .title = _("SSH keys"), .text = _("These keys may log in as root. Which one is to be removed?"),
				.help = _("F5 shows the fingerprint of a key, as `ssh-keygen -l` does. Esc goes back and removes none.") };
	struct action a = { .title = p.title, .doing = _("Changing the settings...") };
	enum front_answer answer;
	size_t chosen = 0;
	bool yes, done;
	struct err e;

	if (access_keys(&keys, &e))
		return console_failed(c, p.title, &e);
	if (!keys.n)
		return console_say(c, p.title, _("There are no keys."));
	for (unsigned i = 0; i < keys.n; i++) {
		snprintf(row[i], sizeof(row[i]), "%s %s", keys.key[i].type, keys.key[i].comment);
		item[i] = (struct front_item){ .text = row[i], .detail = keys.key[i].fingerprint };
	}
	answer = c->front->calls->menu(c->front, &p, item, keys.n, &chosen);
	if (answer == FRONT_NEXT)
		answer = console_ask(c, p.title, row[chosen], _("Remove this key"), &yes);
	if (answer != FRONT_NEXT || !yes)
		return answer;
	action_add(&a, "key", "remove", keys.key[chosen].fingerprint, NULL);
	return action_do(c, &a, &done);
}

enum front_answer console_ssh(struct console *c)
{
	char text[200];
	struct front_page p = {
		.title = "SSH", .text = text,
		.help = _("Without SSH nothing on the host listens on the network; you work at its console. With SSH root logs in from elsewhere, with a key or with the password."),
	};
	struct front_item items[] = {
		{ .text = _("Switch it on") }, { .text = _("Switch it on for some hours") }, { .text = _("Switch it off") },
		{ .text = _("Add a key: type or paste it") }, { .text = _("Show and remove keys") },
	};
	size_t chosen = 0;

	for (;;) {
		enum front_answer answer;
		unsigned left;

		left = access_ssh_left();
		if (left)
			snprintf(text, sizeof(text), _("The SSH server is on for %u minutes more."), (left + 59) / 60);
		else
			snprintf(text, sizeof(text), _("The SSH server is %s."), ssh_is_on() ? _("on") : _("off"));
		answer = c->front->calls->menu(c->front, &p, items, sizeof(items) / sizeof(items[0]), &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		switch (chosen) {
		case 0: answer = ssh_switch(c, ""); break;
		case 1: answer = ssh_for(c); break;
		case 2: answer = ssh_switch(c, NULL); break;
		case 3: answer = key_add(c); break;
		default: answer = keys_list(c); break;
		}
		if (answer == FRONT_QUIT)
			return answer;
	}
}
