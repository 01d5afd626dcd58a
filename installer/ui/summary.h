/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan in words, for people, in the language of the screens: what is lost, what comes, how the host is reached. */
#ifndef DOLMEN_UI_SUMMARY_H
#define DOLMEN_UI_SUMMARY_H

#include <stdio.h>

#include "core/plan.h"

void summary_write(const struct plan *p, const struct answers *a, const struct machine *m, FILE *out);
/* How the host will be reached. */
void summary_write_address(const struct answers *a, const struct machine *m, FILE *out);

#endif
