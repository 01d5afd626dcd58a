/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "command.h"

int ask_yes(struct err *e, const char *fmt, ...)
{
	char answer[16] = "";
	va_list ap;

	if (!isatty(STDIN_FILENO))
		return err_set(e, COMMAND_REFUSED, "nobody is here to agree; --yes agrees");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin) || (answer[0] != 'y' && answer[0] != 'Y'))
		return err_set(e, COMMAND_REFUSED, "nothing was changed");
	return 0;
}
