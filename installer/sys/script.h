/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's scripts: fetched before the first write, and run when their stage comes. */
#ifndef DOLMEN_SYS_SCRIPT_H
#define DOLMEN_SYS_SCRIPT_H

#include "core/answers.h"
#include "core/err.h"
#include "log.h"

struct script_text {		/* owned; {0}: not fetched */
	char *data;
	size_t bytes;
};

/* Fetches all n that are not there yet, and looks at their first lines. One that may fail is only told. */
int scripts_fetch(const struct answer_script *s, unsigned n, struct script_text *t, struct log *l, struct err *e);
/*
 * Runs those of the stage, in order; arg (may be NULL) is their one argument, DOLMEN_STAGE and XS_STAGE in their environment
 * name the stage. A first line with #! counts; without one /bin/sh runs it. What it says goes into the log. A failure ends
 * the installation unless the script may fail. What is not there yet is fetched.
 */
int scripts_run(const struct answer_script *s, unsigned n, struct script_text *t, enum script_stage stage, const char *arg,
		struct log *l, struct err *e);
void scripts_free(struct script_text *t, unsigned n);

#endif
