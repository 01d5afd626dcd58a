/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands of `dolmen`, done for a screen: as children, so that what is long can be given up and what breaks breaks alone. */
#ifndef DOLMEN_CONSOLE_ACTION_H
#define DOLMEN_CONSOLE_ACTION_H

#include "console.h"

#define ACTION_WORDS 48

struct action {
	const char *title;		/* of the box while it runs, and of what it says */
	const char *doing;		/* `Starting web...` */
	unsigned n;
	const char *word[ACTION_WORDS + 1];	/* behind `dolmen`; NULL behind the last */
	const char *input;		/* its standard input, or NULL */
};

/* Adds words; NULL ends them. */
void action_add(struct action *a, ...) __attribute__((sentinel));
/* Runs it. ret_out gets what it printed, the caller frees; NULL: not wanted. -ECANCELED: given up. */
int action_run(struct console *c, const struct action *a, char **ret_out, struct err *e);
/* Runs it and says what it printed, or why it failed. */
enum front_answer action_tell(struct console *c, const struct action *a);
/* The same, and only failures are said. *ret_done: it was done. */
enum front_answer action_do(struct console *c, const struct action *a, bool *ret_done);
/* Gives the terminal to a program, found in PATH, until it ends. argv[0] NULL: `dolmen` itself with the words behind it. */
void action_terminal(struct console *c, const char *hello, char *argv[]);

#endif
