/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of the host's day: which guests run is said before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stats_read.h"
#include "action.h"
#include "console.h"

/* `web, mail` */
static void running_names(struct console *c, char *buf, size_t size)
{
	struct stats *x;
	struct err e;
	size_t n = 0;

	*buf = 0;
	if (stats_read(&x, c->root, &e))
		return;
	for (unsigned i = 1; i < x->domains && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", i > 1 ? ", " : "", x->domain[i].name);
	free(x);
}

enum front_answer console_power(struct console *c)
{
	static const char *const programs[] = { "reboot", "poweroff" };
	char text[700], names[400];
	struct front_page p = {
		.title = _("Restart or switch off"), .text = text,
		.help = _("Guests are asked to shut down first; those that have not after two minutes are turned off."),
	};
	struct front_item items[] = { { .text = _("Neither: go back") }, { .text = _("Restart the host") }, { .text = _("Switch the host off") } };
	enum front_answer answer;
	size_t chosen = 0;

	running_names(c, names, sizeof(names));
	if (*names)
		snprintf(text, sizeof(text), _("These guests run, and are shut down first: %s."), names);
	else
		snprintf(text, sizeof(text), "%s", _("No guest runs."));
	answer = c->front->calls->menu(c->front, &p, items, 3, &chosen);
	if (answer != FRONT_NEXT || !chosen)
		return answer;
	action_terminal(c, chosen == 1 ? _("The host restarts.") : _("The host is switched off."), (char *[]){ (char *)programs[chosen - 1], NULL });
	/* Until the end comes, nothing more is shown. */
	console_busy(c, p.title, chosen == 1 ? _("The host restarts.") : _("The host is switched off."));
	return FRONT_QUIT;
}
