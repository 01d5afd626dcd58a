/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dolmen-install: answers and machine make a plan, the plan is printed or done. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/params.h"
#include "core/plan.h"
#include "core/report_json.h"
#include "core/text.h"
#include "interactive.h"
#include "options.h"
#include "repair.h"
#include "report.h"
#include "sys/actions.h"
#include "sys/bundle.h"
#include "sys/fetch.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/names.h"
#include "sys/probe.h"
#include "sys/report.h"
#include "ui/i18n.h"
#include "unattended.h"

/* Without the lists every name is taken: the host checks again. */
static const struct names *names_get(const struct options *o, struct log *l)
{
	static struct names names;
	struct err e;

	if (!names_load(&names, o->names, &e))
		return &names;
	log_info(l, "answers", "time zones and keymaps are not checked: %s", e.msg);
	return NULL;
}

/* The plan of the answers on a recorded machine; NULL with the reasons in ds, or in e. */
static struct plan *check_plan(const struct options *o, const struct answers *a, struct diags *ds, struct log *l, struct err *e)
{
	static struct manifest mf;
	static struct random random;
	struct machine *m = NULL;
	struct plan *p = NULL;
	struct xencfg x;

	if (!probe_machine(&m, o->machine, l, e) && !bundle_read(o->medium, o->boot_files, &mf, &x, e) &&
	    !random_fill(&random, o->seeded ? &o->seed : NULL, e))
		plan_make(&p, a, m, &mf, &x, &random, ds);
	free(m);
	return p;
}

static int check_file(const struct options *o, struct log *l, struct err *e)
{
	static struct diags ds;
	struct answer_source source;
	static struct answers a;
	struct plan *p = NULL;

	ds.strict = o->strict;
	if (!unattended_answers(&a, o->check, "", NULL, names_get(o, l), l, &source, &ds, e) && *o->machine)
		p = check_plan(o, &a, &ds, l, e);
	report_diags(&ds, source.name, o->consoles, l);
	if (p && !ds.errors)
		report_plan(p, REPORT_STDOUT, l);
	if (o->save && !ds.errors && !e->code)
		report_answers(&a, o->save, e);
	plan_free(p);
	explicit_bzero(&a, sizeof(a));
	if (e->code)
		fprintf(stderr, "error: %s\n", e->msg);
	return ds.errors ? EXIT_REFUSED : e->code ? EXIT_FAILED : EXIT_OK;
}

/* Whether an answer file is named or attached, readable or not: it is never overruled by questions. */
static bool has_answers(const struct options *o, const char *cmdline, const struct machine *m)
{
	return o->answers || params_unattended(cmdline) || fetch_conf_present(m);
}

/* Says what is wrong on the kernel command line. Not 0: too wrong for an installation that asks nobody; e says why. */
static int check_params(const char *cmdline, bool consoles, struct log *l, struct err *e)
{
	static struct diags ds;

	params_check(cmdline, &ds);
	report_diags(&ds, PARAMS_SOURCE, consoles, l);
	if (!ds.errors)
		return 0;
	report_reason(&ds, PARAMS_SOURCE, e);
	return e->code;
}

static unsigned long seconds_up(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long)t.tv_sec;
}

/* Whoever waits for the result learns it; who cannot be reached changes nothing about it. */
static void tell_result(struct report *r, int code, const struct err *why, unsigned long began, struct log *l)
{
	char *json = NULL;
	struct err e;
	size_t n;
	FILE *out = *r->url ? open_memstream(&json, &n) : NULL;

	if (!out)
		return;
	r->version = options_version;
	r->result = code == EXIT_OK ? REPORT_COMPLETE : code == EXIT_REFUSED ? REPORT_REFUSED : REPORT_FAILED;
	text_copy(r->error, sizeof(r->error), code == EXIT_OK ? "" : why->msg);
	r->seconds = seconds_up() - began;
	report_addresses(r);
	report_write(r, out);
	if (!fclose(out) && report_send(r->url, json, l, &e))
		log_error(l, "report", "WARNING: nobody learned the result: %s", e.msg);
	free(json);
}

