/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interactive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cmdline.h"
#include "core/values.h"
#include "report.h"
#include "sys/actions.h"
#include "sys/bundle.h"
#include "sys/fetch.h"
#include "sys/file.h"
#include "sys/keymap.h"
#include "sys/nic.h"
#include "sys/probe.h"
#include "sys/save.h"
#include "sys/shell.h"
#include "ui/flow.h"
#include "ui/i18n.h"
#include "ui/running.h"

struct front *interactive_front(const struct options *o)
{
	struct front *f = o->ui == UI_PLAIN ? NULL : front_newt();

	return f || o->ui == UI_NEWT ? f : front_plain();
}

int commit_allowed(const struct machine *m, const struct plan *p, struct err *e)
{
	for (unsigned i = 0; m->recorded && i < p->targets; i++)
		if (strncmp(p->target[i].disk.name, "loop", 4) != 0)
			return err_set(e, -EPERM, "--commit with --machine writes to loop devices only, not to %s", p->target[i].disk.path);
	for (unsigned i = 0; m->recorded && i < p->extra_n; i++)
		if (strncmp(p->extra[i].name, "loop", 4) != 0)
			return err_set(e, -EPERM, "--commit with --machine writes to loop devices only, not to %s", p->extra[i].path);
	return 0;
}

static void probe(struct session *s)
{
	struct machine *m;
	struct err e;

	if (probe_machine(&m, s->machine_root, s->log, &e)) {
		log_error(s->log, "probe", "%s", e.msg);
		return;
	}
	free(s->machine);
	s->machine = m;
}

static int try_plan(struct session *s, struct diags *ds)
{
	const struct options *o = s->services_own;
	static struct manifest mf;
	static struct random random;
	struct xencfg x;
	struct err e;

	if (bundle_read(o->medium, o->boot_files, &mf, &x, &e) || random_fill(&random, o->seeded ? &o->seed : NULL, &e)) {
		diag_error(ds, 0, 0, "%s", e.msg);
		return e.code;
	}
	if (plan_make(&s->plan, &s->a, s->machine, &mf, &x, &random, ds))
		return -EINVAL;
	if (o->commit && commit_allowed(s->machine, s->plan, &e)) {
		diag_error(ds, 0, 0, "%s", e.msg);
		return e.code;
	}
	return 0;
}

/* What is refused is logged, too: the screen with it is gone when somebody asks. */
static int make_plan(struct session *s, struct diags *ds)
{
	int rc = try_plan(s, ds);

	for (unsigned i = 0; i < ds->n; i++)
		log_info(s->log, "plan", "%s: %s", ds->d[i].error ? "refused" : "warning", ds->d[i].what.text);
	return rc;
}

/* What screens get of sys, most of it as it is there. */
static const struct services services = {
	.probe = probe, .make_plan = make_plan, .install = actions_run,
	.keymap_load = keymap_load, .shell_run = shell_run, .nic_refresh = nic_refresh, .nic_blink = nic_blink,
	.file_read = file_read, .fetch_url = fetch_url, .save_to_url = save_to_url,
	.load_from_volume = load_from_volume, .save_to_volume = save_to_volume,
};

static int exit_code(const struct session *s, int otherwise)
{
	return s->leave == LEAVE_REBOOT ? EXIT_RESTART : s->leave == LEAVE_POWEROFF ? EXIT_POWEROFF : otherwise;
}

/* After the last screen. True: the flow goes on, from the plan. */
static bool do_it(struct session *s, const struct options *o, int *ret_code)
{
	struct install ins = { .plan = s->plan, .medium = o->medium, .boot_files = o->boot_files, .log = s->log };
	struct err e = { 0 };

	report_plan(s->plan, REPORT_LOG, s->log);
	if (!running_install(s, &ins, &e)) {
		log_say(s->log, "install complete");
		running_done(s, o->log);
		*ret_code = exit_code(s, EXIT_OK);
		return false;
	}
	log_say(s->log, "install failed: %s", e.msg);
	if (running_failed(s, o->log, &e, ins.touched) == RUNNING_AGAIN) {
		probe(s);	/* partitions came and went */
		return true;
	}
	*ret_code = exit_code(s, ins.touched ? EXIT_FAILED : EXIT_REFUSED);
	return false;
}

/* What the screens begin with. Values that are wrong have been told, and leave what is usual. */
static void answers_begin(struct answers *a, const char *cmdline, const struct names *names)
{
	char value[64];
	struct err e;

	answers_defaults(a);
	if (cmdline_get(cmdline, "language", value, sizeof(value)))
		value_language(value, a->language, &e);
	if (cmdline_get(cmdline, "keymap", value, sizeof(value)))
		value_keymap(value, names, a->keymap, &e);
	i18n_use(a->language);
}

int interactive_run(const struct options *o, struct front *f, struct machine *m, const struct names *names, const char *cmdline,
		    struct log *l)
{
	static struct session s;
	const char *from = "language";
	int code = EXIT_REFUSED;
	struct err e = { 0 };
	bool again;

	s = (struct session){ .front = f, .machine = m, .machine_root = o->machine, .names = names, .services = &services,
			      .services_own = o, .log = l };
	answers_begin(&s.a, cmdline, names);
	do {
		again = false;
		if (!flow_run(&s, from)) {
			code = exit_code(&s, EXIT_REFUSED);
		} else if (o->commit) {
			again = do_it(&s, o, &code);
			from = "summary";
		} else {
			code = EXIT_OK;
		}
	} while (again);
	f->calls->close(f);
	if (s.leave == LEAVE_INSTALL && o->save && report_answers(&s.a, o->save, &e)) {
		fprintf(stderr, "dolmen-install: %s\n", e.msg);
		code = EXIT_FAILED;
	}
	if (s.leave == LEAVE_INSTALL && !o->commit)
		report_plan(s.plan, REPORT_STDOUT, l);
	plan_free(s.plan);
	free(s.machine);
	explicit_bzero(&s, sizeof(s));
	return code;
}

bool interactive_agreed(const struct options *o, const struct plan *p, const struct answers *a, const struct machine *m, struct err *e)
{
	struct front *f = interactive_front(o);
	enum front_answer answer = FRONT_QUIT;
	bool yes = false;

	if (f) {
		answer = screen_agree(f, p, a, m, &yes);
		f->calls->close(f);
	}
	if (answer == FRONT_NEXT && yes)
		return true;
	err_set(e, -ECANCELED, answer == FRONT_NEXT ? "not agreed to; nothing was written" :
		"the answer file wants somebody to agree, and there is nobody at this terminal; nothing was written");
	return false;
}
