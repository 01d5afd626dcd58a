/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The installer with screens, from the welcome to the restart; and the one question of an answer file that wants it. */
#ifndef DOLMEN_INTERACTIVE_H
#define DOLMEN_INTERACTIVE_H

#include "core/machine.h"
#include "core/names.h"
#include "core/plan.h"
#include "options.h"
#include "sys/log.h"
#include "ui/front.h"

/* The front end that the options name, or the best that the terminal can. NULL: none. */
struct front *interactive_front(const struct options *o);
/*
 * Takes over the machine, which it may look for again, and the front. language= and keymap= of the kernel line are chosen
 * before. Returns the program's exit code.
 */
int interactive_run(const struct options *o, struct front *f, struct machine *m, const struct names *names, const char *cmdline,
		    struct log *l);
/* Shows the plan of an answer file with <ui-confirmation-prompt> and asks, in its language. False: nobody agreed, why is in e. */
bool interactive_agreed(const struct options *o, const struct plan *p, const struct answers *a, const struct machine *m, struct err *e);
/* A recorded machine's disks are not this machine's, except for loop devices made for tests. */
int commit_allowed(const struct machine *m, const struct plan *p, struct err *e);

#endif
