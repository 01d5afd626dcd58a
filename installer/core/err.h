/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The error of a failed call: worded once where it happens, prefixed on the way up, logged once by main.
 * code is negative (-errno or one of ours). Both functions return the negative code.
 */
#ifndef DOLMEN_CORE_ERR_H
#define DOLMEN_CORE_ERR_H

struct err {
	int code;
	char msg[512];
};

int err_set(struct err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
