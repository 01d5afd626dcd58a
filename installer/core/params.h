/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel parameters that concern an installation: Dolmen's, and those that XenServer's and XCP-ng's installers know. They
 * are read by the boot steps (rootfs/init) and by the installer; here stands what there is and what may be written.
 * docs/KERNELPARAMS.md is the same table for people; a test compares the two.
 */
#ifndef DOLMEN_CORE_PARAMS_H
#define DOLMEN_CORE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

#define PARAMS_SOURCE "kernel command line"

/* HONOURED: it does something. IGNORED: told in a warning, and without effect. REFUSED: no unattended installation. */
enum param_status { PARAM_HONOURED, PARAM_IGNORED, PARAM_REFUSED, PARAM_STATUS_MAX };
extern const char *const param_status_text[PARAM_STATUS_MAX];

struct param {
	const char *name;	/* one that is a word of its own has no `=` behind it */
	bool flag;
	enum param_status status;
	const char *meaning;	/* a line for people; for what is not honoured, why */
};

/* The number of them. */
size_t params_list(const struct param **ret);

/*
 * What is wrong or without effect goes to ds, at line 1 and the column of the word. Words that are neither ours nor nearly
 * so are the kernel's. Passwords are not repeated.
 */
void params_check(const char *cmdline, struct diags *ds);
/* An answer file is named, in whatever way: nobody is asked. */
bool params_unattended(const char *cmdline);
/* Where the answer file is: answerfile= or rt_answerfile=. False: neither. */
bool params_answerfile(const char *cmdline, char *ret_url, size_t size);

#endif
