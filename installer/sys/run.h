/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every child process starts here: argv goes into the log, its output too, line by line, prefixed. No shell. */
#ifndef DOLMEN_SYS_RUN_H
#define DOLMEN_SYS_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "log.h"

/* argv[0] is looked up in PATH. A child that fails is an error with its last line of output. */
int run_command(struct log *l, char *const argv[], struct err *e);
/* The same with words NAME=VALUE more in its environment; NULL ends them. */
int run_command_env(struct log *l, char *const argv[], char *const env[], struct err *e);
/* ret_last gets the last line of its output. */
int run_command_last(struct log *l, char *const argv[], char *ret_last, size_t size, struct err *e);
/* line gets each line of its output, complaints among them, without the white space around it. */
typedef void run_line(void *user, const char *line);
int run_command_lines(struct log *l, char *const argv[], run_line *line, void *user, struct err *e);
/*
 * The same for what takes long: once *stop is set, it is ended by SIGTERM, which is -EINTR. A carriage return ends a line, too.
 * ret_exit: its exit code, also when that is an error; -1 when there is none.
 */
int run_command_long(struct log *l, char *const argv[], run_line *line, void *user, const volatile sig_atomic_t *stop, int *ret_exit,
		     struct err *e);
bool run_exists(const char *name);

#endif
