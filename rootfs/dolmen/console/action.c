/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ui/waiting.h"

#define SELF "/proc/self/exe"
#define OUTPUT_MAX (1 << 20)
#define LOOK_MS 200

void action_add(struct action *a, ...)
{
	const char *word;
	va_list ap;

	va_start(ap, a);
	while ((word = va_arg(ap, const char *)) && a->n < ACTION_WORDS)
		a->word[a->n++] = word;
	va_end(ap);
	a->word[a->n] = NULL;
}

/* Keys that send signals are the child's; the console ignores them. */
static int start(pid_t *ret, const char *program, char *const argv[], const posix_spawn_file_actions_t *files)
{
	posix_spawnattr_t attr;
	sigset_t defaults;
	int r;

	sigemptyset(&defaults);
	for (const int *s = (const int[]){ SIGINT, SIGQUIT, SIGTSTP, SIGPIPE, SIGHUP, 0 }; *s; s++)
		sigaddset(&defaults, *s);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	r = posix_spawnp(ret, program, files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	return -r;
}

/* Its standard input holds the text; small enough for a pipe. */
static int input_pipe(const char *text)
{
	int p[2];

	if (!text)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (pipe2(p, O_CLOEXEC) < 0)
		return -1;
	if (write(p[1], text, strlen(text)) < 0) {
		close(p[0]);
		p[0] = -1;
	}
	close(p[1]);
	return p[0];
}

struct output {
	int fd;
	char *text;
	size_t n;
};

/* False: at its end. What is too much is read and dropped. */
static bool output_read(struct output *o)
{
	char buf[4096], *more;
	ssize_t n = read(o->fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	if (o->n + (size_t)n > OUTPUT_MAX || !(more = realloc(o->text, o->n + (size_t)n + 1)))
		return true;
	memcpy(more + o->n, buf, (size_t)n);
	o->text = more;
	o->n += (size_t)n;
	o->text[o->n] = 0;
	return true;
}

/* Until both are at their end. Giving up sends SIGINT: the command takes back what it began. */
static bool follow(struct console *c, const struct action *a, pid_t pid, struct output o[2])
{
	struct waiting wait;
	bool gave_up = false;

	waiting_begin(&wait, c->front, a->title, a->doing);
	while (o[0].fd >= 0 || o[1].fd >= 0) {
		struct pollfd p[2] = { { .fd = o[0].fd, .events = POLLIN }, { .fd = o[1].fd, .events = POLLIN } };
		int n = poll(p, 2, LOOK_MS);

		for (int i = 0; n > 0 && i < 2; i++)
			if (p[i].revents && !output_read(&o[i])) {
				close(o[i].fd);
				o[i].fd = -1;
			}
		if (n == 0 && !wait.watch.go_on(wait.watch.user) && !gave_up) {
			gave_up = true;
			kill(pid, SIGINT);
		}
	}
	return gave_up;
}

/* The last line that it complained with, without the program's name. */
static void complaint(const char *text, char *buf, size_t size)
{
	const char *end = text + strlen(text), *begin;

	while (end > text && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	begin = end;
	while (begin > text && begin[-1] != '\n' && begin[-1] != '\r')
		begin--;
	if (!strncmp(begin, "dolmen: ", 8))
		begin += 8;
	snprintf(buf, size, "%.*s", (int)(end - begin), begin);
}

static int started(struct console *c, const struct action *a, struct output o[2], pid_t pid, struct err *e)
{
	bool gave_up = follow(c, a, pid, o);
	char why[400];
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	complaint(o[1].text ? o[1].text : "", why, sizeof(why));
	if (!*why)
		snprintf(why, sizeof(why), "dolmen %s ended with %d", a->word[0], WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	return err_set(e, gave_up ? -ECANCELED : -EIO, "%s", why);
}

int action_run(struct console *c, const struct action *a, char **ret_out, struct err *e)
{
	char *argv[ACTION_WORDS + 2] = { (char *)"dolmen" };
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, in = input_pipe(a->input), rc;
	posix_spawn_file_actions_t files;
	struct output o[2];
	pid_t pid;

	if (in < 0 || pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		return err_set(e, -errno, "%s", strerror(errno));
	memcpy(argv + 1, a->word, sizeof(a->word));
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, err[1], STDERR_FILENO);
	rc = start(&pid, SELF, argv, &files);
	posix_spawn_file_actions_destroy(&files);
	close(in);
	close(out[1]);
	close(err[1]);
	o[0] = (struct output){ .fd = out[0] };
	o[1] = (struct output){ .fd = err[0] };
	if (rc) {
		close(out[0]);
		close(err[0]);
		return err_set(e, rc, "dolmen: %s", strerror(-rc));
	}
	rc = started(c, a, o, pid, e);
	free(o[1].text);
	if (!rc && ret_out) {
		*ret_out = o[0].text ? o[0].text : strdup("");
		return *ret_out ? 0 : err_set(e, -ENOMEM, "out of memory");
	}
	free(o[0].text);
	return rc;
}

enum front_answer action_tell(struct console *c, const struct action *a)
{
	struct front_page p = { .title = a->title };
	enum front_answer answer;
	struct err e;
	char *out;
	int rc = action_run(c, a, &out, &e);

	if (rc == -ECANCELED)
		return FRONT_NEXT;
	if (rc)
		return console_failed(c, a->title, &e);
	p.text = *out ? out : _("Done.");
	answer = c->front->calls->view(c->front, &p, NULL);
	free(out);
	return answer;
}

enum front_answer action_do(struct console *c, const struct action *a, bool *ret_done)
{
	struct err e;
	int rc = action_run(c, a, NULL, &e);

	*ret_done = !rc;
	return !rc || rc == -ECANCELED ? FRONT_NEXT : console_failed(c, a->title, &e);
}

void action_terminal(struct console *c, const char *hello, char *argv[])
{
	const char *program = argv[0] ? argv[0] : SELF;
	bool ours = !argv[0];
	int status = 0, rc;
	pid_t pid;

	c->front->calls->suspend(c->front);
	if (ours)
		argv[0] = (char *)"dolmen";
	printf("%s\n", hello);
	fflush(stdout);
	rc = start(&pid, program, argv, NULL);
	if (rc)
		printf("%s: %s\n", argv[0], strerror(-rc));
	while (!rc && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* What it complained about would be gone with the next screen. A shell says how its last program ended, which is no complaint. */
	if (rc || (ours && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))) {
		char line[8];

		printf("%s", _("Enter goes back to the screens."));
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			clearerr(stdin);
	}
	c->front->calls->resume(c->front);
}
