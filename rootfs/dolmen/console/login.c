/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is seen before anybody logs in, and the password of root. */
#include <crypt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
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
#define FIRST_MS 5000		/* how long the first look is waited for */
#define STEP_MS 50
#define PAUSE_FIRST 3		/* seconds after a wrong password; twice as long after each further one */
#define PAUSE_LONGEST 60
#define FORM_IDLE 60		/* seconds after which the status is shown again */

/*
 * The status is read by a thread: `xl` waits for ever when xenstored is gone, and somebody who wants to log in then must not.
 * `next` is the thread's while `reading`, until it says `done`.
 */
struct shown {
	const char *root;
	struct status now, next;
	bool reading;
	atomic_bool done;
	char text[4096];
	time_t begun;
};

static void *read_next(void *user)
{
	struct shown *w = user;

	status_read(&w->next, w->now.at_ms ? &w->now : NULL, w->root);
	atomic_store(&w->done, true);
	return NULL;
}

static void read_begin(struct shown *w)
{
	pthread_t thread;

	atomic_store(&w->done, false);
	w->begun = waiting_seconds();
	w->reading = !pthread_create(&thread, NULL, read_next, w);
	if (w->reading)
		pthread_detach(thread);
}

/* What was read becomes what is shown. False: it is not there yet. */
static bool read_end(struct shown *w)
{
	FILE *out;

	if (!w->reading || !atomic_load(&w->done))
		return false;
	w->reading = false;
	w->now = w->next;
	out = fmemopen(w->text, sizeof(w->text), "w");
	if (out) {
		status_write(&w->now, out);
		fclose(out);
	}
	w->text[sizeof(w->text) - 1] = 0;
	return true;
}

static bool refresh(void *user)
{
	struct shown *w = user;

	if (!w->reading && waiting_seconds() - w->begun >= REFRESH_SECONDS)
		read_begin(w);
	return read_end(w);
}

static enum front_answer show(struct console *c, const char *title, bool first, const char *next)
{
	static struct shown w;
	struct front_page p = {
		.title = title, .text = w.text, .first = first, .refresh = refresh, .user = &w,
		.help = _("What the host is and how it does, looked at every few seconds. Warnings go away with their cause; the log has them, too.\n\nThe menu wants the password of root."),
	};

	w.root = c->root;
	if (!w.reading)
		read_begin(&w);
	for (unsigned i = 0; i < FIRST_MS / STEP_MS && !read_end(&w); i++)
		usleep(STEP_MS * 1000);
	if (!*w.text)
		snprintf(w.text, sizeof(w.text), "%s", _("The host is looked at..."));
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
