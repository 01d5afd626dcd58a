/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "err.h"

#include <errno.h>
#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "phrase.h"

/* strerror() speaks English here: the image has no catalogue of the C library. */
static const char *const reasons[] = {
	N_("Input/output error"), N_("No space left on device"), N_("No such file or directory"), N_("No such device"),
	N_("No such device or address"), N_("Permission denied"), N_("Operation not permitted"), N_("Read-only file system"),
	N_("Device or resource busy"), N_("Connection timed out"), N_("Cannot allocate memory"), N_("Structure needs cleaning"),
	N_("Invalid argument"), N_("Remote I/O error"),
};

static void replace(char *buf, size_t size, char *at, size_t n, const char *to)
{
	char rest[sizeof(((struct err *)0)->shown)];

	snprintf(rest, sizeof(rest), "%s", at + n);
	snprintf(at, size - (size_t)(at - buf), "%s%s", to, rest);
}

/* Only where it ends a sentence: within somebody else's English it stays. */
static void translate_reasons(struct err *e)
{
	for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		char *at = strstr(e->shown, reasons[i]);
		size_t n = strlen(reasons[i]);

		if (at && strchr(";,)", at[n]))
			replace(e->shown, sizeof(e->shown), at, n, gettext(reasons[i]));
	}
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap, again;

	if (code == 0)
		code = -EIO;
	e->code = code < 0 ? code : -code;
	va_start(ap, fmt);
	va_copy(again, ap);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	vsnprintf(e->shown, sizeof(e->shown), gettext(fmt), again);
	va_end(again);
	va_end(ap);
	translate_reasons(e);
	return e->code;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	char head[256];
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	vsnprintf(head, sizeof(head), fmt, ap);
	replace(e->msg, sizeof(e->msg), e->msg, 0, head);
	vsnprintf(head, sizeof(head), gettext(fmt), again);
	replace(e->shown, sizeof(e->shown), e->shown, 0, head);
	va_end(again);
	va_end(ap);
	return e->code;
}

int err_suffix(struct err *e, const char *fmt, ...)
{
	size_t msg = strlen(e->msg), shown = strlen(e->shown);
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	vsnprintf(e->msg + msg, sizeof(e->msg) - msg, fmt, ap);
	vsnprintf(e->shown + shown, sizeof(e->shown) - shown, gettext(fmt), again);
	va_end(again);
	va_end(ap);
	return e->code;
}

void err_replace(struct err *e, const char *from, const char *to)
{
	char *msg = strstr(e->msg, from), *shown = strstr(e->shown, from);

	if (msg)
		replace(e->msg, sizeof(e->msg), msg, strlen(from), to);
	if (shown)
		replace(e->shown, sizeof(e->shown), shown, strlen(from), to);
}
