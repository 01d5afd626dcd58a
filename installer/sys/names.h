/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the lists of core/names.h from DIR/timezones and DIR/keymaps, a name a line, sorted. */
#ifndef DOLMEN_SYS_NAMES_H
#define DOLMEN_SYS_NAMES_H

#include "core/err.h"
#include "core/names.h"

#define NAMES_DIR "/usr/share/dolmen"

int names_load(struct names *n, const char *dir, struct err *e);
void names_free(struct names *n);

#endif