/* At boot nobody sits at standard input and output: -ENOTTY, and whoever started this starts it again on a terminal. */
static bool agreed(const struct options *o, const struct plan *p, const struct answers *a, const struct machine *m, struct err *e)
{
	if (!o->consoles || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
		return interactive_agreed(o, p, a, m, e);
	err_set(e, -ENOTTY, "the answer file wants somebody to agree");
	return false;
}

/*
 * Read, plan, ask if the file wants it: the plan, or NULL with e set; ret_told: people have read the reasons. ret_report
 * gets what is told at the end.
 */
static struct plan *prepare(const struct options *o, const struct machine *m, const char *cmdline, struct log *l, bool *ret_told,
			    struct report *ret_report, struct err *e)
{
	struct answer_source source = { "" };
	static struct answers a;
	static struct diags ds;
	static struct manifest mf;
	static struct random random;
	struct xencfg x;
	struct plan *p = NULL;

	ds.strict = o->strict;
	unattended_answers(&a, o->answers, cmdline, m, names_get(o, l), l, &source, &ds, e);
	if (e->code)
		goto out;
	i18n_use(a.language);	/* of the question, if there is one */
	if (ds.errors == 0 && !bundle_read(o->medium, o->boot_files, &mf, &x, e) &&
	    !random_fill(&random, o->seeded ? &o->seed : NULL, e))
		plan_make(&p, &a, m, &mf, &x, &random, &ds);
	report_fill(ret_report, &a, p);
	report_diags(&ds, source.name, o->consoles, l);
	*ret_told = ds.errors != 0;
	if (ds.errors)
		report_reason(&ds, source.name, e);
	if (p && o->commit && (commit_allowed(m, p, e) || (a.confirm && !agreed(o, p, &a, m, e)))) {
		plan_free(p);
		p = NULL;
	}
out:
	explicit_bzero(&a, sizeof(a));
	return p;
}

static int refused(const struct options *o, bool told, struct log *l, const struct err *e)
{
	if (o->commit || o->consoles)
		log_say(l, "install failed: %s", e->msg);
	else
		fprintf(stderr, "dolmen-install: refused, nothing was written%s%s\n", told ? "" : ": ", told ? "" : e->msg);
	return EXIT_REFUSED;
}

static int unattended(const struct options *o, const struct machine *m, const char *cmdline, struct log *l, struct report *r,
		      struct err *e)
{
	struct install ins = { .medium = o->medium, .boot_files = o->boot_files, .log = l };
	bool told = false;
	struct plan *p = prepare(o, m, cmdline, l, &told, r, e);
	int rc;

	if (!p && e->code == -ENOTTY)
		return EXIT_NOBODY;
	if (!p)
		return refused(o, told, l, e);
	report_plan(p, o->commit ? REPORT_LOG : o->consoles ? REPORT_CONSOLES : REPORT_STDOUT, l);
	if (!o->commit) {
		if (o->consoles)
			log_say(l, "dry run complete, nothing was written");
		plan_free(p);
		return EXIT_OK;
	}
	ins.plan = p;
	rc = actions_run(&ins, NULL, e);
	if (*ins.hostname)
		text_copy(r->hostname, sizeof(r->hostname), ins.hostname);
	text_copy(r->ssh_fingerprint, sizeof(r->ssh_fingerprint), ins.ssh_fingerprint);
	if (rc)
		log_say(l, "install failed: %s", e->msg);
	else
		log_say(l, "install complete");
	plan_free(p);
	return !rc ? EXIT_OK : ins.touched ? EXIT_FAILED : EXIT_REFUSED;
}

/* The screens own the terminal then: what else is said goes into the log only. */
static int interactive(const struct options *o, struct machine *m, const char *cmdline, struct log *l)
{
	struct front *f = interactive_front(o);
	struct err told;

	if (!f) {
		fputs("dolmen-install: there is no terminal to ask on; name an answer file with --answers, or use --ui plain\n", stderr);
		free(m);
		return EXIT_USAGE;
	}
	log_no_consoles(l);
	check_params(cmdline, true, l, &told);
	log_say(l, "installer ready");
	return interactive_run(o, f, m, names_get(o, l), cmdline, l);
}

static int install(const struct options *o, struct log *l, struct err *e)
{
	unsigned long began = seconds_up();
	struct report r = { .url = "" };
	struct machine *m = NULL;
	char *cmdline = NULL;
	size_t n;
	int code;

	if (probe_machine(&m, o->machine, l, e) || file_read(o->cmdline, 65536, &cmdline, &n, e)) {
		code = refused(o, false, l, e);
	} else if (o->interactive && o->ui != UI_UNATTENDED && !has_answers(o, cmdline, m)) {
		code = interactive(o, m, cmdline, l);
		m = NULL;
	} else {
		if (o->commit || o->consoles)
			log_say(l, "installer ready");
		code = check_params(cmdline, o->consoles, l, e) ? refused(o, true, l, e) : unattended(o, m, cmdline, l, &r, e);
		if (o->commit && code != EXIT_NOBODY)
			tell_result(&r, code, e, began, l);
	}
	free(cmdline);
	free(m);
	return code;
}

int main(int argc, char **argv)
{
	struct options o;
	struct log l;
	struct err e = { 0 };
	int code;

	signal(SIGPIPE, SIG_IGN);
	umask(022);
	if (options_parse(&o, argc, argv))
		return EXIT_USAGE;
	if (!o.log && o.commit)
		o.log = "/run/dolmen/install.log";
	i18n_start(o.messages);
	if (log_open(&l, o.log, o.consoles, &e)) {
		fprintf(stderr, "dolmen-install: %s\n", e.msg);
		return EXIT_FAILED;
	}
	code = o.check ? check_file(&o, &l, &e) : o.repair ? repair(&o, &l) : install(&o, &l, &e);
	log_close(&l);
	return code;
}
