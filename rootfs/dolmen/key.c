/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen key`: with which keys root may log in over SSH. */
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "command.h"
#include "core/json.h"
#include "core/text.h"

static void print(const struct call *c, const struct access_keys *k)
{
	struct json j = { .out = c->out };

	if (c->json)
		json_array(&j, NULL);
	for (unsigned i = 0; i < k->n; i++) {
		const struct access_key *one = &k->key[i];

		if (!c->json) {
			fprintf(c->out, "%2u  %-12s  %s  %s\n", i + 1, one->type, one->fingerprint, one->comment);
			continue;
		}
		json_object(&j, NULL);
		json_text(&j, "type", one->type);
		json_text(&j, "fingerprint", one->fingerprint);
		json_text(&j, "comment", one->comment);
		json_object_end(&j);
	}
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
}

static int list_run(struct call *c, struct err *e)
{
	struct access_keys k;
	int rc = access_keys(&k, e);

	if (!rc)
		print(c, &k);
	return rc;
}

static int host_run(struct call *c, struct err *e)
{
	struct access_keys k;
	int rc = access_host_keys(&k, e);

	if (!rc)
		print(c, &k);
	return rc;
}

/* The key's line: as words of the command line, or from the standard input. */
static int add_run(struct call *c, struct err *e)
{
	char line[2048] = "";
	int rc;

	for (unsigned i = 0; i < c->arguments; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s%s", i ? " " : "", c->argument[i]);
	if (!strcmp(line, "-") && !fgets(line, sizeof(line), stdin))
		return err_set(e, COMMAND_REFUSED, "the standard input is empty");
	rc = access_key_add(text_trim(line), e);
	return rc ? rc : list_run(c, e);
}

static int remove_run(struct call *c, struct err *e)
{
	int rc = access_key_remove(c->argument[0], e);

	return rc ? rc : list_run(c, e);
}

const struct command command_key_list = { "key list", "", "list the SSH keys that root may log in with", NULL, NULL, list_run };
const struct command command_key_add = {
	"key add", "KEY...", "let root log in with a public SSH key",
	"KEY is the line of a file that ends with .pub; - reads it from the standard input, as in\n"
	"`ssh root@host dolmen key add - <id_ed25519.pub`.\n", NULL, add_run,
};
const struct command command_key_remove = {
	"key remove", "KEY", "no longer let it in", "KEY is the number, the fingerprint or the comment that `dolmen key list` shows.\n", NULL, remove_run,
};
const struct command command_key_host = {
	"key host", "", "show the host's own SSH keys",
	"Their fingerprints are what an SSH client shows when it meets this host first, and `dolmen vm migrate` of another host.\n", NULL, host_run,
};
