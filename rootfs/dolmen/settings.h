/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be set on a host: one table for `dolmen set`, `dolmen get` and the console's screens. A setting is a key of
 * /state/host.conf, or two, behind a name; a change is checked, written (hostconf.h), and the boot steps that read the key are run
 * again: where that is possible it takes effect at once.
 */
#ifndef DOLMEN_SETTINGS_H
#define DOLMEN_SETTINGS_H

#include <stdbool.h>

#include "hostconf.h"

#define SETTING_VALUE 256	/* bytes, with the NUL */
#define SETTING_VALUES 32

struct setting_values {
	unsigned n;
	char value[SETTING_VALUES][SETTING_VALUE];
};

struct setting {
	const char *name;	/* "dom0-memory" */
	const char *value;	/* what is written there, for help: "SIZE|none" */
	const char *brief;	/* "dom0's memory" */
	const char *key;	/* of host.conf */
	bool several;
	const char *unset;	/* the word for no value at all ("none"), as which it is shown, too; NULL: it must have one */
	/* One value: its canonical form, or -EINVAL and a sentence. */
	int (*check)(const char *text, char ret[SETTING_VALUE], struct err *e);
	const char *steps;	/* "20-config.sh 70-ntp.sh": boot steps to run again */
	bool later;		/* it takes effect at the next boot */
	/* How the values stand in host.conf, where that is not one line KEY=VALUE each; NULL: so. */
	void (*read)(const struct hostconf *h, struct setting_values *ret);
	int (*write)(struct hostconf *h, const struct setting_values *v, struct err *e);
};

/* name == NULL ends it. */
extern const struct setting settings[];

/* COMMAND_REFUSED and NULL: there is none, and which was probably meant. */
const struct setting *setting_find(const char *name, struct err *e);
/* n = 0: not set. */
int setting_get(const struct setting *s, struct setting_values *ret, struct err *e);
/* The same of a configuration that is read already. */
void setting_read(const struct setting *s, const struct hostconf *h, struct setting_values *ret);
/* Checks all, writes, applies. The unset word alone, or n = 0, takes the setting away. COMMAND_REFUSED: nothing was changed. */
int setting_set(const struct setting *s, const char *const values[], unsigned n, struct err *e);
/* Runs the boot steps again that read it, from host.conf as it is. */
int setting_apply(const struct setting *s, struct err *e);
/* Boot steps by their names, a blank between them, in this order; an error names the step and its last words. */
int steps_run(const char *steps, struct err *e);

#endif
