/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time zones and keymaps that exist, each a sorted list of names. sys/names.h loads them; the answer file and the
 * screens look names up here, and offer the nearest one for a typing error.
 */
#ifndef DOLMEN_CORE_NAMES_H
#define DOLMEN_CORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct name_list {
	size_t n;
	char **name;		/* owned by whoever loaded it */
};

struct names {
	struct name_list timezones, keymaps;
};

bool names_has(const struct name_list *l, const char *name);
/* The name most like it (letter case, missing separators, a few letters off), or NULL when none is alike. */
const char *names_nearest(const struct name_list *l, const char *name);
/* The same for a small NULL-terminated array. */
const char *names_nearest_of(const char *const *list, const char *name);

#endif
