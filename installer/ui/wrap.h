/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in columns of a terminal: Hangul takes two each. Strings are UTF-8 and the locale is, too. */
#ifndef DOLMEN_UI_WRAP_H
#define DOLMEN_UI_WRAP_H

#include <stddef.h>

unsigned wrap_width(const char *s);
/* s as it is, or cut at `columns` with `~` as the last. Returns buf. */
const char *wrap_fit(const char *s, unsigned columns, char *buf, size_t size);
/* s and blanks up to `columns`; never cut. Returns buf. */
const char *wrap_pad(const char *s, unsigned columns, char *buf, size_t size);
/*
 * Lines of at most `columns`, broken at blanks, or in the middle of what is longer. A line's indentation is kept
 * for what is broken off it. Caller frees; NULL when there is no memory.
 */
char *wrap_text(const char *s, unsigned columns);
unsigned wrap_lines(const char *s);

#endif
