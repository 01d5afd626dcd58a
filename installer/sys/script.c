/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "core/url.h"
#include "fetch.h"
#include "file.h"
#include "run.h"

#define SCRIPT_MAX_BYTES (1u << 20)

/*
 * The program of the first line, `#!/bin/sh -e`; empty when there is no such line. The kernel would only say that there is
 * no such file, which people take for the script.
 */
static int interpreter_find(const char *data, char *ret, size_t size, struct err *e)
{
	char line[256];

	ret[0] = 0;
	if (strncmp(data, "#!", 2) != 0)
		return 0;
	snprintf(line, sizeof(line), "%s", data + 2);
	line[strcspn(line, "\n")] = 0;
	if (strchr(line, '\r'))
		return err_set(e, -ENOEXEC, "its lines end with carriage returns, as files of Windows do; convert it with dos2unix");
	text_trim(line);
	line[strcspn(line, " \t")] = 0;
	if (!text_copy(ret, size, line) || access(line, X_OK) < 0)
		return err_set(e, -ENOENT, "its first line wants %s, which the installer has not; scripts are written for /bin/sh (busybox)", line);
	return 0;
}

static int fetch_one(const struct answer_script *s, struct script_text *t, struct log *l, struct err *e)
{
	char interpreter[256];
	int rc = fetch_url(s->url, SCRIPT_MAX_BYTES, NULL, l, &t->data, &t->bytes, e);

	return rc ? rc : interpreter_find(t->data, interpreter, sizeof(interpreter), e);
}

/* A failure of the script i, which may be one that does no harm. */
static int failed(const struct answer_script *s, unsigned i, int rc, struct log *l, struct err *e)
{
	if (!rc)
		return 0;
	err_prefix(e, "script %u (%s): ", i + 1, script_stage_text[s[i].stage]);
	if (!s[i].may_fail)
		return rc;
	log_error(l, "script", "%s; it may", e->msg);
	return 0;
}

int scripts_fetch(const struct answer_script *s, unsigned n, struct script_text *t, struct log *l, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < n; i++)
		if (!t[i].data)
			rc = failed(s, i, fetch_one(&s[i], &t[i], l, e), l, e);
	return rc;
}

static int run_file(const struct answer_script *s, const struct script_text *t, const char *path, const char *arg, struct log *l,
		    struct err *e)
{
	const char *stage = script_stage_text[s->stage];
	char dolmen[64], xs[64], interpreter[256];
	char *env[] = { dolmen, xs, NULL };
	char *direct[] = { (char *)path, (char *)arg, NULL };
	char *by_shell[] = { (char *)"/bin/sh", (char *)path, (char *)arg, NULL };
	bool binary = t->bytes > 4 && !memcmp(t->data, "\177ELF", 4);
	int rc = interpreter_find(t->data, interpreter, sizeof(interpreter), e);

	snprintf(dolmen, sizeof(dolmen), "DOLMEN_STAGE=%s", stage);
	snprintf(xs, sizeof(xs), "XS_STAGE=%s", stage);
	if (!rc)
		rc = file_write(path, t->data, t->bytes, 0700, e);
	return rc ? rc : run_command_env(l, *interpreter || binary ? direct : by_shell, env, e);
}

static int run_one(const struct answer_script *s, struct script_text *t, const char *arg, struct log *l, struct err *e)
{
	char dir[] = "/tmp/dolmen-script-XXXXXX", path[64], shown[300];
	int rc = t->data ? 0 : fetch_one(s, t, l, e);

	url_shown(s->url, shown, sizeof(shown));
	log_info(l, "script", "%s: %s", script_stage_text[s->stage], shown);
	if (rc)
		return rc;
	if (!mkdtemp(dir))
		return err_set(e, -errno, "%s cannot be made", dir);
	snprintf(path, sizeof(path), "%s/script", dir);
	rc = run_file(s, t, path, arg, l, e);
	unlink(path);
	rmdir(dir);
	return rc;
}

int scripts_run(const struct answer_script *s, unsigned n, struct script_text *t, enum script_stage stage, const char *arg,
		struct log *l, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < n; i++)
		if (s[i].stage == stage)
			rc = failed(s, i, run_one(&s[i], &t[i], arg, l, e), l, e);
	return rc;
}

void scripts_free(struct script_text *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		free(t[i].data);
		t[i] = (struct script_text){ 0 };
	}
}
