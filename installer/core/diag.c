/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "diag.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

/* Makes room by dropping the last warning: an error is worth more than all of them. false: there is none. */
static bool drop_warning(struct diags *ds)
{
	unsigned i = ds->n;

	while (i && ds->d[i - 1].error)
		i--;
	if (!i)
		return false;
	memmove(&ds->d[i - 1], &ds->d[i], (ds->n - i) * sizeof(ds->d[0]));
	ds->n--;
	return true;
}

/* One line, and no tricks on a terminal. */
static void make_printable(char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			*s = '?';
}

static void diag_add(struct diags *ds, bool error, unsigned long line, unsigned long col, const char *fmt, va_list ap)
{
	struct diag *d;

	error = error || ds->strict;
	if (error)
		ds->errors++;
	if (ds->n == DIAG_MAX) {
		ds->more++;
		if (!error || !drop_warning(ds))
			return;
	}
	d = &ds->d[ds->n++];
	d->error = error;
	d->line = line;
	d->col = col;
	d->what = (struct phrase){ 0 };
	phrase_vadd(&d->what, fmt, ap);
	make_printable(d->what.text);
	make_printable(d->what.shown);
}

void diag_error(struct diags *ds, unsigned long line, unsigned long col, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(ds, true, line, col, fmt, ap);
	va_end(ap);
}

void diag_warning(struct diags *ds, unsigned long line, unsigned long col, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(ds, false, line, col, fmt, ap);
	va_end(ap);
}

void diag_write(const struct diag *d, const char *name, FILE *out)
{
	const char *kind = d->error ? "error" : "warning";

	if (d->line)
		fprintf(out, "%s:%lu:%lu: %s: %s\n", name, d->line, d->col, kind, d->what.text);
	else
		fprintf(out, "%s: %s\n", kind, d->what.text);
}

static bool is_behind(const struct diag *a, const struct diag *b)
{
	if (!a->line || !b->line)
		return !a->line && b->line;
	return a->line != b->line ? a->line > b->line : a->col > b->col;
}

void diags_sort(struct diags *ds, unsigned from)
{
	for (unsigned i = from + 1; i < ds->n; i++)
		for (unsigned k = i; k > from && is_behind(&ds->d[k - 1], &ds->d[k]); k--) {
			struct diag d = ds->d[k];

			ds->d[k] = ds->d[k - 1];
			ds->d[k - 1] = d;
		}
}
