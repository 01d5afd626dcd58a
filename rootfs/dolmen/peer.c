/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "receive.h"
#include "sys/file.h"
#include "sys/run.h"

#define W (char *)	/* run_command() takes what it does not change */
#define CONNECT_SECONDS 10
#define HELLO_SECONDS 120	/* keys are reckoned with, libvirt is woken */

static struct log quiet = { .fd = -1 };

static void key_paths(char folder[256], char key[300])
{
	const char *root = getenv("DOLMEN_ROOT");

	snprintf(folder, 256, "%s/root/.ssh", root ? root : "");
	snprintf(key, 300, "%s/id_dropbear", folder);
}

static void take_public(void *user, const char *line)
{
	if (!strncmp(line, "ssh-", 4))
		text_copy(user, 400, line);
}

/* dropbearkey writes the public half beside it, as KEY.pub. */
static int make_key(const char *key, struct err *e)
{
	char partial[310], public[320], to[320];
	int rc;

	snprintf(partial, sizeof(partial), "%s.new", key);
	snprintf(public, sizeof(public), "%s.pub", partial);
	snprintf(to, sizeof(to), "%s.pub", key);
	unlink(partial);
	rc = run_command(&quiet, (char *const[]){ W"dropbearkey", W"-t", W"ed25519", W"-f", partial, NULL }, e);
	if (!rc && (rename(public, to) < 0 || rename(partial, key) < 0))
		rc = err_set(e, -errno, "%s: %s", key, strerror(errno));
	return rc;
}

int peer_key(char *ret, size_t size, struct err *e)
{
	char folder[256], key[300], public[310], line[400] = "";

	key_paths(folder, key);
	snprintf(public, sizeof(public), "%s.pub", key);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return err_set(e, -errno, "%s: %s", folder, strerror(errno));
	if (access(key, F_OK) < 0 && make_key(key, e))
		return e->code;
	if (!file_read_line(public, line, sizeof(line)))
		run_command_lines(&quiet, (char *const[]){ W"dropbearkey", W"-y", W"-f", key, NULL }, take_public, line, e);
	if (!*line || !text_copy(ret, size, line))
		return err_set(e, -1, "%s: there is no public key in it", key);
	return 0;
}

pid_t peer_spawn(const char *const words[], int *ret_in, int out, int errors)
{
	const char *program = getenv("DOLMEN_SSH");	/* for tests */
	pid_t parent = getpid(), pid;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(126);
		setsid();	/* an interrupt at the terminal is for us */
		signal(SIGPIPE, SIG_DFL);
		dup2(fds[0], 0);
		dup2(out, 1);
		dup2(errors, 2);
		execvp(program ? program : "ssh", (char *const *)words);
		_exit(127);
	}
	close(fds[0]);
	if (pid < 0) {
		close(fds[1]);
		return -1;
	}
	*ret_in = fds[1];
	return pid;
}

/* Why there was no hello: ssh said it. */
static int not_connected(struct peer *p, struct err *e)
{
	char said[2000] = "", key[400] = "", *last = said, *fingerprint;
	struct err ignored = { 0 };
	size_t have = 0;
	ssize_t n;

	while ((n = read(p->errors, said + have, sizeof(said) - 1 - have)) > 0)
		have += (size_t)n;
	text_trim(said);
	fingerprint = strstr(said, "fingerprint ");
	if (strstr(said, "mismatch"))
		return err_set(e, COMMAND_REFUSED, "%s has another key than before: it may be another machine. If that is right, take its line out of "
			       "/root/.ssh/known_hosts", p->host);
	if (strstr(said, "No auth methods") || strstr(said, "ermission denied")) {
		peer_key(key, sizeof(key), &ignored);
		return err_set(e, COMMAND_REFUSED, "%s does not let this host in; say there: dolmen key add '%s'", p->host, key);
	}
	if (fingerprint)
		return err_set(e, COMMAND_REFUSED, "%s was never met before; its key is %.*s. If that is right (there: dolmen key "
			       "host), add --trust", p->host, (int)strcspn(fingerprint + 12, ")\n"), fingerprint + 12);
	if (strstr(said, "no command") || strstr(said, "not found"))
		return err_set(e, COMMAND_REFUSED, "%s has no `dolmen vm receive`: it is no Dolmen host, or an older one", p->host);
	while (strchr(last, '\n'))
		last = strchr(last, '\n') + 1;
	return err_set(e, COMMAND_REFUSED, "%s cannot be reached: %s", p->host, *last ? last : "the connection ended");
}

/* false: not in time, or the connection ended; *ret_late tells which. */
static bool hello(struct peer *p, int fd, unsigned seconds, bool *ret_late)
{
	struct pollfd fds = { .fd = fd, .events = POLLIN };
	char line[100];
	int r;

	do
		r = poll(&fds, 1, (int)seconds * 1000);
	while (r < 0 && errno == EINTR && !command_stopped);
	*ret_late = r <= 0;
	return r > 0 && fgets(line, sizeof(line), p->from) && !strcmp(line, RECEIVE_HELLO "\n");
}

