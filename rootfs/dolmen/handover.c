/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "handover.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "peer.h"
#include "sys/run.h"
#include "virt.h"

#define HELD 4096		/* more than the stream's last record */
#define BUFFER (256 * 1024)

struct relay {
	struct handover *h;
	int listener, watch;		/* watch: -1: there is none */
	unsigned port, watched;
	volatile bool over;		/* libvirt has returned */
	int64_t told;			/* ms: when somebody saw how far it is; -1: nobody looks */
	struct err error;
	char buffer[HELD + BUFFER];
	size_t held;
};

int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int listen_on_loopback(unsigned *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&a, n) < 0 || listen(fd, 1) < 0 || getsockname(fd, (struct sockaddr *)&a, &n) < 0)) {
		close(fd);
		return -1;
	}
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/* xenstore-watch says a line at once, and another one when the toolstack asks the machine to stop. */
static pid_t watch_begin(virDomainPtr d, int *ret_fd)
{
	char path[80];
	pid_t pid;
	int fds[2];

	*ret_fd = -1;
	snprintf(path, sizeof(path), "/local/domain/%u/control/shutdown", virDomainGetID(d));
	if (!run_exists("xenstore-watch") || pipe2(fds, O_CLOEXEC) < 0)
		return 0;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fds[1], 1);
		execlp("xenstore-watch", "xenstore-watch", "-n", "2", path, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

static void watch_read(struct relay *r)
{
	char text[400];
	ssize_t n = read(r->watch, text, sizeof(text));

	for (ssize_t i = 0; i < n; i++)
		if (text[i] == '\n' && ++r->watched == 2 && !r->h->stopped_ms)
			r->h->stopped_ms = clock_ms();
	if (n <= 0) {
		close(r->watch);
		r->watch = -1;
	}
}

/* Until there is something to read on fd; false: there never will be. */
static bool wait_for(struct relay *r, int fd)
{
	for (;;) {
		struct pollfd p[] = { { .fd = fd, .events = POLLIN }, { .fd = r->watch, .events = POLLIN } };

		if (command_stopped) {
			err_set(&r->error, -EINTR, "given up");
			return false;
		}
		if (poll(p, 2, 200) < 0 && errno != EINTR)
			return false;
		if (p[1].revents)
			watch_read(r);
		if (p[0].revents)
			return true;
		if (r->over && fd == r->listener)
			return false;
	}
}

static bool write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t w = write(fd, data, n);

		if (w < 0 && errno != EINTR)
			return false;
		if (w > 0) {
			data += w;
			n -= (size_t)w;
		}
	}
	return true;
}

static void tell(struct relay *r)
{
	char size[32];

	if (r->told < 0 || clock_ms() - r->told < 500)
		return;
	r->told = clock_ms();
	fprintf(stderr, "\rmemory sent: %-12s", text_size(r->h->sent_bytes, size, sizeof(size)));
}

/* All but the last bytes; 0 when the stream has ended. */
static int relay_stream(struct relay *r, int from, int to)
{
	ssize_t n;

	while (wait_for(r, from)) {
		n = read(from, r->buffer + r->held, BUFFER);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? err_set(&r->error, -errno, "the stream from libvirt: %s", strerror(errno)) : 0;
		r->h->sent_bytes += (uint64_t)n;
		tell(r);
		r->held += (size_t)n;
		if (r->held <= HELD)
			continue;
		if (!write_all(to, r->buffer, r->held - HELD))
			return err_set(&r->error, -ECONNRESET, "the connection to %s was lost", r->h->host);
		memmove(r->buffer, r->buffer + r->held - HELD, HELD);
		r->held = HELD;
	}
	return r->error.code ? r->error.code : err_set(&r->error, -EIO, "the stream from libvirt broke off");
}

/* It ends with a record of type 0 and length 0 (libxl's stream, version 2); another end is where it broke off. */
static int check_end(struct relay *r)
{
	static const char end[8];

	if (r->held >= sizeof(end) && !memcmp(r->buffer + r->held - sizeof(end), end, sizeof(end)))
		return 0;
	return err_set(&r->error, -EIO, "the stream from libvirt broke off");
}

/* ssh to the port that libvirt listens on there. */
static pid_t connect_there(const struct relay *r, int *ret_in)
{
	char to[300], place[40];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid;

	snprintf(to, sizeof(to), "root@%s", r->h->host);
	snprintf(place, sizeof(place), "127.0.0.1:%u", r->port);
	pid = peer_spawn((const char *const[]){ "ssh", "-T", "-o", "BatchMode=yes", "-W", place, to, NULL }, ret_in, null, null);
	close(null);
	return pid;
}

