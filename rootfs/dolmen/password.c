/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen password`: root's, asked for twice where somebody types, else read from the first line of the input. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "access.h"
#include "command.h"
#include "core/json.h"
#include "core/values.h"

#define PASSWORD_MAX 200

/* One line, unseen. */
static int ask(const char *prompt, char ret[PASSWORD_MAX], struct err *e)
{
	struct termios seen, unseen;
	bool tty = !tcgetattr(STDIN_FILENO, &seen), got;

	if (tty) {
		unseen = seen;
		unseen.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
		fputs(prompt, stderr);
	}
	got = fgets(ret, PASSWORD_MAX, stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
		fputc('\n', stderr);
	}
	if (!got)
		return err_set(e, COMMAND_REFUSED, "no password was given; it stays as it is");
	if (strlen(ret) == PASSWORD_MAX - 1)
		return err_set(e, COMMAND_REFUSED, "a password has at most 127 characters");
	ret[strcspn(ret, "\r\n")] = 0;
	return 0;
}

static int password_run(struct call *c, struct err *e)
{
	char first[PASSWORD_MAX] = "", again[PASSWORD_MAX] = "";
	struct json j = { .out = c->out };
	int rc;

	/* Interrupted, the terminal shows again what is typed. */
	command_begin();
	rc = ask("New password for root: ", first, e);
	if (!rc && value_password(first, e))
		rc = e->code = COMMAND_REFUSED;
	if (!rc && isatty(STDIN_FILENO))
		rc = ask("Again: ", again, e);
	if (!rc && isatty(STDIN_FILENO) && strcmp(first, again) != 0)
		rc = err_set(e, COMMAND_REFUSED, "the two differ; the password stays as it is");
	if (!rc && command_stopped)
		rc = err_set(e, COMMAND_REFUSED, "interrupted; the password stays as it is");
	if (!rc)
		rc = access_password(first, e);
	if (!rc && c->json) {
		json_object(&j, NULL);
		json_text(&j, "result", "changed");
		json_object_end(&j);
		json_end(&j);
	} else if (!rc) {
		fprintf(c->out, "The password is changed.%s\n", password_strength(first) ? "" : " It is easily guessed.");
	}
	explicit_bzero(first, sizeof(first));
	explicit_bzero(again, sizeof(again));
	return rc;
}

const struct command command_password = {
	"password", "", "change root's password", "Asks twice; where nobody types, it reads one line: `dolmen password <FILE`.\n", NULL, password_run,
};