/* Whether something listens there: ssh alone would try for minutes. */
static int reach(const char *host, struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	int r = getaddrinfo(host, "22", &hints, &list), why = EHOSTUNREACH;
	bool reached = false;

	if (r)
		return err_set(e, COMMAND_REFUSED, "%s cannot be reached: %s; if it has no name that is known here, say its address", host, gai_strerror(r));
	for (struct addrinfo *a = list; a && !reached; a = a->ai_next) {
		int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		socklen_t n = sizeof(why);

		why = connect(fd, a->ai_addr, a->ai_addrlen) < 0 ? errno : 0;
		if (why == EINPROGRESS)
			why = poll(&p, 1, CONNECT_SECONDS * 1000) > 0 ? 0 : ETIMEDOUT;
		if (!why)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &n);
		reached = !why;
		if (fd >= 0)
			close(fd);
	}
	freeaddrinfo(list);
	return reached ? 0 : err_set(e, COMMAND_REFUSED, "%s cannot be reached: %s; is SSH on there (dolmen set ssh on)?", host, strerror(why));
}

int peer_open(struct peer *ret, const char *host, bool trust, struct err *e)
{
	const char *limit = getenv("DOLMEN_SSH_SECONDS");	/* for tests */
	unsigned seconds = limit ? (unsigned)strtoul(limit, NULL, 10) : HELLO_SECONDS;
	char to[300], policy[60], key[400];
	int in = -1, out[2], errors[2];
	bool late = false;

	*ret = (struct peer){ .host = host, .errors = -1 };
	if (!text_only(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:_") || *host == '-')
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not the name or address of a host", host);
	if (peer_key(key, sizeof(key), e) || (!getenv("DOLMEN_SSH") && reach(host, e)))
		return e->code;
	snprintf(to, sizeof(to), "root@%s", host);
	snprintf(policy, sizeof(policy), "StrictHostKeyChecking=%s", trust ? "accept-new" : "yes");
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(errors, O_CLOEXEC) < 0)
		return err_set(e, -errno, "pipe: %s", strerror(errno));
	signal(SIGPIPE, SIG_IGN);
	ret->pid = peer_spawn((const char *const[]){ "ssh", "-T", "-o", "BatchMode=yes", "-o", policy, to, "dolmen vm receive", NULL },
			      &in, out[1], errors[1]);
	close(out[1]);
	close(errors[1]);
	ret->errors = errors[0];
	ret->from = fdopen(out[0], "r");
	if (ret->pid < 0) {
		ret->pid = 0;
		close(errors[0]);
		return err_set(e, -errno, "ssh cannot be started: %s", strerror(errno));
	}
	ret->to = fdopen(in, "w");
	if (hello(ret, out[0], seconds, &late))
		return 0;
	if (late) {
		kill(ret->pid, SIGKILL);
		err_set(e, COMMAND_REFUSED, "%s does not answer within %u s", host, seconds);
	} else {
		not_connected(ret, e);
	}
	peer_close(ret);
	return e->code;
}

void peer_close(struct peer *p)
{
	if (p->to)
		fclose(p->to);
	if (p->from)
		fclose(p->from);
	if (p->errors >= 0)
		close(p->errors);
	if (p->pid > 0) {
		kill(p->pid, SIGTERM);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	*p = (struct peer){ .host = p->host, .errors = -1 };
}

static int lost(const struct peer *p, struct err *e)
{
	return err_set(e, -ECONNRESET, "the connection to %s was lost", p->host);
}

int peer_ask(struct peer *p, char *ret, size_t size, const void *data, size_t n, struct err *e, const char *fmt, ...)
{
	char line[RECEIVE_LINE], *rest = line + 3;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (strchr(line, '\n'))
		return err_set(e, COMMAND_REFUSED, "a name with a line break in it: `%.60s`", line);
	fprintf(p->to, "%s\n", line);
	if (n)
		fwrite(data, 1, n, p->to);
	if (fflush(p->to) || !fgets(line, sizeof(line), p->from) || strlen(line) < 3)
		return lost(p, e);
	line[strcspn(line, "\n")] = 0;
	if (strncmp(line, "ok", 2) != 0)
		return err_set(e, COMMAND_REFUSED, "%s: %s", p->host, rest);
	if (ret)
		text_copy(ret, size, rest);
	return 0;
}

int peer_write(struct peer *p, unsigned disk, uint64_t at, const void *data, size_t n, struct err *e)
{
	fprintf(p->to, "write %u %llu %zu\n", disk, (unsigned long long)at, n);
	fwrite(data, 1, n, p->to);
	return fflush(p->to) ? lost(p, e) : 0;
}
