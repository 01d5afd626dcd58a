/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
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

/* Where a child's output goes, beside the log. */
struct taker {
	run_line *line;		/* NULL: nowhere */
	void *user;
	const volatile sig_atomic_t *stop;	/* NULL: it runs to its end */
	int *ret_exit;		/* NULL: nobody asks */
};

struct output {
	struct log *log;
	const char *name;	/* of the program */
	const struct taker *taker;
	char *last;		/* the line that tells why, should it fail: a complaint (`NAME: ...`), else what was said last */
	size_t last_size;
	bool complained;
	char line[4096];	/* what comes is cut where it is longer */
	size_t n;
};

static void end_line(struct output *o)
{
	size_t len = strlen(o->name);
	bool complains;

	o->line[o->n] = 0;
	o->n = 0;
	text_trim(o->line);
	if (!*o->line)
		return;
	log_info(o->log, o->name, "%s", o->line);
	if (o->taker->line)
		o->taker->line(o->taker->user, o->line);
	complains = !strncmp(o->line, o->name, len) && o->line[len] == ':';
	if (complains || !o->complained)
		text_copy(o->last, o->last_size, o->line);
	o->complained = o->complained || complains;
}

/* Until the program has ended. What it left running may hold its output open for ever, and is not waited for. */
static void relay(struct output *o, int fd, int pidfd)
{
	char buf[4096];

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (;;) {
		struct pollfd p[] = { { .fd = fd, .events = POLLIN }, { .fd = pidfd, .events = POLLIN } };
		ssize_t n;

		/* A signal between the look and the wait would wait for the next line. */
		if (poll(p, 2, o->taker->stop ? 1000 : -1) < 0 && errno != EINTR)
			break;
		if (o->taker->stop && *o->taker->stop)
			pidfd_send_signal(pidfd, SIGTERM, NULL, 0);
		n = read(fd, buf, sizeof(buf));
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) || (n < 0 && p[1].revents))
			break;
		for (ssize_t i = 0; i < n; i++) {
			bool end = buf[i] == '\n' || (buf[i] == '\r' && o->taker->stop);

			if (end || o->n == sizeof(o->line) - 1)
				end_line(o);
			if (!end)
				o->line[o->n++] = buf[i];
		}
	}
	end_line(o);
}

static int run(struct log *l, char *const argv[], char *const more[], const struct taker *t, char *last, size_t size, struct err *e)
{
	char *env[CHILD_ENV + ENV_MORE + 1];
	struct output o = { .log = l, .name = argv[0], .taker = t, .last = last, .last_size = size };
	posix_spawn_file_actions_t fa;
	char path[512];
	int fds[2], pidfd, r, status;
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
	pidfd = pidfd_open(pid, 0);
	relay(&o, fds[0], pidfd);
	close(fds[0]);
	close(pidfd);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(e, -errno, "%s: wait: %s", argv[0], strerror(errno));
	if (t->ret_exit && WIFEXITED(status))
		*t->ret_exit = WEXITSTATUS(status);
	if (t->stop && *t->stop && status)
		return err_set(e, -EINTR, "%s: given up", argv[0]);
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

	return run(l, argv, env, &(struct taker){ 0 }, last, sizeof(last), e);
}

int run_command_last(struct log *l, char *const argv[], char *ret_last, size_t size, struct err *e)
{
	return run(l, argv, child_env + CHILD_ENV, &(struct taker){ 0 }, ret_last, size, e);
}

int run_command_lines(struct log *l, char *const argv[], run_line *line, void *user, struct err *e)
{
	char last[200];

	return run(l, argv, child_env + CHILD_ENV, &(struct taker){ .line = line, .user = user }, last, sizeof(last), e);
}

int run_command_long(struct log *l, char *const argv[], run_line *line, void *user, const volatile sig_atomic_t *stop, int *ret_exit,
		     struct err *e)
{
	char last[200];

	*ret_exit = -1;
	return run(l, argv, child_env + CHILD_ENV, &(struct taker){ line, user, stop, ret_exit }, last, sizeof(last), e);
}
