/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * on-demand [-n] SOCKET COMMAND [ARG ...]: owns the Unix socket SOCKET, which only root may use, and starts COMMAND when somebody
 * connects: the socket is its descriptor 3, as sd_listen_fds(3) describes, named COMMAND.socket. COMMAND may end when it is idle; the next
 * connection starts it again. Whoever waits when it fails, or ends within seconds, is hung up on, and COMMAND is not tried again
 * for a second.
 * -n: COMMAND is started now, and not only when somebody comes. It stays in the foreground; COMMAND ends when it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOON 10		/* seconds: who ends so early did not end because it was idle */
#define FIRST_FD 3	/* of those that are handed over */

static int die(const char *what)
{
	fprintf(stderr, "on-demand: error: %s: %s\n", what, strerror(errno));
	return 1;
}

static int listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(a.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(a.sun_path, path);
	unlink(path);
	umask(0177);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 64) < 0)
		return -1;
	umask(0022);
	return fd;
}

/* In the child: never returns. */
static void become(int listener, char **argv)
{
	char pid[16], name[64];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	snprintf(name, sizeof(name), "%s.socket", argv[0]);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", name, 1);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* The same number: dup2() would leave it to be closed. */
	if (listener == FIRST_FD ? fcntl(listener, F_SETFD, 0) : dup2(listener, FIRST_FD) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(die(argv[0]) + 126);
}

/* On all who wait. The command may have made the listener one that blocks. */
static void hang_up(int listener)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };
	int fd;

	while (poll(&p, 1, 0) > 0 && (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		close(fd);
}

/* One life of the command. Whether it needs another one at once: there was work, and nobody need come for it to go on. */
static bool serve(int listener, char **argv)
{
	time_t began = time(NULL);
	pid_t child = fork();
	int status = -1;

	if (child == 0)
		become(listener, argv);
	if (child > 0)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	if (status)
		fprintf(stderr, "on-demand: error: %s ended with status %#x\n", argv[0], (unsigned)status);
	if (time(NULL) - began >= SOON)
		return status != 0;
	hang_up(listener);
	sleep(1);
	return false;
}

int main(int argc, char **argv)
{
	bool now = argc > 1 && !strcmp(argv[1], "-n");
	int listener;

	argc -= now;
	argv += now;
	if (argc < 3) {
		fprintf(stderr, "usage: on-demand [-n] SOCKET COMMAND [ARG ...]\n");
		return 2;
	}
	listener = listen_at(argv[1]);
	if (listener < 0)
		return die(argv[1]);
	for (;;) {
		struct pollfd p = { .fd = listener, .events = POLLIN };

		if (now || poll(&p, 1, -1) > 0)
			while (serve(listener, argv + 2))
				;
		else if (errno != EINTR)
			return die("poll");
		now = false;
	}
}
