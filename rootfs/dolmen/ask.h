/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_ASK_H
#define DOLMEN_ASK_H

#include <stddef.h>

#include "core/err.h"

/* 0 when a person at the terminal says yes to the question (`Delete web?`); else COMMAND_REFUSED. */
int ask_yes(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One line, which is not seen while a person types it; otherwise the first of the input, without a prompt. COMMAND_REFUSED: there is none. */
int ask_secret(const char *prompt, char *ret, size_t size, struct err *e);

#endif
