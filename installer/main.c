/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dolmen-install: answers and machine make a plan, the plan is printed or done. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/plan.h"
#include "sys/actions.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/names.h"
#include "sys/probe.h"
#include "ui/unattended.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3 };

static const char usage[] =
	"usage: dolmen-install [OPTION ...]\n"
	"Installs Dolmen onto a disk. Without --commit it only prints what it would do.\n"
	"  --dry-run          print the plan (default)\n"
	"  --commit           do it: everything on the chosen disk is lost\n"
	"  --check FILE       look for errors in an answer file, nothing else\n"
	"  --answers FILE     answer file; else answerfile= of the kernel line, else a volume DOLMEN-CONF\n"
	"  --medium DIR       where the medium is mounted (/run/dolmen/medium)\n"
	"  --boot-files DIR   GRUB, shim and xen.cfg (/usr/lib/dolmen/boot)\n"
	"  --machine DIR      a recorded machine instead of this one\n"
	"  --cmdline FILE     kernel command line (/proc/cmdline)\n"
	"  --log FILE         log file (with --commit: /run/dolmen/install.log)\n"
	"  --consoles         write to every active console instead of standard output\n"
	"  --names DIR        lists of time zones and keymaps (/usr/share/dolmen)\n"
	"  --seed N           make the plan's GUIDs from a number instead of chance (tests)\n"
	"  --help, --version\n"
	"Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused before anything was written.\n";

struct options {
	bool commit, consoles, seeded;
	unsigned long long seed;
	const char *answers, *check, *medium, *boot_files, *machine, *cmdline, *log, *names;
};

static int options_parse(struct options *o, int argc, char **argv)
{
	enum { DRY_RUN = 256, COMMIT, CHECK, ANSWERS, MEDIUM, BOOT_FILES, MACHINE, CMDLINE, LOG, CONSOLES, NAMES, SEED, HELP, VERSION_ };
	static const struct option names[] = {
		{ "dry-run", no_argument, NULL, DRY_RUN }, { "commit", no_argument, NULL, COMMIT },
		{ "check", required_argument, NULL, CHECK }, { "answers", required_argument, NULL, ANSWERS },
		{ "medium", required_argument, NULL, MEDIUM }, { "boot-files", required_argument, NULL, BOOT_FILES },
		{ "machine", required_argument, NULL, MACHINE }, { "cmdline", required_argument, NULL, CMDLINE },
		{ "log", required_argument, NULL, LOG }, { "consoles", no_argument, NULL, CONSOLES },
		{ "names", required_argument, NULL, NAMES },
		{ "seed", required_argument, NULL, SEED }, { "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION_ }, { NULL, 0, NULL, 0 },
	};
	char *end;
	int c;

	*o = (struct options){ .medium = "/run/dolmen/medium", .boot_files = "/usr/lib/dolmen/boot", .machine = "",
			       .cmdline = "/proc/cmdline",
			       .names = NAMES_DIR };
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case DRY_RUN: o->commit = false; break;
		case COMMIT: o->commit = true; break;
		case CHECK: o->check = optarg; break;
		case ANSWERS: o->answers = optarg; break;
		case MEDIUM: o->medium = optarg; break;
		case BOOT_FILES: o->boot_files = optarg; break;
		case MACHINE: o->machine = optarg; break;
		case CMDLINE: o->cmdline = optarg; break;
		case LOG: o->log = optarg; break;
		case CONSOLES: o->consoles = true; break;
		case NAMES: o->names = optarg; break;
		case SEED:
			o->seeded = true;
			o->seed = strtoull(optarg, &end, 10);
			if (*end || !*optarg)
				goto wrong;
			break;
		case HELP: fputs(usage, stdout); exit(EXIT_OK);
		case VERSION_: puts("dolmen-install " VERSION); exit(EXIT_OK);
		default: goto wrong;
		}
	}
	if (optind == argc)
		return 0;
wrong:
	fputs(usage, stderr);
	return -EINVAL;
}

/* On standard error for people at a shell, on the consoles for the boot medium; always into the log. */
static void diags_report(const struct diags *ds, const struct options *o, const char *source, struct log *l)
{
	for (unsigned i = 0; i < ds->n; i++) {
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);

		if (!f)
			return;
		diag_write(&ds->d[i], source, f);
		if (fclose(f))
			return;
		if (n)
			text[n - 1] = 0;
		if (o->consoles) {
			log_print(l, "%s", text);
		} else {
			fprintf(stderr, "%s\n", text);
			log_info(l, "answers", "%s", text);
		}
		free(text);
	}
}

static void diags_to_err(const struct diags *ds, const char *source, struct err *e)
{
	char more[64] = "";

	if (ds->errors > 1)
		snprintf(more, sizeof(more), " (and %u more, see above)", ds->errors - 1);
	for (unsigned i = 0; i < ds->n; i++) {
		const struct diag *d = &ds->d[i];

		if (!d->error)
			continue;
		if (d->line)
			err_set(e, -EINVAL, "%s:%lu:%lu: %s%s", source, d->line, d->col, d->text, more);
		else
			err_set(e, -EINVAL, "%s%s", d->text, more);
		return;
	}
}

static int random_fill(struct random *r, const struct options *o, struct err *e)
{
	size_t n = 0;

	if (o->seeded) {
		random_seed(r, o->seed);
		return 0;
	}
	r->used = 0;
	while (n < sizeof(r->bytes)) {
		ssize_t k = getrandom(r->bytes + n, sizeof(r->bytes) - n, 0);

		if (k < 0 && errno != EINTR)
			return err_set(e, -errno, "random numbers: %s", strerror(errno));
		n += k > 0 ? (size_t)k : 0;
	}
	return 0;
}

