/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every child process starts here: argv goes into the log, its output too, line by line, prefixed. No shell. */
#ifndef DOLMEN_SYS_RUN_H
#define DOLMEN_SYS_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/err.h"
#include "log.h"

/* argv[0] is looked up in PATH. A child that fails is an error with its last line of output. */
int run_command(struct log *l, char *const argv[], struct err *e);
/* The same with words NAME=VALUE more in its environment; NULL ends them. */
int run_command_env(struct log *l, char *const argv[], char *const env[], struct err *e);
/* ret_last gets the last line of its output. */
int run_command_last(struct log *l, char *const argv[], char *ret_last, size_t size, struct err *e);
/* All that it printed goes to out, as it came, and not into the log. */
int run_command_output(struct log *l, char *const argv[], FILE *out, struct err *e);
bool run_exists(const char *name);

#endif