static void *relay_run(void *user)
{
	struct relay *r = user;
	int from = -1, to = -1;
	pid_t pid = -1;

	if (wait_for(r, r->listener) && (from = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		pid = connect_there(r, &to);
	if (pid > 0 && !relay_stream(r, from, to) && !check_end(r) && (!r->h->before_end || !r->h->before_end(r->h->user, &r->error)) &&
	    !write_all(to, r->buffer, r->held))
		err_set(&r->error, -ECONNRESET, "the connection to %s was lost", r->h->host);
	if (r->told > 0)
		fprintf(stderr, "\r%25s\r", "");
	if (to >= 0)
		close(to);
	if (from >= 0)
		close(from);
	/* It ends when all is there; what is not complete must not arrive. */
	if (pid > 0 && r->error.code)
		kill(pid, SIGKILL);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return NULL;
}

static int migrate(struct handover *h, virDomainPtr d, unsigned port, struct err *e)
{
	unsigned flags = VIR_MIGRATE_PEER2PEER | VIR_MIGRATE_PERSIST_DEST | VIR_MIGRATE_UNDEFINE_SOURCE | VIR_MIGRATE_PAUSED |
			 (h->live ? VIR_MIGRATE_LIVE : 0);
	char there[320], place[40];
	virTypedParameterPtr list = NULL;
	int n = 0, most = 0, rc = 0;

	snprintf(there, sizeof(there), "xen+ssh://root@%s/system?no_tty=1", h->host);
	snprintf(place, sizeof(place), "tcp://127.0.0.1:%u", port);
	if (virTypedParamsAddString(&list, &n, &most, VIR_MIGRATE_PARAM_URI, place) < 0 ||
	    virTypedParamsAddString(&list, &n, &most, VIR_MIGRATE_PARAM_DEST_XML, h->xml) < 0 ||
	    virDomainMigrateToURI3(d, there, list, (unsigned)n, flags) < 0)
		rc = virt_error(e, "libvirt");
	virTypedParamsFree(list, n);
	return rc;
}

/* libvirt leaves a machine stopped whose memory was sent in vain: Xen's state `s`. */
static int go_on_here(unsigned id, struct err *e)
{
	char number[16], last[300] = "", state[16] = "";
	struct log quiet = { .fd = -1 };
	struct err error = { 0 };

	snprintf(number, sizeof(number), "%u", id);
	for (int i = 0; i < 2; i++) {
		if (run_command_last(&quiet, (char *const[]){ (char *)"xl", (char *)"list", number, NULL }, last, sizeof(last), &error) ||
		    sscanf(last, "%*s %*s %*s %*s %15s", state) != 1)
			return err_suffix(e, "; whether it runs here is not known: %s", error.code ? error.msg : last);
		if (!strchr(state, 's'))
			return err_suffix(e, "; it runs on here");
		if (!i)
			run_command(&quiet, (char *const[]){ (char *)"xl", (char *)"resume", number, NULL }, &error);
	}
	return err_suffix(e, "; it stands still here: try `xl resume %s`", number);
}

int handover(struct handover *h, virDomainPtr d, struct err *e)
{
	struct relay *r = calloc(1, sizeof(*r));
	unsigned id = virDomainGetID(d);
	pthread_t thread;
	pid_t watch;
	int rc;

	if (!r || (r->listener = listen_on_loopback(&r->port)) < 0) {
		free(r);
		return err_set(e, -EIO, "no port of the loopback interface: %s", strerror(errno));
	}
	r->h = h;
	r->told = isatty(STDERR_FILENO) ? 0 : -1;
	watch = watch_begin(d, &r->watch);
	if (pthread_create(&thread, NULL, relay_run, r)) {
		rc = err_set(e, -EIO, "no thread");
	} else {
		rc = migrate(h, d, r->port, e);
		r->over = true;
		pthread_join(thread, NULL);
		/* Who let go first knows best why. */
		if (rc && r->error.code && r->error.code != -EIO)
			*e = r->error;
		if (rc)
			go_on_here(id, e);
	}
	if (watch > 0) {
		kill(watch, SIGKILL);
		waitpid(watch, NULL, 0);
	}
	if (r->watch >= 0)
		close(r->watch);
	close(r->listener);
	free(r);
	return rc;
}
