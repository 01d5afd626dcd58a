/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "script.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "fetch.h"
#include "file.h"
#include "run.h"

#define SCRIPT_MAX_BYTES (1u << 20)

static int run_one(const struct answer_script *s, const char *arg, struct log *l, struct err *e)
{
	char dir[] = "/tmp/dolmen-script-XXXXXX", path[64], *data = NULL;
	char *argv[] = { path, (char *)arg, NULL };
	size_t n;
	int rc = fetch_url(s->url, SCRIPT_MAX_BYTES, l, &data, &n, e);

	if (rc)
		return rc;
	if (mkdtemp(dir)) {
		snprintf(path, sizeof(path), "%s/script", dir);
		rc = file_write(path, data, n, 0700, e);
		if (!rc)
			rc = run_command(l, argv, e);
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
		log_error(l, "script", "%s", e->msg);
	}
	return 0;
}
