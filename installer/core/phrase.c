/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "phrase.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

static void add(char *buf, size_t size, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
static void add(char *buf, size_t size, const char *fmt, va_list ap)
{
	size_t n = strlen(buf);

	vsnprintf(buf + n, size - n, fmt, ap);
}

void phrase_vadd(struct phrase *p, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	add(p->text, sizeof(p->text), fmt, ap);
	add(p->shown, sizeof(p->shown), gettext(fmt), again);
	va_end(again);
}

void phrase_add(struct phrase *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	phrase_vadd(p, fmt, ap);
	va_end(ap);
}
