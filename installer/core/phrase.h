/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for people, twice: in English, as logs, plans and tests have them whatever the screens speak, and in the language
 * of the screens. Formats are marked with N_() and looked up with gettext in the program's own text domain; one that
 * has no translation, and words put in with %s, are shown as they are.
 */
#ifndef DOLMEN_CORE_PHRASE_H
#define DOLMEN_CORE_PHRASE_H

#include <stdarg.h>
#include <stddef.h>

#define N_(text) text		/* marked for translation, translated later */

struct phrase {
	char text[1024];	/* English */
	char shown[1024];	/* on the screens */
};

/* Adds to what is there; cut where there is no room. All zero is the empty phrase. */
void phrase_add(struct phrase *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void phrase_vadd(struct phrase *p, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

#endif
