/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void shell_run(struct log *l, const char *hello)
{
	char *argv[] = { (char *)"sh", (char *)"-l", NULL };
	void (*old_int)(int), (*old_quit)(int);
	int r, status;
	pid_t pid;

	printf("%s\n", hello);
	fflush(stdout);
	log_info(l, "shell", "start");
	/* Ctrl-C is for the shell's programs. */
	old_int = signal(SIGINT, SIG_IGN);
	old_quit = signal(SIGQUIT, SIG_IGN);
	{
		posix_spawnattr_t attr;
		sigset_t defaults;

		sigemptyset(&defaults);
		sigaddset(&defaults, SIGINT);
		sigaddset(&defaults, SIGQUIT);
		sigaddset(&defaults, SIGPIPE);
		posix_spawnattr_init(&attr);
		posix_spawnattr_setsigdefault(&attr, &defaults);
		posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
		r = posix_spawn(&pid, "/bin/sh", NULL, &attr, argv, environ);
		posix_spawnattr_destroy(&attr);
	}
	if (r)
		log_error(l, "shell", "cannot be started: %s", strerror(r));
	while (!r && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	signal(SIGINT, old_int);
	signal(SIGQUIT, old_quit);
	log_info(l, "shell", "end");
}
