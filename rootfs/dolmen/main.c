/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dolmen: one command for the host's virtual machines and its care. See command.h. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "command.h"

static int exit_code(int rc)
{
	return !rc ? EXIT_OK : rc == COMMAND_USAGE ? EXIT_USAGE : rc == COMMAND_REFUSED ? EXIT_REFUSED : EXIT_FAILED;
}

static bool asks_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

int main(int argc, char **argv)
{
	unsigned n = (unsigned)argc - 1, words;
	struct call c = { .out = stdout };
	struct err e = { 0 };
	int rc;

	signal(SIGPIPE, SIG_DFL);
	c.command = command_find(argv + 1, n, &words);
	if (!c.command && (n == 0 || asks_help(argv[n]))) {
		n -= n > 0;
		if (help_print(n || argc > 1 ? stdout : stderr, argv + 1, n))
			return argc > 1 ? EXIT_OK : EXIT_USAGE;
	}
	if (!c.command && help_print(stderr, argv + 1, n))	/* `dolmen vm` */
		return EXIT_USAGE;
	if (!c.command) {
		fprintf(stderr, "dolmen: there is no command `%s`; see: dolmen help\n", argv[1]);
		return EXIT_USAGE;
	}
	rc = call_parse(&c, argv + 1 + words, n - words, &e);
	if (rc == COMMAND_HELP)
		return help_print(stdout, argv + 1, words) ? EXIT_OK : EXIT_USAGE;
	if (!rc)
		rc = c.command->run(&c, &e);
	if (rc)
		fprintf(stderr, "dolmen: %s\n", e.msg);
	if (fflush(stdout) && !rc) {
		fprintf(stderr, "dolmen: standard output: %s\n", strerror(errno));
		rc = -EIO;
	}
	return exit_code(rc);
}
