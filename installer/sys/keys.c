/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/url.h"
#include "core/values.h"
#include "fetch.h"

#define KEYS_MAX_BYTES 65536

static void wrong(const struct answers *a, struct diags *ds, const char *url, const char *why)
{
	char shown[300];

	url_shown(url, shown, sizeof(shown));
	diag_error(ds, a->mode_at.line, a->mode_at.col, "<ssh-key>: %s: %s", shown, why);
}

static void add(struct answers *a, const char *key, const char *url, struct diags *ds)
{
	for (unsigned i = 0; i < a->ssh_keys; i++)
		if (!strcmp(a->ssh_key[i], key))
			return;
	if (a->ssh_keys == ANSWERS_SSH_KEYS)
		wrong(a, ds, url, "there are more SSH keys than the host can be given (8)");
	else
		text_copy(a->ssh_key[a->ssh_keys++], sizeof(a->ssh_key[0]), key);
}

static void add_lines(struct answers *a, char *text, const char *url, struct diags *ds)
{
	char key[1024], *save = NULL;
	unsigned n = 0;
	struct err e;

	for (char *line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
		text_trim(line);
		if (!*line || *line == '#')
			continue;
		n++;
		if (value_ssh_key(line, key, &e))
			wrong(a, ds, url, e.msg);
		else
			add(a, key, url, ds);
	}
	if (!n)
		wrong(a, ds, url, "there is no key in it");
}

int keys_fetch(struct answers *a, struct log *l, struct diags *ds)
{
	char (*said)[sizeof(a->ssh_key[0])] = malloc(sizeof(a->ssh_key));
	unsigned n = a->ssh_keys, errors = ds->errors;

	if (!said) {
		diag_error(ds, 0, 0, "out of memory");
		return -ENOMEM;
	}
	memcpy(said, a->ssh_key, sizeof(a->ssh_key));
	memset(a->ssh_key, 0, sizeof(a->ssh_key));
	a->ssh_keys = 0;
	for (unsigned i = 0; i < n; i++) {
		char *text = NULL;
		struct err e;
		size_t len;

		if (!answers_ssh_key_is_url(said[i]))
			add(a, said[i], said[i], ds);
		else if (fetch_url(said[i], KEYS_MAX_BYTES, NULL, l, &text, &len, &e))
			diag_error(ds, a->mode_at.line, a->mode_at.col, "<ssh-key>: %s", e.msg);
		else
			add_lines(a, text, said[i], ds);
		free(text);
	}
	free(said);
	return ds->errors != errors ? -EINVAL : 0;
}
