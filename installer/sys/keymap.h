/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keyboard layout of the machine's own console, from the binary keymaps of the image. */
#ifndef DOLMEN_SYS_KEYMAP_H
#define DOLMEN_SYS_KEYMAP_H

#include "log.h"

/* A layout that cannot be loaded (no such file, no console) is logged; the old one stays. */
void keymap_load(const char *name, struct log *l);

#endif
