/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's scripts: fetched and run when their stage comes. */
#ifndef DOLMEN_SYS_SCRIPT_H
#define DOLMEN_SYS_SCRIPT_H

#include "core/answers.h"
#include "core/err.h"
#include "log.h"

/*
 * Runs those of the stage, in order; arg (may be NULL) is their one argument, DOLMEN_STAGE and XS_STAGE in their environment
 * name the stage. A first line with #! counts; without one /bin/sh runs it. What it says goes into the log. A failure ends
 * the installation unless the script may fail.
 */
int scripts_run(const struct answer_script *s, unsigned n, enum script_stage stage, const char *arg, struct log *l,
		struct err *e);

#endif
