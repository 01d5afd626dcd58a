/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
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

int ask_secret(const char *prompt, char *ret, size_t size, struct err *e)
{
	struct termios seen, unseen;
	bool tty = !tcgetattr(STDIN_FILENO, &seen), got;

	if (tty) {
		unseen = seen;
		unseen.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
		fputs(prompt, stderr);
	}
	got = fgets(ret, (int)size, stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
		fputc('\n', stderr);
	}
	if (!got)
		return err_set(e, COMMAND_REFUSED, "nothing was typed");
	if (strlen(ret) == size - 1)
		return err_set(e, COMMAND_REFUSED, "that is too long");
	ret[strcspn(ret, "\r\n")] = 0;
	return 0;
}
