/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "running.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "i18n.h"
#include "saving.h"
#include "summary.h"
#include "waiting.h"

#define LOG_MAX_BYTES (16u << 20)

/* Written by the thread that installs, read by the one that shows. */
struct run {
	const struct services *services;
	struct install *ins;
	struct err *e;
	int rc;
	atomic_uint step, steps, percent;
	_Atomic(const char *) name;
	atomic_bool ended;
};

static void on_step(void *user, unsigned step, unsigned steps, const char *name)
{
	struct run *r = user;

	atomic_store(&r->step, step + 1);
	atomic_store(&r->steps, steps);
	atomic_store(&r->name, name);
}

static void on_percent(void *user, unsigned percent)
{
	struct run *r = user;

	atomic_store(&r->percent, percent > 100 ? 100 : percent);
}

static void *thread(void *user)
{
	struct run *r = user;
	const struct install_watch watch = { .user = r, .step = on_step, .percent = on_percent };

	r->rc = r->services->install(r->ins, &watch, r->e);
	atomic_store(&r->ended, true);
	return NULL;
}

/* A step in words; one that is not known here keeps its name. */
static const char *step_words(const char *name)
{
	static const char *const words[][2] = {
		{ "check", N_("Checking the medium") }, { "wipe", N_("Erasing the old contents") },
		{ "partition", N_("Making partitions") }, { "mirror", N_("Setting up the mirror") },
		{ "root-a", N_("Copying the system") }, { "boot-a", N_("Copying Xen and its kernel") },
		{ "state", N_("Writing the settings") }, { "storage", N_("Making the storage for guests") },
		{ "boot", N_("Making the disk bootable") }, { "finish", N_("Finishing") },
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i][0], name))
			return _(words[i][1]);
	return name;
}

/* Elapsed, and what remains if it goes on like this; nothing is promised in the first seconds. */
static void times(char *buf, size_t size, time_t began, unsigned percent)
{
	unsigned long past = (unsigned long)(waiting_seconds() - began), left;
	int n = waiting_elapsed(buf, size, began);

	if (percent < 5 || past < 3 || n < 0 || (size_t)n >= size)
		return;
	left = past * (100 - percent) / percent;
	snprintf(buf + n, size - (size_t)n, _(", about %lu:%02lu remaining"), left / 60, left % 60);
}

static void show(struct session *s, struct run *r, time_t began)
{
	char text[160], action[200];
	unsigned percent = atomic_load(&r->percent), steps = atomic_load(&r->steps);
	struct front_page p = { .title = _("Installing Dolmen"), .text = text };
	const char *name = atomic_load(&r->name);

	times(text, sizeof(text), began, percent);
	if (steps)
		snprintf(action, sizeof(action), "%u/%u  %s", atomic_load(&r->step), steps, step_words(name));
	else
		snprintf(action, sizeof(action), "%s", _("Starting"));
	s->front->calls->progress(s->front, &p, (int)percent, action);
}

int running_install(struct session *s, struct install *ins, struct err *e)
{
	const struct timespec moment = { .tv_nsec = 200 * 1000 * 1000 };
	struct run r = { .services = s->services, .ins = ins, .e = e };
	time_t began = waiting_seconds();
	pthread_t id;
	int rc;

	rc = pthread_create(&id, NULL, thread, &r);
	if (rc)
		return err_set(e, -rc, "thread: %s", strerror(rc));
	while (!atomic_load(&r.ended)) {
		show(s, &r, began);
		nanosleep(&moment, NULL);
	}
	pthread_join(id, NULL);
	show(s, &r, began);
	return r.rc;
}

/* ---- afterwards ---- */

static enum front_answer log_show(struct session *s, const char *path)
{
	struct front_page p = { .title = _("Log"), .help = _("Times are UTC. The end of the log is the newest.") };
	enum front_answer answer;
	char *text = NULL;
	struct err e;
	size_t n;

	if (s->services->file_read(path, LOG_MAX_BYTES, &text, &n, &e))
		return screen_say(s, p.title, _("The log cannot be read."));
	p.text = text;
	answer = s->front->calls->view(s->front, &p, NULL);
	free(text);
	return answer;
}

static enum front_answer log_save(struct session *s, const char *path, bool volume)
{
	struct saving what = { .title = _("Save the log"), .name = "dolmen-install.log" };
	enum front_answer answer;
	struct err e;

