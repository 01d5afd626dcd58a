/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen report`: a support bundle. What is in it, and what must not be, is init/report's affair. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "core/json.h"
#include "sys/run.h"

#define SCRIPT "/usr/lib/dolmen/init/report"

static int report_run(struct call *c, struct err *e)
{
	const char *file = c->arguments ? c->argument[0] : "/tmp/dolmen-report.tar.gz";
	struct log none = { .fd = -1 };
	struct json j = { .out = c->out };
	struct stat st;
	int rc;

	if (!strcmp(file, "-")) {
		execl(SCRIPT, SCRIPT, file, (char *)NULL);
		return err_set(e, -errno, "%s: %s", SCRIPT, strerror(errno));
	}
	rc = run_command(&none, (char *[]){ (char *)SCRIPT, (char *)file, NULL }, e);
	if (rc)
		return rc;
	if (stat(file, &st) < 0)
		return err_set(e, -errno, "%s: %s", file, strerror(errno));
	if (!c->json) {
		fprintf(c->out, "%s: %lld bytes\n", file, (long long)st.st_size);
		return 0;
	}
	json_object(&j, NULL);
	json_text(&j, "file", file);
	json_number(&j, "bytes", (uint64_t)st.st_size);
	json_object_end(&j);
	json_end(&j);
	return 0;
}

const struct command command_report = {
	"report", "[FILE]", "write a support bundle, without passwords and keys",
	"FILE is /tmp/dolmen-report.tar.gz when it is left out; - is the standard output, as in\n"
	"`ssh root@host dolmen report - >host.tar.gz`. In it: what Xen and the kernel said, logs, the configuration,\n"
	"a description of the machine.\n",
	NULL, report_run,
};
