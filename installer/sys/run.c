/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"

#define PATHS "/usr/sbin:/usr/bin:/sbin:/bin"

static char *const child_env[] = { (char *)"PATH=" PATHS, (char *)"LC_ALL=C", (char *)"HOME=/root", (char *)"LVM_SUPPRESS_FD_WARNINGS=1",
				   (char *)"MTOOLS_SKIP_CHECK=1", (char *)"MTOOLS_LOWER_CASE=0", NULL };
#define CHILD_ENV (sizeof(child_env) / sizeof(child_env[0]) - 1)
#define ENV_MORE 8

static bool find(const char *name, char *buf, size_t size)
{
	char paths[] = PATHS, *save = NULL;

	if (strchr(name, '/'))
		return text_copy(buf, size, name) && access(name, X_OK) == 0;
	for (char *d = strtok_r(paths, ":", &save); d; d = strtok_r(NULL, ":", &save)) {
		snprintf(buf, size, "%s/%s", d, name);
		if (access(buf, X_OK) == 0)
			return true;
	}
	return false;
}

bool run_exists(const char *name)
{
	char path[512];

	return find(name, path, sizeof(path));
}

static void log_argv(struct log *l, char *const argv[])
{
	char line[1024] = "";
	size_t n = 0;

	for (unsigned i = 0; argv[i] && n < sizeof(line); i++)
		n += (size_t)snprintf(line + n, sizeof(line) - n, strchr(argv[i], ' ') ? "%s'%s'" : "%s%s", i ? " " : "", argv[i]);
	log_info(l, "run", "%s", line);
}

/*
 * last: the line that tells why, should it fail: a complaint (`NAME: ...`), else what was said last. out: instead of the log,
 * or NULL.
 */
static void relay(struct log *l, const char *name, int fd, FILE *out, char *last, size_t last_size)
{
	FILE *f = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;
	bool complained = false;

	if (!f) {
		close(fd);
		return;
	}
	while (getline(&line, &size, f) >= 0) {
		if (out)
			fputs(line, out);
		text_trim(line);
		if (!*line)
			continue;
		if (!out)
			log_info(l, name, "%s", line);
		bool complains = !strncmp(line, name, strlen(name)) && line[strlen(name)] == ':';
		if (complains || !complained)
			text_copy(last, last_size, line);
		complained = complained || complains;
	}
	free(line);
	fclose(f);
}

static int run(struct log *l, char *const argv[], char *const more[], FILE *out, char *last, size_t size, struct err *e)
{
	char *env[CHILD_ENV + ENV_MORE + 1];
	posix_spawn_file_actions_t fa;
	char path[512];
	int fds[2], r, status;
	pid_t pid;

	last[0] = 0;
	if (!find(argv[0], path, sizeof(path)))
		return err_set(e, -ENOENT, "%s: the program is not there", argv[0]);
	memcpy(env, child_env, sizeof(child_env));
	for (unsigned i = 0; more[i] && i < ENV_MORE; i++) {
		env[CHILD_ENV + i] = more[i];
		env[CHILD_ENV + i + 1] = NULL;
	}
	log_argv(l, argv);
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(e, -errno, "%s: pipe: %s", argv[0], strerror(errno));
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, fds[1], 1);
	posix_spawn_file_actions_adddup2(&fa, fds[1], 2);
	r = posix_spawn(&pid, path, &fa, NULL, argv, env);
	posix_spawn_file_actions_destroy(&fa);
	close(fds[1]);
	if (r) {
		close(fds[0]);
		return err_set(e, -r, "%s: cannot be started: %s", path, strerror(r));
	}
	relay(l, argv[0], fds[0], out, last, size);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(e, -errno, "%s: wait: %s", argv[0], strerror(errno));
	if (WIFSIGNALED(status))
		return err_set(e, -ECHILD, "%s: ended by signal %d: %s", argv[0], WTERMSIG(status), last);
	if (WEXITSTATUS(status))
		return err_set(e, -ECHILD, "%s: failed with exit code %d: %s", argv[0], WEXITSTATUS(status), last);
	return 0;
}

int run_command(struct log *l, char *const argv[], struct err *e)
{
	return run_command_env(l, argv, child_env + CHILD_ENV, e);
}

int run_command_env(struct log *l, char *const argv[], char *const env[], struct err *e)
{
	char last[200];

	return run(l, argv, env, NULL, last, sizeof(last), e);
}

int run_command_last(struct log *l, char *const argv[], char *ret_last, size_t size, struct err *e)
{
	return run(l, argv, child_env + CHILD_ENV, NULL, ret_last, size, e);
}

int run_command_output(struct log *l, char *const argv[], FILE *out, struct err *e)
{
	char last[200];

	return run(l, argv, child_env + CHILD_ENV, out, last, sizeof(last), e);
}
