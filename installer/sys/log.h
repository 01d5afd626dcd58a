/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log file (`time level area: text`) and what people see. log_say() writes `dolmen: TEXT`, once on every
 * console (or on stdout), and into the log; these lines are an interface.
 */
#ifndef DOLMEN_SYS_LOG_H
#define DOLMEN_SYS_LOG_H

#include <stdbool.h>

#include "core/err.h"

#define LOG_CONSOLES 8

struct log {
	int fd;				/* -1: no log file */
	char path[256];
	unsigned consoles;
	int console[LOG_CONSOLES];
};

/* all_consoles: the list in /sys/class/tty/console/active, instead of stdout. path NULL: no file. */
int log_open(struct log *l, const char *path, bool all_consoles, struct err *e);
/* From now on nothing goes to consoles or stdout: they belong to somebody else. */
void log_no_consoles(struct log *l);
void log_close(struct log *l);
void log_info(struct log *l, const char *area, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void log_error(struct log *l, const char *area, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A line for people, without `dolmen: ` in front. */
void log_print(struct log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_say(struct log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
