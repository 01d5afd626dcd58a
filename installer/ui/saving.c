/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "saving.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "i18n.h"
#include "waiting.h"

static enum front_answer said(struct session *s, const struct saving *what, int rc, const char *where, const struct err *e)
{
	char text[3000];

	if (rc)
		screen_reason(text, sizeof(text), _("It could not be saved. Try another place."), e, "");
	else
		snprintf(text, sizeof(text), _("Saved: %s on %s."), what->name, where);
	return screen_say(s, what->title, text);
}

enum front_answer saving_volume(struct session *s, const struct saving *what)
{
	struct front_page p = {
		.title = what->title, .text = _("On which volume? A file of the same name there is replaced."),
		.help = _("Volumes with FAT or ext4 are listed, those of USB sticks for example. A stick that you attach now is seen when you come back to this list."),
	};
	const char *none = _("There is no volume with FAT or ext4. Attach one and try again, or use a web server.");
	const struct volume *v;
	enum front_answer answer = screen_carrier(s, &p, none, &v);
	struct err e;
	int rc;

	if (!v)
		return answer;
	rc = s->machine->recorded ? err_set(&e, -1, "/dev/%s: not on this machine", v->node) :
				    s->services->save_to_volume(v->node, v->type, what->name, what->text, what->n, s->log, &e);
	return said(s, what, rc, v->node, &e);
}

enum front_answer saving_url(struct session *s, const struct saving *what)
{
	static char url[1024];
	struct front_page p = {
		.title = what->title, .text = _("To which address is it to be sent (HTTP PUT)? With a / at its end the name of the file is added."),
		.help = _("http and https; certificates are checked. The server must take files with PUT."),
	};
	struct front_field field = { .label = _("Address"), .value = url, .size = sizeof(url), .check = field_url };
	enum front_answer answer = s->front->calls->form(s->front, &p, &field, 1);
	struct waiting wait;
	struct err e;
	int rc;

	if (answer != FRONT_NEXT)
		return answer;
	waiting_begin(&wait, s->front, p.title, _("Sending..."));
	rc = s->services->save_to_url(url, what->name, what->text, what->n, &wait.watch, s->log, &e);
	return rc == -ECANCELED ? FRONT_NEXT : said(s, what, rc, url, &e);
}
