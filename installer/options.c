/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/names.h"
#include "ui/i18n.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

const char options_version[] = VERSION;

static const char usage[] =
	"usage: dolmen-install [OPTION ...]\n"
	"Installs Dolmen onto a disk. Without --commit it only prints what it would do.\n"
	"  --dry-run          print the plan (default)\n"
	"  --commit           do it: everything on the chosen disk is lost\n"
	"  --check FILE       look for errors in an answer file; with --machine, print its plan, too\n"
	"  --repair-boot DISK print what would make the boot record and the loaders of the host on DISK anew; with\n"
	"                     --commit, do it and leave all else as it is\n"
	"  --strict           warnings are errors\n"
	"  --answers FILE     answer file; else answerfile= of the kernel line, else a volume DOLMEN-CONF\n"
	"  --interactive      without an answer file: ask on this terminal\n"
	"  --ui KIND          newt (windows), plain (lines) or unattended; else what the terminal can\n"
	"  --save FILE        write what was answered on the screens as an answer file; with --check, what was\n"
	"                     understood, in the words of today\n"
	"  --medium DIR       where the medium is mounted (/run/dolmen/medium)\n"
	"  --boot-files DIR   GRUB, shim and xen.cfg (/usr/lib/dolmen/boot)\n"
	"  --machine DIR      a recorded machine instead of this one\n"
	"  --cmdline FILE     kernel command line (/proc/cmdline)\n"
	"  --log FILE         log file (with --commit: /run/dolmen/install.log)\n"
	"  --consoles         write to every active console instead of standard output; not with screens\n"
	"  --names DIR        lists of time zones and keymaps (/usr/share/dolmen)\n"
	"  --messages DIR     translations (/usr/share/dolmen/locale)\n"
	"  --seed N           make the plan's GUIDs from a number instead of chance (tests)\n"
	"  --help, --version\n"
	"Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused before anything was written,\n"
	"10 restart and 11 power off, as chosen on the screens.\n";

static const char *const ui_text[UI_MAX] = { "auto", "newt", "plain", "unattended" };

static bool ui_parse(struct options *o, const char *text)
{
	for (unsigned i = 0; i < UI_MAX; i++)
		if (!strcmp(text, ui_text[i])) {
			o->ui = (enum ui)i;
			return true;
		}
	return false;
}

static bool seed_parse(struct options *o, const char *text)
{
	char *end;

	o->seeded = true;
	o->seed = strtoull(text, &end, 10);
	return *text && !*end;
}

int options_parse(struct options *o, int argc, char **argv)
{
	enum { DRY_RUN = 256, COMMIT, CHECK, REPAIR, STRICT, ANSWERS, INTERACTIVE, UI, SAVE, MEDIUM, BOOT_FILES, MACHINE, CMDLINE, LOG, CONSOLES, NAMES,
	       MESSAGES, SEED, HELP, VERSION_ };
	static const struct option names[] = {
		{ "dry-run", no_argument, NULL, DRY_RUN }, { "commit", no_argument, NULL, COMMIT },
		{ "check", required_argument, NULL, CHECK },
		{ "repair-boot", required_argument, NULL, REPAIR },
		{ "strict", no_argument, NULL, STRICT }, { "answers", required_argument, NULL, ANSWERS },
		{ "interactive", no_argument, NULL, INTERACTIVE }, { "ui", required_argument, NULL, UI },
		{ "save", required_argument, NULL, SAVE },
		{ "medium", required_argument, NULL, MEDIUM }, { "boot-files", required_argument, NULL, BOOT_FILES },
		{ "machine", required_argument, NULL, MACHINE }, { "cmdline", required_argument, NULL, CMDLINE },
		{ "log", required_argument, NULL, LOG }, { "consoles", no_argument, NULL, CONSOLES },
		{ "names", required_argument, NULL, NAMES }, { "messages", required_argument, NULL, MESSAGES },
		{ "seed", required_argument, NULL, SEED }, { "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION_ }, { NULL, 0, NULL, 0 },
	};
	bool right = true;
	int c;

	*o = (struct options){ .medium = "/run/dolmen/medium", .boot_files = "/usr/lib/dolmen/boot", .machine = "",
			       .cmdline = "/proc/cmdline", .names = NAMES_DIR, .messages = I18N_DIR };
	while (right && (c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case DRY_RUN: o->commit = false; break;
		case COMMIT: o->commit = true; break;
		case CHECK: o->check = optarg; break;
		case REPAIR: o->repair = optarg; break;
		case STRICT: o->strict = true; break;
		case ANSWERS: o->answers = optarg; break;
		case INTERACTIVE: o->interactive = true; break;
		case UI: right = ui_parse(o, optarg); break;
		case SAVE: o->save = optarg; break;
		case MEDIUM: o->medium = optarg; break;
		case BOOT_FILES: o->boot_files = optarg; break;
		case MACHINE: o->machine = optarg; break;
		case CMDLINE: o->cmdline = optarg; break;
		case LOG: o->log = optarg; break;
		case CONSOLES: o->consoles = true; break;
		case NAMES: o->names = optarg; break;
		case MESSAGES: o->messages = optarg; break;
		case SEED: right = seed_parse(o, optarg); break;
		case HELP: fputs(usage, stdout); exit(EXIT_OK);
		case VERSION_: puts("dolmen-install " VERSION); exit(EXIT_OK);
		default: right = false; break;
		}
	}
	if (right && optind == argc)
		return 0;
	fputs(usage, stderr);
	return -EINVAL;
}
