/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The installer that asks nobody: answers from a file, a URL of the kernel line, or the volume DOLMEN-CONF.
 * What is missing is an error, never a question.
 */
#ifndef DOLMEN_UNATTENDED_H
#define DOLMEN_UNATTENDED_H

#include "core/answers.h"
#include "core/err.h"
#include "core/machine.h"
#include "sys/log.h"

struct answer_source {
	char name[512];		/* for messages: file, URL or device */
};

/*
 * file: or NULL; cmdline: the kernel's; m: NULL when the file is only looked at: SSH keys that it names by URL are not
 * fetched then. Errors in the file go to ds; e is set when it cannot be read at all
 * (-ENOENT: there is no answer file anywhere).
 */
int unattended_answers(struct answers *a, const char *file, const char *cmdline, const struct machine *m, const struct names *names,
		       struct log *l, struct answer_source *ret_source, struct diags *ds, struct err *e);

#endif
