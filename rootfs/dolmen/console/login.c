/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is seen before anybody logs in, and the password of root. */
#include <crypt.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "../status.h"
#include "action.h"
#include "console.h"
#include "sys/file.h"
#include "ui/waiting.h"

#define REFRESH_SECONDS 5
#define PAUSE_FIRST 3		/* seconds after a wrong password; twice as long after each further one */
#define PAUSE_LONGEST 60
#define FORM_IDLE 60		/* seconds after which the status is shown again */

struct shown {
	struct console *c;
	struct status now;
	char text[4096];
	struct front_page *page;
	time_t read;
};

static void shown_read(struct shown *w)
{
	struct status before = w->now;
	FILE *out = fmemopen(w->text, sizeof(w->text), "w");

	status_read(&w->now, before.at_ms ? &before : NULL, w->c->root);
	w->read = waiting_seconds();
	if (out) {
		status_write(&w->now, out);
		fclose(out);
	}
	w->text[sizeof(w->text) - 1] = 0;
}

static bool refresh(void *user)
{
	struct shown *w = user;

	if (waiting_seconds() - w->read < REFRESH_SECONDS)
		return false;
	shown_read(w);
	return true;
}

static enum front_answer show(struct console *c, const char *title, bool first, const char *next)
{
	static struct shown w;
	struct front_page p = {
		.title = title, .text = w.text, .first = first, .refresh = refresh, .user = &w,
		.help = _("What the host is and how it does, looked at every few seconds. Warnings go away with their cause; the log has them, too.\n\nThe menu wants the password of root."),
	};

	w.c = c;
	shown_read(&w);
	return c->front->calls->view(c->front, &p, next);
}

enum front_answer console_status(struct console *c)
{
	return show(c, _("Status"), false, NULL);
}

/* Root's hash; false: there is none that a password could have, or it cannot be read. */
static bool hash_read(const struct console *c, char *ret, size_t size)
{
	char path[512], *text = NULL, *line;
	struct err e;
	size_t n;
	bool found = false;

	if (file_read(console_path(c, "/state/etc/shadow", path, sizeof(path)), 1 << 16, &text, &n, &e))
		return false;
	line = !strncmp(text, "root:", 5) ? text : strstr(text, "\nroot:");
	if (line) {
		line = strchr(line, ':') + 1;
		snprintf(ret, size, "%.*s", (int)strcspn(line, ":\n"), line);
		found = *ret && *ret != '!' && *ret != '*';
	}
	explicit_bzero(text, n);
	free(text);
	return found;
}

static bool password_possible(const struct console *c)
{
	char hash[512];
	bool possible = hash_read(c, hash, sizeof(hash));

	explicit_bzero(hash, sizeof(hash));
	return possible;
}

static bool password_right(const struct console *c, const char *password)
{
	static struct crypt_data data;
	char hash[512], *got;
	bool right;

	if (!hash_read(c, hash, sizeof(hash)))
		return false;
	got = crypt_r(password, hash, &data);
	right = got && *got != '*' && !strcmp(got, hash);
	explicit_bzero(&data, sizeof(data));
	explicit_bzero(hash, sizeof(hash));
	return right;
}

/* False: given up, or the terminal went away. */
static bool pause_over(struct console *c)
{
	struct front_page p = { .title = _("Log in") };
	char text[120];

	for (;;) {
		time_t left = c->next_try - waiting_seconds();

		if (left <= 0)
			return true;
		snprintf(text, sizeof(text), _("The next password is taken in %ld s."), (long)left);
		if (!c->front->calls->wait(c->front, &p, text))
			return false;
		usleep(200000);
	}
}

static void password_wrong(struct console *c)
{
	unsigned pause = PAUSE_FIRST;

	for (unsigned i = 0; i < c->wrong && pause < PAUSE_LONGEST; i++)
		pause *= 2;
	if (pause > PAUSE_LONGEST)
		pause = PAUSE_LONGEST;
	c->wrong++;
	c->next_try = waiting_seconds() + (time_t)pause;
	syslog(LOG_AUTH | LOG_WARNING, "wrong password of root on %s, number %u", c->tty, c->wrong);
}

static enum front_answer no_password(struct console *c)
{
	enum front_answer answer = console_say(c, _("Log in"), _("Root has no password on this host. Log in over SSH with a key, or set a password with the rescue system on the medium."));

	return answer == FRONT_QUIT ? FRONT_QUIT : FRONT_BACK;
}

/* FRONT_BACK: to the status. */
static enum front_answer ask_password(struct console *c)
{
	char password[128] = "", text[300];
	struct front_page p = {
		.title = _("Log in"), .text = text,
		.help = _("The password that was given at the installation, unless it was changed since. Somebody who has forgotten it starts the rescue system on the medium, which sets another one.\n\nAfter a wrong password the next one is taken a little later, after each further one later still."),
	};
	struct front_field field = { .label = _("Password"), .value = password, .size = sizeof(password), .secret = true };
	enum front_answer answer;
	bool right;

	do {
		snprintf(text, sizeof(text), "%s%s%s", c->wrong ? _("That was not the password of root.") : "", c->wrong ? " " : "",
			 _("The password of root:"));
		if (!pause_over(c))
			return FRONT_BACK;
		answer = c->front->calls->form(c->front, &p, &field, 1);
		right = answer == FRONT_NEXT && password_right(c, password);
		explicit_bzero(password, sizeof(password));
		if (answer != FRONT_NEXT)
			return answer;
		if (!right)
			password_wrong(c);
	} while (!right);
	c->wrong = 0;
	syslog(LOG_AUTH | LOG_INFO, "root logged in on %s", c->tty);
	return FRONT_NEXT;
}

enum front_answer console_login(struct console *c)
{
	enum front_answer answer;

	for (;;) {
		answer = show(c, "Dolmen", true, _("Log in"));
		if (answer != FRONT_NEXT)
			return answer;
		c->front->idle = FORM_IDLE;
		answer = password_possible(c) ? ask_password(c) : no_password(c);
		c->front->idle = 0;
		if (answer == FRONT_NEXT)
			return answer;
		if (answer == FRONT_QUIT && !c->front->idled)
			return answer;
		c->front->idled = false;
	}
}
