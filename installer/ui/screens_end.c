/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What will happen, the answers as a file, and the last question. */
#include "screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "saving.h"
#include "summary.h"

/* `<primary-disk>: ` is where it stands in an answer file, which is of no help here. */
static const char *without_element(const char *text)
{
	const char *end = *text == '<' ? strstr(text, ">: ") : NULL;

	return end && end == text + strcspn(text, ">") ? end + 3 : text;
}

/* Why the answers cannot be installed. */
static void refusal_write(const void *diags, FILE *out)
{
	const struct diags *ds = diags;

	fprintf(out, "%s\n", _("Nothing was written. Go back and change what is named here:"));
	for (unsigned i = 0; i < ds->n; i++)
		if (ds->d[i].error)
			fprintf(out, "\n%s\n", without_element(ds->d[i].what.shown));
}

/* The plan in words, and what is to be noted about it. */
struct planned {
	const struct plan *plan;
	const struct answers *a;
	const struct machine *m;
	const struct diags *ds;		/* warnings; NULL: none */
};

static void planned_write(const void *planned, FILE *out)
{
	const struct planned *w = planned;

	summary_write(w->plan, w->a, w->m, out);
	for (unsigned i = 0; w->ds && i < w->ds->n; i++)
		fprintf(out, "\n%s: %s\n", _("Note"), without_element(w->ds->d[i].what.shown));
}

enum front_answer screen_summary(struct session *s)
{
	struct front_page p = {
		.title = _("The plan"),
		.help = _("Nothing has been written yet. Up and Down scroll. Esc goes back to change something; everything you typed is kept."),
	};
	struct front_page no = {
		.title = _("This cannot be installed"),
		.help = _("Each sentence says what is wrong and what helps. Esc goes back, one screen at a time; everything you typed is kept."),
	};
	static struct diags ds;

	memset(&ds, 0, sizeof(ds));
	answers_check(&s->a, &ds);
	plan_free(s->plan);
	s->plan = NULL;
	if (ds.errors || s->services->make_plan(s, &ds))
		return screen_view(s->front, &no, NULL, refusal_write, &ds);
	return screen_view(s->front, &p, _("Next"), planned_write, &(struct planned){ s->plan, &s->a, s->machine, &ds });
}

/* Not the name that the installer looks for: the next start of the medium must not install by itself. */
static void save_name(const struct answers *a, char *buf, size_t size)
{
	snprintf(buf, size, "answers-%.*s.xml", (int)strcspn(a->hostname, "."), a->hostname);
}

enum front_answer screen_save(struct session *s)
{
	char name[80], text[700];
	struct front_page p = {
		.title = _("Save the answers"), .text = text,
		.help = _("The installer looks for the name answerfile.xml on a volume with the label DOLMEN-CONF when it starts, or takes the file from the address that answerfile= on the kernel line names. The password is in the file as a hash only."),
	};
	struct saving what = { .title = p.title, .name = name };
	enum front_answer answer;

	save_name(&s->a, name, sizeof(name));
	snprintf(text, sizeof(text), _("Your answers can be saved as an answer file, %s. Copied as answerfile.xml onto a volume labelled DOLMEN-CONF it does this plan again without questions: what the plan erases is lost. It names this machine's disk and network port; change both in it for another machine."),
		 name);
	for (;;) {
		struct front_item items[] = {
			{ .text = _("Do not save") }, { .text = _("Show the file") }, { .text = _("Save it on a volume") },
			{ .text = _("Send it to a web server (HTTP PUT)") },
		};
		size_t chosen = 0;

		answer = s->front->calls->menu(s->front, &p, items, 4, &chosen);
		if (answer != FRONT_NEXT || chosen == 0)
			return answer;
		what.text = answers_text(&s->a, &what.n);
		if (!what.text)
			return FRONT_QUIT;
		if (chosen == 1) {
			struct front_page file = { .title = name, .text = what.text, .help = p.help };

			answer = s->front->calls->view(s->front, &file, NULL);
		} else {
			answer = chosen == 2 ? saving_volume(s, &what) : saving_url(s, &what);
		}
		explicit_bzero(what.text, what.n);
		free(what.text);
		if (answer == FRONT_QUIT)
			return answer;
	}
}

static void disk_line(const struct machine *m, const char *name, FILE *out)
{
	char row[400];
	int i = disk_index(m, name);

	if (i < 0)
		return;
	disk_row(m, (unsigned)i, NULL, row, sizeof(row));
	fprintf(out, "\n  %s", row);
}

enum front_answer screen_confirm(struct session *s)
{
	struct front_page p = {
		.title = _("Last question"),
		.help = _("This is the last moment at which nothing has been changed. Once it begins, the old contents of the disks cannot be had back."),
	};
	const struct plan *plan = s->plan;
	enum front_answer answer;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return FRONT_QUIT;
	fprintf(out, "%s\n", s->a.mode == MODE_FRESH ? _("Everything on these disks will be erased now:") :
		plan->targets > 1 ? _("The system on these disks will be made anew; the guests' storage stays:") :
				    _("The system on this disk will be made anew; the guests' storage stays:"));
	for (unsigned i = 0; i < plan->targets; i++)
		disk_line(s->machine, plan->target[i].disk.path, out);
	for (unsigned i = 0; i < plan->extra_n; i++)
		disk_line(s->machine, plan->extra[i].path, out);
	fprintf(out, "\n\n");
	fprintf(out, _("Type the name of the first disk, %s, to begin."), plan->target[0].disk.name);
	if (fclose(out))
		return FRONT_QUIT;
	p.text = text;
	answer = s->front->calls->confirm(s->front, &p, plan->target[0].disk.name);
	free(text);
	return answer;
}

enum front_answer screen_agree(struct front *f, const struct plan *plan, const struct answers *a, const struct machine *m, bool *ret_yes)
{
	struct front_page p = {
		.title = _("The plan"), .first = true,
		.help = _("This is what the answer file asks for on this machine. Nothing has been written yet, and you can still say no. Up and Down scroll."),
	};
	enum front_answer answer = screen_view(f, &p, _("Next"), planned_write, &(struct planned){ plan, a, m, NULL });

	if (answer != FRONT_NEXT)
		return answer;
	p.title = _("Last question");
	p.text = _("The answer file wants somebody to agree. Is this plan to be done now?");
	*ret_yes = false;
	return f->calls->ask(f, &p, _("Yes, install"), _("No, change nothing"), ret_yes);
}
