/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the kernel command line: NAME=VALUE separated by blanks; double quotes keep blanks together. */
#ifndef DOLMEN_CORE_CMDLINE_H
#define DOLMEN_CORE_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct cmdline_word {
	unsigned long col;	/* where it begins in the line; 1: the first character */
	char name[64];		/* longer ones are cut: they are none of ours */
	char value[1024];
	bool has_value;		/* there is a `=` */
	bool too_long;		/* the value was cut */
};

/* The next word at or after *at, which then stands behind it; begin with 0. False: there is none left. */
bool cmdline_next(const char *line, size_t *at, struct cmdline_word *ret);
/* The last NAME=VALUE wins, as in the kernel. False when there is none, or the value is longer than size. */
bool cmdline_get(const char *line, const char *name, char *ret_value, size_t size);

#endif
