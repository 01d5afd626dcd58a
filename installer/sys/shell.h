/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A shell on the terminal of this process, for people. */
#ifndef DOLMEN_SYS_SHELL_H
#define DOLMEN_SYS_SHELL_H

#include "log.h"

/* Says hello, runs it, and waits until it has gone. */
void shell_run(struct log *l, const char *hello);

#endif
