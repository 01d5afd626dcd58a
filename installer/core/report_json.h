/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What <report url="..."/> of an answer file wants to know at the end, as JSON (RFC 8259) on one line:
 *     {"product":"Dolmen","version":"0.1","result":"complete","error":"","hostname":"host1","addresses":["192.0.2.10"],
 *      "disk":"/dev/sda","ssh_fingerprint":"SHA256:...","seconds":95}
 * What is not known is left out: the name of a host whose upgrade was refused, the fingerprint of a host without SSH.
 */
#ifndef DOLMEN_CORE_REPORT_JSON_H
#define DOLMEN_CORE_REPORT_JSON_H

#include <stdio.h>

#include "answers.h"
#include "plan.h"

#define REPORT_ADDRESSES 16

/* failed: the disk was changed and does not boot. refused: nothing was written. */
enum report_result { REPORT_COMPLETE, REPORT_FAILED, REPORT_REFUSED, REPORT_RESULT_MAX };

struct report {
	char url[1024];			/* where to; "": nobody asked */
	enum report_result result;
	const char *version;
	char error[512];
	char hostname[254], disk[256];
	char ssh_fingerprint[64];	/* of the host's key */
	unsigned addresses;
	char address[REPORT_ADDRESSES][46];
	unsigned long seconds;
};

/* From the answers, and the plan if there is one: where to, name, disk, and an address that is known beforehand. */
void report_fill(struct report *r, const struct answers *a, const struct plan *p);
/* What is not UTF-8 becomes U+FFFD. */
void report_write(const struct report *r, FILE *out);

#endif
