/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of `dolmen`: what each is called, takes and does. Help, completion and the man page are made of this.
 *
 * A new one: a file with its `const struct command command_NAME`, and a row in commands.h.
 */
#ifndef DOLMEN_COMMAND_H
#define DOLMEN_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/err.h"

#define CALL_ARGUMENTS 8
#define CALL_OPTIONS 48

/* Codes of errors that are not -errno: which exit code they make. */
enum { COMMAND_USAGE = -2000, COMMAND_REFUSED = -2001 };
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3 };

struct option {
	const char *name;	/* "memory"; NULL ends the list */
	const char *value;	/* "SIZE"; NULL: it is a flag */
	const char *help;
};

struct call;

struct command {
	const char *name;	/* "vm create" */
	const char *arguments;	/* "NAME [FILE]": one in brackets may be left out, the last may be "NAME..." */
	const char *brief;	/* one line, as an order: "create a virtual machine" */
	const char *text;	/* what help says beyond that, or NULL */
	const struct option *options;	/* NULL: only --json and --help, which every one has */
	/* Prints to c->out what is asked for; an error is worded in e. */
	int (*run)(struct call *c, struct err *e);
};

/* One call: the words of the command line, sorted. */
struct call {
	const struct command *command;
	FILE *out;
	bool json;		/* --json: what is printed is one line of JSON */
	unsigned arguments;
	const char *argument[CALL_ARGUMENTS];	/* NULL behind the last */
	unsigned options;
	struct given {
		const struct option *option;
		const char *value;
	} option[CALL_OPTIONS];
};

/*
 * From here on things are made: SIGINT, SIGHUP and SIGTERM only set command_stopped, which long work looks at, so that what was
 * begun is finished or taken back.
 */
void command_begin(void);
extern volatile sig_atomic_t command_stopped;

/* NULL ends it. */
extern const struct command *const commands[];

/* The command that the first words name; *ret_words says how many of them. NULL: there is none. */
const struct command *command_find(char *const words[], unsigned n, unsigned *ret_words);
/* Whether the words stand at the beginning of the name: `vm` of `vm create`. No words begin all. */
bool command_begins(const struct command *c, char *const words[], unsigned n);
/* Sorts the words behind the name. COMMAND_USAGE: what is wrong stands in e. `--help` is COMMAND_HELP without an error. */
enum { COMMAND_HELP = 1 };
int call_parse(struct call *c, char *const words[], unsigned n, struct err *e);
/* The value of an option (the last one given), "" of a flag; NULL when it was not given. */
const char *call_option(const struct call *c, const char *name);
/* The values of an option that may be given several times: start with *at = 0; NULL behind the last. */
const char *call_next(const struct call *c, const char *name, unsigned *at);

/* help.c: of all, of those that begin so, or of one. false: there is none. */
bool help_print(FILE *out, char *const words[], unsigned n);

#endif
