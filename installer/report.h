/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings and plans as lines: on standard output and error, on consoles, in the log. Answers as a file. */
#ifndef DOLMEN_REPORT_H
#define DOLMEN_REPORT_H

#include "core/answers.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/plan.h"
#include "sys/log.h"

/* consoles: for people at the boot medium; else on standard error. Always into the log. */
void report_diags(const struct diags *ds, const char *source, bool consoles, struct log *l);
/* The first error, as the reason of everything. */
void report_reason(const struct diags *ds, const char *source, struct err *e);

enum report_plan { REPORT_LOG, REPORT_STDOUT, REPORT_CONSOLES };
/* Into the log, and there. */
void report_plan(const struct plan *p, enum report_plan where, struct log *l);
/* An answer file that says the same, with the password as its hash, for its owner only. */
int report_answers(const struct answers *a, const char *path, struct err *e);

#endif
