/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_CONSOLE_GUESTS_H
#define DOLMEN_CONSOLE_GUESTS_H

#include "console.h"

/* guest_create.c: asks for everything that a new machine wants, and makes it. */
console_screen guest_create;

#endif
