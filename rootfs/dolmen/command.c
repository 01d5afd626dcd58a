/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include <string.h>

#include "commands.h"

#define DECLARE(name) extern const struct command command_##name;
#define ROW(name) &command_##name,
COMMANDS(DECLARE)
const struct command *const commands[] = { COMMANDS(ROW) NULL };

volatile sig_atomic_t command_stopped;

static void stop(int signal)
{
	(void)signal;
	command_stopped = 1;
}

void command_begin(void)
{
	const struct sigaction a = { .sa_handler = stop, .sa_flags = SA_RESTART };

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
}

/* How many words of the name stand there, in its order; *ret_all: the whole name does. */
static unsigned words_of_name(const struct command *c, char *const words[], unsigned n, bool *ret_all)
{
	const char *p = c->name;
	unsigned i = 0;

	for (; *p && i < n; i++) {
		size_t len = strcspn(p, " ");

		if (strlen(words[i]) != len || strncmp(p, words[i], len) != 0)
			break;
		p += len + (p[len] == ' ');
	}
	*ret_all = !*p;
	return i;
}

const struct command *command_find(char *const words[], unsigned n, unsigned *ret_words)
{
	bool all;

	for (unsigned i = 0; commands[i]; i++) {
		*ret_words = words_of_name(commands[i], words, n, &all);
		if (all)
			return commands[i];
	}
	return NULL;
}

bool command_begins(const struct command *c, char *const words[], unsigned n)
{
	bool all;

	return words_of_name(c, words, n, &all) == n;
}

static const struct option *find_option(const struct command *c, const char *name, size_t len)
{
	for (const struct option *o = c->options; o && o->name; o++)
		if (strlen(o->name) == len && !strncmp(o->name, name, len))
			return o;
	return NULL;
}

/* words[*at] begins with `--`: takes it, and its value from behind `=` or from the next word. */
static int take_option(struct call *c, char *const words[], unsigned n, unsigned *at, struct err *e)
{
	const char *name = words[*at] + 2, *value = strchr(name, '=');
	size_t len = value ? (size_t)(value - name) : strlen(name);
	const struct option *o = find_option(c->command, name, len);

	if (!strcmp(name, "json")) {
		c->json = true;
		return 0;
	}
	if (!o)
		return err_set(e, COMMAND_USAGE, "%s has no option --%.*s", c->command->name, (int)len, name);
	if (!o->value && value)
		return err_set(e, COMMAND_USAGE, "--%s takes no value", o->name);
	if (o->value && !value) {
		if (*at + 1 == n)
			return err_set(e, COMMAND_USAGE, "--%s wants a value: %s", o->name, o->value);
		value = words[++*at];
	} else if (o->value) {
		value++;
	}
	if (c->options == CALL_OPTIONS)
		return err_set(e, COMMAND_USAGE, "too many options");
	c->option[c->options++] = (struct given){ o, o->value ? value : "" };
	return 0;
}

/* What the command takes: `NAME [FILE]` is one at least and two at most. */
static void count_arguments(const char *p, unsigned *ret_least, unsigned *ret_most)
{
	*ret_least = *ret_most = 0;
	while (*p) {
		size_t len = strcspn(p, " ");

		++*ret_most;
		*ret_least += *p != '[';
		if (len > 3 && strstr(p, "...") && strstr(p, "...") < p + len)
			*ret_most = CALL_ARGUMENTS - 1;
		p += len + (p[len] == ' ');
	}
}

int call_parse(struct call *c, char *const words[], unsigned n, struct err *e)
{
	unsigned least, most;
	bool options = true;
	int rc = 0;

	count_arguments(c->command->arguments, &least, &most);
	for (unsigned i = 0; i < n && !rc; i++) {
		if (options && !strcmp(words[i], "--help"))
			return COMMAND_HELP;
		if (options && !strcmp(words[i], "--"))
			options = false;
		else if (options && !strncmp(words[i], "--", 2))
			rc = take_option(c, words, n, &i, e);
		else if (c->arguments == most)
			rc = err_set(e, COMMAND_USAGE, "%s: `%.60s` is one word too many", c->command->name, words[i]);
		else
			c->argument[c->arguments++] = words[i];
	}
	if (!rc && c->arguments < least)
		rc = err_set(e, COMMAND_USAGE, "%s wants %s", c->command->name, c->command->arguments);
	return rc;
}

const char *call_next(const struct call *c, const char *name, unsigned *at)
{
	while (*at < c->options) {
		const struct given *g = &c->option[(*at)++];

		if (!strcmp(g->option->name, name))
			return g->value;
	}
	return NULL;
}

const char *call_option(const struct call *c, const char *name)
{
	const char *last = NULL, *value;
	unsigned at = 0;

	while ((value = call_next(c, name, &at)))
		last = value;
	return last;
}
