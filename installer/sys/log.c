/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"

static void open_consoles(struct log *l)
{
	char list[256], path[64], *save = NULL;
	int fd = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, list, sizeof(list) - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	list[n] = 0;
	for (char *t = strtok_r(list, " \n", &save); t && l->consoles < LOG_CONSOLES; t = strtok_r(NULL, " \n", &save)) {
		/* tty0 is whatever screen is in front; the first one is where people look */
		snprintf(path, sizeof(path), "/dev/%s", strcmp(t, "tty0") ? t : "tty1");
		fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0)
			l->console[l->consoles++] = fd;
	}
}

int log_open(struct log *l, const char *path, bool all_consoles, struct err *e)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	if (all_consoles)
		open_consoles(l);
	if (!l->consoles)
		l->console[l->consoles++] = STDOUT_FILENO;
	if (!path)
		return 0;
	text_copy(l->path, sizeof(l->path), path);
	l->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
	if (l->fd < 0)
		return err_set(e, -errno, "log file %s: %s", path, strerror(errno));
	return 0;
}

void log_no_consoles(struct log *l)
{
	for (unsigned i = 0; i < l->consoles; i++)
		if (l->console[i] != STDOUT_FILENO)
			close(l->console[i]);
	l->consoles = 0;
}

void log_close(struct log *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	log_no_consoles(l);
}

/* A console that takes nothing (flow control, no terminal attached) costs two seconds a line, not the installation. */
static void write_patiently(int fd, const char *s, size_t n)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (n) {
		ssize_t w = write(fd, s, n);

		if (w > 0) {
			s += w;
			n -= (size_t)w;
		} else if (w < 0 && errno == EINTR) {
			continue;
		} else if (w >= 0 || errno != EAGAIN || poll(&p, 1, 2000) <= 0) {
			return;
		}
	}
}

static void log_write(struct log *l, const char *level, const char *area, const char *text)
{
	char line[4096];
	struct timespec now;
	struct tm tm;
	int n;

	if (l->fd < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = snprintf(line, sizeof(line), "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %s %s: %s\n", tm.tm_year + 1900,
		     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000, level, area, text);
	if (n >= (int)sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	write_patiently(l->fd, line, (size_t)n);
}

static void show(struct log *l, const char *prefix, const char *text)
{
	char line[4096];
	int n = snprintf(line, sizeof(line) - 1, "%s%s", prefix, text);

	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	for (unsigned i = 0; i < l->consoles; i++)
		write_patiently(l->console[i], line, (size_t)n);
	log_write(l, "info", "screen", text);
}

#define FORMAT(buf) do { va_list ap; va_start(ap, fmt); vsnprintf(buf, sizeof(buf), fmt, ap); va_end(ap); } while (0)

void log_info(struct log *l, const char *area, const char *fmt, ...)
{
	char text[3000];

	FORMAT(text);
	log_write(l, "info", area, text);
}

void log_error(struct log *l, const char *area, const char *fmt, ...)
{
	char text[3000];

	FORMAT(text);
	log_write(l, "error", area, text);
}

void log_print(struct log *l, const char *fmt, ...)
{
	char text[3000];

	FORMAT(text);
	show(l, "", text);
}

void log_say(struct log *l, const char *fmt, ...)
{
	char text[3000];

	FORMAT(text);
	show(l, "dolmen: ", text);
}
