/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "diag.h"

#include <stdarg.h>

static void diag_add(struct diags *ds, bool error, unsigned long line, unsigned long col, const char *fmt, va_list ap)
{
	struct diag *d;

	error = error || ds->strict;
	if (error)
		ds->errors++;
	if (ds->n == DIAG_MAX)
		return;
	d = &ds->d[ds->n++];
	d->error = error;
	d->line = line;
	d->col = col;
	vsnprintf(d->text, sizeof(d->text), fmt, ap);
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
		fprintf(out, "%s:%lu:%lu: %s: %s\n", name, d->line, d->col, kind, d->text);
	else
		fprintf(out, "%s: %s\n", kind, d->text);
}