	if (s->services->file_read(path, LOG_MAX_BYTES, &what.text, &what.n, &e))
		return screen_say(s, what.title, _("The log cannot be read."));
	answer = volume ? saving_volume(s, &what) : saving_url(s, &what);
	free(what.text);
	return answer;
}

enum after { AFTER_RESTART, AFTER_POWEROFF, AFTER_AGAIN, AFTER_LOG, AFTER_SAVE, AFTER_SEND, AFTER_SHELL, AFTER_MAX };

/* The menu that ends everything. Returns what people want that ends it. */
static enum after after(struct session *s, struct front_page *p, const char *log_path, bool failed)
{
	struct front_item all[AFTER_MAX] = {
		[AFTER_RESTART] = { .text = _("Restart the machine") },
		[AFTER_POWEROFF] = { .text = _("Switch the machine off") },
		[AFTER_AGAIN] = { .text = _("Try again: the answers are kept") },
		[AFTER_LOG] = { .text = _("Read the log") },
		[AFTER_SAVE] = { .text = _("Save the log on a volume") },
		[AFTER_SEND] = { .text = _("Send the log to a web server (HTTP PUT)") },
		[AFTER_SHELL] = { .text = _("Shell") },
	};
	static const enum after when_failed[] = { AFTER_LOG, AFTER_SAVE, AFTER_SEND, AFTER_SHELL, AFTER_AGAIN, AFTER_RESTART, AFTER_POWEROFF };
	static const enum after when_done[] = { AFTER_RESTART, AFTER_POWEROFF, AFTER_LOG, AFTER_SAVE, AFTER_SEND, AFTER_SHELL };
	const enum after *order = failed ? when_failed : when_done;
	size_t n = failed ? sizeof(when_failed) / sizeof(when_failed[0]) : sizeof(when_done) / sizeof(when_done[0]), chosen = 0;
	struct front_item items[AFTER_MAX];

	for (size_t i = 0; i < n; i++)
		items[i] = all[order[i]];
	for (;;) {
		enum front_answer answer = s->front->calls->menu(s->front, p, items, n, &chosen);

		if (answer == FRONT_NEXT)
			switch (order[chosen]) {
			case AFTER_LOG: answer = log_show(s, log_path); break;
			case AFTER_SAVE: answer = log_save(s, log_path, true); break;
			case AFTER_SEND: answer = log_save(s, log_path, false); break;
			case AFTER_SHELL: screen_shell(s); break;
			default: return order[chosen];
			}
		if (answer == FRONT_QUIT)
			return AFTER_MAX;
	}
}

static void leave(struct session *s, enum after what)
{
	s->leave = what == AFTER_RESTART ? LEAVE_REBOOT : what == AFTER_POWEROFF ? LEAVE_POWEROFF : LEAVE_GONE;
}

void running_done(struct session *s, const char *log_path)
{
	struct front_page p = {
		.title = _("Dolmen is installed"), .first = true,
		.help = _("Take the CD or the USB stick out before the machine starts, or choose the disk in the firmware's setup. The log is kept on the host, too."),
	};
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return;
	summary_write_address(&s->a, s->machine, out);
	fprintf(out, "\n%s", s->a.ssh == SSH_ON ? _("Log in as root, at its console or over SSH.") : _("Log in as root at its console."));
	fprintf(out, "\n\n%s", _("Take the installation medium out, then restart."));
	if (fclose(out))
		return;
	p.text = text;
	leave(s, after(s, &p, log_path, false));
	free(text);
}

enum running_next running_failed(struct session *s, const char *log_path, const struct err *why, bool touched)
{
	char text[3000];
	struct front_page p = { .title = _("The installation failed"), .text = text, .first = true };
	enum after what;

	if (touched)
		p.help = _("The disk does not boot now; installing again makes it whole. The log says what was done and what went wrong: keep it when you ask for help.");
	else
		p.help = _("Nothing was written: what was on the disks is still there. The log says what went wrong: keep it when you ask for help.");
	screen_reason(text, sizeof(text), "", why, touched ?
		      _("The log says more. The disk does not boot until an installation on it is complete.") :
		      _("The log says more. Nothing was written; the disks are as they were."));
	what = after(s, &p, log_path, true);
	if (what == AFTER_AGAIN)
		return RUNNING_AGAIN;
	leave(s, what);
	return RUNNING_DONE;
}
