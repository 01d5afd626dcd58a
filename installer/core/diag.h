/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that is wrong with the answers and the machine, collected so that all of it is told at once.
 * A line of 0 means that the finding has no place in the answer file.
 */
#ifndef DOLMEN_CORE_DIAG_H
#define DOLMEN_CORE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "phrase.h"

#define DIAG_MAX 64

struct diag {
	bool error;		/* else a warning */
	unsigned long line, col;
	struct phrase what;
};

struct diags {
	bool strict;		/* every warning counts as an error */
	unsigned n, errors;
	unsigned more;		/* what there was no room for */
	struct diag d[DIAG_MAX];
};

/* A full list drops a warning for an error, then what does not fit, and counts both. Control characters in the text become `?`. */
void diag_error(struct diags *ds, unsigned long line, unsigned long col, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warning(struct diags *ds, unsigned long line, unsigned long col, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* From the finding number `from` on: in the order of the file, what has no place last. */
void diags_sort(struct diags *ds, unsigned from);

/* Writes `NAME:LINE:COL: error: TEXT`, or `error: TEXT` for what has no place, a line each. */
void diag_write(const struct diag *d, const char *name, FILE *out);

#endif
