/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The error of a failed call: worded once where it happens, prefixed on the way up, logged once by main.
 * code is negative (-errno or one of ours). The functions return the negative code. msg is English, for logs, plans and
 * tests; shown is the same in the language of the screens, as far as the formats have a translation (see phrase.h).
 */
#ifndef DOLMEN_CORE_ERR_H
#define DOLMEN_CORE_ERR_H

struct err {
	int code;
	char msg[512];
	char shown[1024];
};

int err_set(struct err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What is to be done about it: `; write the medium again`. */
int err_suffix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Where `from` stands first, `to` stands then. */
void err_replace(struct err *e, const char *from, const char *to);

#endif
