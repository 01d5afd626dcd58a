/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the table of subcommands says about itself: help, the words that may come next, the man page. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/json.h"

static const char exit_codes[] = "0 done, 1 failed, 2 wrong usage, 3 refused before anything was changed";

/* `vm create NAME [OPTION ...]` */
static void print_usage(FILE *out, const struct command *c)
{
	fprintf(out, "%s%s%s%s", c->name, *c->arguments ? " " : "", c->arguments, c->options ? " [OPTION ...]" : "");
}

static void print_option(FILE *out, const struct option *o, const char *format)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
	fprintf(out, format, left, o->help);
}

static void print_one(FILE *out, const struct command *c)
{
	fputs("usage: dolmen ", out);
	print_usage(out, c);
	fprintf(out, "\n%s\n", c->brief);
	for (const struct option *o = c->options; o && o->name; o++)
		print_option(out, o, "  %-20s %s\n");
	fputs("  --json               print JSON\n", out);
	if (c->text)
		fprintf(out, "\n%s", c->text);
}

bool help_print(FILE *out, char *const words[], unsigned n)
{
	unsigned used, found = 0;
	const struct command *one = command_find(words, n, &used);

	if (one && used == n) {
		print_one(out, one);
		return true;
	}
	for (unsigned i = 0; commands[i]; i++) {
		if (!command_begins(commands[i], words, n))
			continue;
		if (!found++)
			fputs("usage: dolmen COMMAND [ARGUMENT ...] [OPTION ...]\n\n", out);
		fprintf(out, "  %-20s %s\n", commands[i]->name, commands[i]->brief);
	}
	if (found && n == 0)
		fprintf(out, "\n`dolmen help COMMAND` says more. Every command takes --json.\nExit codes: %s.\n", exit_codes);
	return found;
}

static int help_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };

	if (!c->json)
		return help_print(c->out, (char *const *)c->argument, c->arguments) ? 0 :
		       err_set(e, COMMAND_USAGE, "there is no command `%.60s`", c->argument[0]);
	json_array(&j, NULL);
	for (unsigned i = 0; commands[i]; i++) {
		if (!command_begins(commands[i], (char *const *)c->argument, c->arguments))
			continue;
		json_object(&j, NULL);
		json_text(&j, "name", commands[i]->name);
		json_text(&j, "arguments", commands[i]->arguments);
		json_text(&j, "brief", commands[i]->brief);
		json_array(&j, "options");
		for (const struct option *o = commands[i]->options; o && o->name; o++)
			json_text(&j, NULL, o->name);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_end(&j);
	return 0;
}

const struct command command_help = { "help", "[COMMAND...]", "explain the commands", NULL, NULL, help_run };

/* Prints `begins` continued, when text does; words of a name one at a time. */
static void propose(FILE *out, const char *before, const char *text, const char *begins)
{
	if (!strncmp(text, begins, strlen(begins)))
		fprintf(out, "%s%.*s\n", before, (int)strcspn(text, " "), text);
}

/* COMP_LINE is `dolmen WORD ... BEGINNING`; the candidates for what follows, one a line. */
static int complete_run(struct call *c, struct err *e)
{
	const char *from = getenv("COMP_LINE");
	char line[1024], *word[64], *save = NULL;
	const char *begins = "";
	const struct command *one;
	unsigned n = 0, used;

	(void)e;
	snprintf(line, sizeof(line), "%s", from ? from : "");
	if (*line && line[strlen(line) - 1] != ' ') {
		char *last = strrchr(line, ' ');

		begins = last ? strdup(last + 1) : "";
		if (last)
			last[1] = 0;
	}
	for (char *w = strtok_r(line, " ", &save); w && n < 64; w = strtok_r(NULL, " ", &save))
		word[n++] = w;
	if (!n || !begins)
		return 0;
	one = command_find(word + 1, n - 1, &used);
	if (one) {
		for (const struct option *o = one->options; o && o->name; o++)
			if (!strncmp(begins, "--", 2))
				propose(c->out, "--", o->name, begins + 2);
		return 0;
	}
	for (unsigned i = 0; commands[i]; i++) {
		const char *next = commands[i]->name;

		if (!command_begins(commands[i], word + 1, n - 1))
			continue;
		for (unsigned skip = 1; skip < n; skip++)
			next = strchr(next, ' ') + 1;
		propose(c->out, "", next, begins);
	}
	return 0;
}

const struct command command_complete = { "complete", "[WORD...]", "print what may come next: for the shell", NULL, NULL, complete_run };

/* man(7) takes a minus sign for a hyphen, and a dot that begins a line for an order. */
static void print_roff(FILE *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '-' || *p == '\\')
			fputc('\\', out);
		if (*p == '.' && (p == text || p[-1] == '\n'))
			fputs("\\&", out);
		fputc(*p, out);
	}
}

static int man_run(struct call *c, struct err *e)
{
	(void)e;
	fputs(".TH DOLMEN 8\n.SH NAME\ndolmen \\- virtual machines and care of a Dolmen host\n.SH SYNOPSIS\n"
	      ".B dolmen\n.I COMMAND\n[\\fIARGUMENT\\fR ...] [\\fIOPTION\\fR ...]\n.SH COMMANDS\n", c->out);
	for (unsigned i = 0; commands[i]; i++) {
		const struct command *one = commands[i];

		fputs(".SS ", c->out);
		print_usage(c->out, one);
		fputc('\n', c->out);
		print_roff(c->out, one->brief);
		fputs(".\n", c->out);
		for (const struct option *o = one->options; o && o->name; o++) {
			fprintf(c->out, ".TP\n\\-\\-%s %s\n", o->name, o->value ? o->value : "");
			print_roff(c->out, o->help);
			fputc('\n', c->out);
		}
		if (one->text) {
			fputs(".PP\n", c->out);
			print_roff(c->out, one->text);
		}
	}
	fprintf(c->out, ".SH OPTIONS\nEvery command takes \\-\\-json and \\-\\-help.\n.SH EXIT STATUS\n%s.\n", exit_codes);
	return 0;
}

const struct command command_man = { "man", "", "print this as a manual page, in man(7)'s format", NULL, NULL, man_run };
