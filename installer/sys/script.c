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

static int run_file(const struct answer_script *s, const char *path, const char *data, size_t n, const char *arg, struct log *l,
		    struct err *e)
{
	const char *stage = script_stage_text[s->stage];
	char dolmen[64], xs[64], interpreter[256];
	char *env[] = { dolmen, xs, NULL };
	char *direct[] = { (char *)path, (char *)arg, NULL };
	char *by_shell[] = { (char *)"/bin/sh", (char *)path, (char *)arg, NULL };
	bool binary = n > 4 && !memcmp(data, "\177ELF", 4);
	int rc = interpreter_find(data, interpreter, sizeof(interpreter), e);

	snprintf(dolmen, sizeof(dolmen), "DOLMEN_STAGE=%s", stage);
	snprintf(xs, sizeof(xs), "XS_STAGE=%s", stage);
	if (!rc)
		rc = file_write(path, data, n, 0700, e);
	return rc ? rc : run_command_env(l, *interpreter || binary ? direct : by_shell, env, e);
}

static int run_one(const struct answer_script *s, const char *arg, struct log *l, struct err *e)
{
	char dir[] = "/tmp/dolmen-script-XXXXXX", path[64], shown[300], *data = NULL;
	size_t n;
	int rc;

	url_shown(s->url, shown, sizeof(shown));
	log_info(l, "script", "%s: %s", script_stage_text[s->stage], shown);
	rc = fetch_url(s->url, SCRIPT_MAX_BYTES, NULL, l, &data, &n, e);
	if (rc)
		return rc;
	if (mkdtemp(dir)) {
		snprintf(path, sizeof(path), "%s/script", dir);
		rc = run_file(s, path, data, n, arg, l, e);
		unlink(path);
		rmdir(dir);
	} else {
		rc = err_set(e, -errno, "%s cannot be made", dir);
	}
	free(data);
	return rc;
}

int scripts_run(const struct answer_script *s, unsigned n, enum script_stage stage, const char *arg, struct log *l,
		struct err *e)
{
	for (unsigned i = 0; i < n; i++) {
		int rc = s[i].stage == stage ? run_one(&s[i], arg, l, e) : 0;

		if (!rc)
			continue;
		err_prefix(e, "script %u (%s): ", i + 1, script_stage_text[stage]);
		if (!s[i].may_fail)
			return rc;
		log_error(l, "script", "%s; it may", e->msg);
	}
	return 0;
}