static int bundle_read(const struct options *o, struct manifest *mf, struct xencfg *x, struct err *e)
{
	char path[512], *text = NULL;
	size_t n;
	int rc;

	snprintf(path, sizeof(path), "%s/dolmen/manifest", o->medium);
	rc = file_read(path, 4u << 20, &text, &n, e);
	if (!rc)
		rc = manifest_parse(mf, text, n, e);
	free(text);
	text = NULL;
	snprintf(path, sizeof(path), "%s/xen.cfg", o->boot_files);
	if (!rc)
		rc = file_read(path, 1u << 20, &text, &n, e);
	if (!rc)
		rc = xencfg_parse(x, text, n, e);
	free(text);
	return rc ? err_prefix(e, "medium: ") : 0;
}

static void plan_show(const struct plan *p, const struct options *o, struct log *l)
{
	char *text = NULL, *save = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	plan_write(p, f);
	if (fclose(f))
		return;
	if (!o->commit && !o->consoles)
		fputs(text, stdout);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!o->commit && o->consoles)
			log_print(l, "%s", line);
		else
			log_info(l, "plan", "%s", line);
	}
	free(text);
}

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

static int check_file(const struct options *o, struct log *l, struct err *e)
{
	struct answer_source source;
	static struct answers a;
	static struct diags ds;
	int rc = unattended_answers(&a, o->check, "", NULL, names_get(o, l), l, &source, &ds, e);

	diags_report(&ds, o, source.name, l);
	explicit_bzero(&a, sizeof(a));
	if (rc && !ds.errors) {
		fprintf(stderr, "error: %s\n", e->msg);
		return EXIT_FAILED;
	}
	return rc ? EXIT_REFUSED : EXIT_OK;
}

/* A recorded machine's disks are not this machine's, except for loop devices made for tests. */
static int commit_allowed(const struct machine *m, const struct plan *p, struct err *e)
{
	for (unsigned i = 0; m->recorded && i < p->targets; i++)
		if (strncmp(p->target[i].disk.name, "loop", 4) != 0)
			return err_set(e, -EPERM, "--commit with --machine writes to loop devices only, not to %s", p->target[i].disk.path);
	for (unsigned i = 0; m->recorded && i < p->extra_n; i++)
		if (strncmp(p->extra[i].name, "loop", 4) != 0)
			return err_set(e, -EPERM, "--commit with --machine writes to loop devices only, not to %s", p->extra[i].path);
	return 0;
}

/* Probe, read, plan: the plan, or NULL with e set; ret_told: people have read the reasons. Nothing is written here. */
static struct plan *prepare(const struct options *o, struct log *l, bool *ret_told, struct err *e)
{
	struct answer_source source = { "" };
	static struct answers a;
	static struct diags ds;
	static struct manifest mf;
	static struct random random;
	struct xencfg x;
	struct machine *m = NULL;
	struct plan *p = NULL;
	char *cmdline = NULL;
	size_t n;

	if (probe_machine(&m, o->machine, l, e) || file_read(o->cmdline, 65536, &cmdline, &n, e))
		goto out;
	if (o->commit || o->consoles)
		log_say(l, "installer ready");
	unattended_answers(&a, o->answers, cmdline, m, names_get(o, l), l, &source, &ds, e);
	if (e->code)
		goto out;
	if (ds.errors == 0 && !bundle_read(o, &mf, &x, e) && !random_fill(&random, o, e))
		plan_make(&p, &a, m, &mf, &x, &random, &ds);
	diags_report(&ds, o, source.name, l);
	*ret_told = ds.errors != 0;
	if (ds.errors)
		diags_to_err(&ds, source.name, e);
	if (p && o->commit && commit_allowed(m, p, e)) {
		plan_free(p);
		p = NULL;
	}
out:
	explicit_bzero(&a, sizeof(a));
	free(cmdline);
	free(m);
	return p;
}

static int install(const struct options *o, struct log *l, struct err *e)
{
	struct install ins = { .medium = o->medium, .boot_files = o->boot_files, .log = l };
	bool told = false;
	struct plan *p = prepare(o, l, &told, e);
	int rc;

	if (!p) {
		if (o->commit || o->consoles)
			log_say(l, "install failed: %s", e->msg);
		else
			fprintf(stderr, "dolmen-install: refused, nothing was written%s%s\n", told ? "" : ": ", told ? "" : e->msg);
		return EXIT_REFUSED;
	}
	plan_show(p, o, l);
	if (!o->commit) {
		if (o->consoles)
			log_say(l, "dry run complete, nothing was written");
		plan_free(p);
		return EXIT_OK;
	}
	ins.plan = p;
	rc = actions_run(&ins, e);
	if (rc)
		log_say(l, "install failed: %s", e->msg);
	else
		log_say(l, "install complete");
	plan_free(p);
	return !rc ? EXIT_OK : ins.touched ? EXIT_FAILED : EXIT_REFUSED;
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
	if (log_open(&l, o.log, o.consoles, &e)) {
		fprintf(stderr, "dolmen-install: %s\n", e.msg);
		return EXIT_FAILED;
	}
	code = o.check ? check_file(&o, &l, &e) : install(&o, &l, &e);
	log_close(&l);
	return code;
}
