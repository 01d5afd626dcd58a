/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "repair.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/plan.h"
#include "interactive.h"
#include "report.h"
#include "sys/actions.h"
#include "sys/bundle.h"
#include "sys/probe.h"

/* NULL: said is why, or e says it. */
static struct plan *make_plan(const struct options *o, bool *ret_said, struct log *l, struct err *e)
{
	static struct manifest mf;
	static struct random random;
	static struct diags ds;
	struct machine *m = NULL;
	struct plan *p = NULL;
	struct xencfg x;

	if (!probe_machine(&m, o->machine, l, e) && !bundle_read(o->medium, o->boot_files, &mf, &x, e) &&
	    !random_fill(&random, o->seeded ? &o->seed : NULL, e))
		plan_repair(&p, o->repair, m, &mf, &x, &random, &ds);
	report_diags(&ds, "--repair-boot", false, l);
	*ret_said = ds.errors != 0;
	if (p && o->commit && commit_allowed(m, p, e)) {
		plan_free(p);
		p = NULL;
	}
	free(m);
	return p;
}

int repair(const struct options *o, struct log *l)
{
	struct install ins = { .medium = o->medium, .boot_files = o->boot_files, .log = l };
	struct err e = { 0 };
	bool said;
	struct plan *p = make_plan(o, &said, l, &e);
	int rc = 0;

	if (!p) {
		fprintf(stderr, "dolmen-install: refused, nothing was written%s%s\n", said ? "" : ": ", said ? "" : e.msg);
		return EXIT_REFUSED;
	}
	report_plan(p, o->commit ? REPORT_LOG : REPORT_STDOUT, l);
	if (o->commit) {
		ins.plan = p;
		rc = actions_run(&ins, NULL, &e);
		if (rc)
			log_say(l, "boot repair failed: %s", e.msg);
		else
			log_say(l, "boot repair complete");
	}
	plan_free(p);
	return !rc ? EXIT_OK : ins.touched ? EXIT_FAILED : EXIT_REFUSED;
}
