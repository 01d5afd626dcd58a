/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of dolmen-install. Strings point into argv. */
#ifndef DOLMEN_OPTIONS_H
#define DOLMEN_OPTIONS_H

#include <stdbool.h>

/* 10 and 11: what people chose on the screens; the boot step does it. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_RESTART = 10, EXIT_POWEROFF = 11, EXIT_NOBODY = 12 };

enum ui { UI_AUTO, UI_NEWT, UI_PLAIN, UI_UNATTENDED, UI_MAX };

extern const char options_version[];

struct options {
	bool commit, consoles, interactive, seeded, strict;
	enum ui ui;
	unsigned long long seed;
	const char *answers, *check, *repair, *medium, *boot_files, *machine, *cmdline, *log, *names, *messages, *save;
};

/* -EINVAL after usage on standard error. --help and --version end the program. */
int options_parse(struct options *o, int argc, char **argv);

#endif
