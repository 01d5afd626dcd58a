/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen password`: root's, asked for twice where somebody types, else read from the first line of the input. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "access.h"
#include "ask.h"
#include "command.h"
#include "core/json.h"
#include "core/values.h"

#define PASSWORD_MAX 200

static int ask(const char *prompt, char ret[PASSWORD_MAX], struct err *e)
{
	return ask_secret(prompt, ret, PASSWORD_MAX, e) ? err_suffix(e, "; the password stays as it is") : 0;
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
