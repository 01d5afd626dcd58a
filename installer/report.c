/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/file.h"

static void report_line(const char *text, bool consoles, struct log *l)
{
	if (consoles) {
		log_print(l, "%s", text);
	} else {
		fprintf(stderr, "%s\n", text);
		log_info(l, "answers", "%s", text);
	}
}

void report_diags(const struct diags *ds, const char *source, bool consoles, struct log *l)
{
	for (unsigned i = 0; i < ds->n; i++) {
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);

		if (!f)
			return;
		diag_write(&ds->d[i], source, f);
		if (fclose(f))
			return;
		if (n)
			text[n - 1] = 0;
		report_line(text, consoles, l);
		free(text);
	}
	if (ds->more) {
		char text[32];

		snprintf(text, sizeof(text), "and %u more", ds->more);
		report_line(text, consoles, l);
	}
}

void report_reason(const struct diags *ds, const char *source, struct err *e)
{
	char more[64] = "";

	if (ds->errors > 1)
		snprintf(more, sizeof(more), " (and %u more, see above)", ds->errors - 1);
	for (unsigned i = 0; i < ds->n; i++) {
		const struct diag *d = &ds->d[i];

		if (!d->error)
			continue;
		if (d->line)
			err_set(e, -EINVAL, "%s:%lu:%lu: %s%s", source, d->line, d->col, d->what.text, more);
		else
			err_set(e, -EINVAL, "%s%s", d->what.text, more);
		return;
	}
}

void report_plan(const struct plan *p, enum report_plan where, struct log *l)
{
	char *text = NULL, *save = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	plan_write(p, f);
	if (fclose(f))
		return;
	if (where == REPORT_STDOUT)
		fputs(text, stdout);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (where == REPORT_CONSOLES)
			log_print(l, "%s", line);
		else
			log_info(l, "plan", "%s", line);
	}
	free(text);
}

int report_answers(const struct answers *a, const char *path, struct err *e)
{
	size_t n;
	char *text = answers_text(a, &n);
	int rc;

	if (!text)
		return err_set(e, -ENOMEM, "%s: out of memory", path);
	rc = file_write(path, text, n, 0600, e);
	explicit_bzero(text, n);
	free(text);
	return rc;
}
