/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the kernel command line: NAME=VALUE separated by blanks; double quotes keep blanks together. */
#ifndef DOLMEN_CORE_CMDLINE_H
#define DOLMEN_CORE_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

/* The last NAME=VALUE wins, as in the kernel. False when there is none, or the value is longer than size. */
bool cmdline_get(const char *line, const char *name, char *ret_value, size_t size);

#endif
