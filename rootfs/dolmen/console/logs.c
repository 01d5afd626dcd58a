/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was written down, and the bundle for whoever helps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action.h"
#include "console.h"
#include "sys/file.h"
#include "ui/saving.h"

#define BUNDLE "/tmp/dolmen-report.tar.gz"
#define BUNDLE_MAX (256u << 20)

static const struct {
	const char *text, *path;
} logs[] = {
	{ N_("System log"), "/state/log/messages" },
	{ N_("What Xen said"), "/state/log/xen/console/hypervisor.log" },
	{ N_("What the kernel said at the boot"), "/state/log/kernel.log" },
	{ N_("Boot steps"), "/state/log/boot.log" },
	{ N_("libvirt"), "/state/log/libvirt/libvirtd.log" },
	{ N_("The installation"), "/state/log/install.log" },
};
#define LOGS (sizeof(logs) / sizeof(logs[0]))

static void log_show(struct console *c, const char *path)
{
	char whole[512];

	action_terminal(c, "", (char *[]){ (char *)"less", (char *)"+G", (char *)console_path(c, path, whole, sizeof(whole)), NULL });
}

/* Somewhere else than on the host. */
static enum front_answer bundle_take(struct console *c)
{
	struct front_page p = {
		.title = _("Bundle for support"), .text = _("The bundle is /tmp/dolmen-report.tar.gz on the host. Passwords and keys are not in it; look through it before you hand it on.\n\nssh root@HOST dolmen report - >host.tar.gz\nfetches one from elsewhere."),
	};
	struct saving what = { .title = p.title, .name = "dolmen-report.tar.gz" };
	struct front_item items[] = { { .text = _("Leave it there") }, { .text = _("Copy it onto a volume") }, { .text = _("Send it to a web server (HTTP PUT)") } };
	enum front_answer answer;
	size_t chosen = 0;
	char path[512];
	struct err e;

	answer = c->front->calls->menu(c->front, &p, items, 3, &chosen);
	if (answer != FRONT_NEXT || !chosen)
		return answer == FRONT_QUIT ? FRONT_QUIT : FRONT_NEXT;
	if (file_read(console_path(c, BUNDLE, path, sizeof(path)), BUNDLE_MAX, &what.text, &what.n, &e))
		return console_failed(c, p.title, &e);
	answer = chosen == 1 ? saving_volume(&c->s, &what) : saving_url(&c->s, &what);
	free(what.text);
	return answer;
}

static enum front_answer bundle(struct console *c)
{
	struct action a = { .title = _("Bundle for support"), .doing = _("Collecting what helps...") };
	enum front_answer answer;
	bool done;

	action_add(&a, "report", NULL);
	answer = action_do(c, &a, &done);
	return done ? bundle_take(c) : answer;
}

enum front_answer console_logs(struct console *c)
{
	struct front_page p = {
		.title = _("Logs"), .text = _("Which log do you want to read? `q` leaves it."),
		.help = _("Logs stand in /state/log and stay over restarts; those of the boot before end with .1. The bundle has all of them, with the configuration and a description of the machine."),
	};
	size_t chosen = 0;

	for (;;) {
		struct front_item items[LOGS + 1] = { 0 };
		char row[LOGS][120];
		enum front_answer answer;

		for (size_t i = 0; i < LOGS; i++) {
			char path[512];

			items[i].disabled = access(console_path(c, logs[i].path, path, sizeof(path)), R_OK) != 0;
			snprintf(row[i], sizeof(row[i]), "%s%s", _(logs[i].text), items[i].disabled ? _(" (there is none)") : "");
			items[i].text = row[i];
		}
		items[LOGS].text = _("Make a bundle for support");
		answer = c->front->calls->menu(c->front, &p, items, LOGS + 1, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		if (chosen < LOGS)
			log_show(c, logs[chosen].path);
		else if (bundle(c) == FRONT_QUIT)
			return FRONT_QUIT;
	}
}
