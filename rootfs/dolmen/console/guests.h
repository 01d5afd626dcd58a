/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_CONSOLE_GUESTS_H
#define DOLMEN_CONSOLE_GUESTS_H

#include "action.h"
#include "console.h"

/* guest_create.c: asks for everything that a new machine wants, and makes it. */
console_screen guest_create;
/* Runs `vm console NAME --show` and says where its screen is. */
enum front_answer guest_screen(struct console *c, const struct action *a);

#endif
