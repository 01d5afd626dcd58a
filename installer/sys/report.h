/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of an installation, sent to whoever asked for it in the answer file. */
#ifndef DOLMEN_SYS_REPORT_H
#define DOLMEN_SYS_REPORT_H

#include "core/err.h"
#include "core/report_json.h"
#include "log.h"

/* POST as application/json, http or https with its certificate checked; three tries. The URL's password is not shown. */
int report_send(const char *url, const char *json, struct log *l, struct err *e);
/* The addresses this machine has now, when none is known beforehand; those of its links alone are left out. */
void report_addresses(struct report *r);

#endif
