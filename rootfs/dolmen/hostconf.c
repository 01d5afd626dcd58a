/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hostconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "sys/file.h"

#define CONF_MAX (1 << 20)

const char *host_path(char *buf, size_t size, const char *path)
{
	const char *root = getenv("DOLMEN_ROOT");

	snprintf(buf, size, "%s%s", root ? root : "", path);
	return buf;
}

static int no_memory(struct err *e)
{
	return err_set(e, -ENOMEM, "out of memory");
}

/* Room for a line at `at`. */
static int insert(struct hostconf *h, size_t at, char *text, struct err *e)
{
	char **more = text ? realloc(h->line, (h->n + 1) * sizeof(*more)) : NULL;

	if (!more) {
		free(text);
		return no_memory(e);
	}
	h->line = more;
	memmove(more + at + 1, more + at, (h->n - at) * sizeof(*more));
	more[at] = text;
	h->n++;
	return 0;
}

static void drop(struct hostconf *h, size_t at)
{
	free(h->line[at]);
	memmove(h->line + at, h->line + at + 1, (--h->n - at) * sizeof(*h->line));
}

int hostconf_read(struct hostconf *h, struct err *e)
{
	char path[256], *text = NULL;
	size_t len;
	int rc;

	*h = (struct hostconf){ .lock = -1 };
	rc = file_read(host_path(path, sizeof(path), "/state/host.conf"), CONF_MAX, &text, &len, e);
	for (char *p = text; !rc && p < text + len;) {
		size_t n = strcspn(p, "\n");

		rc = insert(h, h->n, strndup(p, n), e);
		p += n + 1;
	}
	free(text);
	return rc;
}

int hostconf_lock(struct err *e)
{
	char path[256];
	int fd = open(host_path(path, sizeof(path), "/run/dolmen/host.conf.lock"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), rc;

	if (fd < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	if (lockf(fd, F_LOCK, 0) < 0) {
		rc = err_set(e, -errno, "%s cannot be locked: %s", path, strerror(errno));
		close(fd);
		return rc;
	}
	return fd;
}

int hostconf_edit(struct hostconf *h, struct err *e)
{
	char path[256];
	int fd = hostconf_lock(e), rc;

	*h = (struct hostconf){ .lock = -1 };
	if (fd < 0)
		return fd;
	rc = hostconf_read(h, e);
	h->lock = fd;
	if (rc == -ENOENT)
		return err_set(e, COMMAND_REFUSED, "this host has no configuration that a change could go to: its state partition is not mounted");
	if (!rc && !access(host_path(path, sizeof(path), "/run/dolmen/trial.conf"), F_OK))
		return err_set(e, COMMAND_REFUSED, "a change of the network is being tried: first `dolmen network confirm` or `dolmen network revert`");
	return rc;
}

void hostconf_close(struct hostconf *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->line[i]);
	free(h->line);
	if (h->lock >= 0)
		close(h->lock);
	*h = (struct hostconf){ .lock = -1 };
}

/* What stands behind KEY=; NULL: the line is another one's. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	return !strncmp(line, key, n) && line[n] == '=' ? line + n + 1 : NULL;
}

const char *hostconf_next(const struct hostconf *h, const char *key, size_t *at)
{
	while (*at < h->n) {
		const char *value = value_of(h->line[(*at)++], key);

		if (value)
			return value;
	}
	return NULL;
}

const char *hostconf_get(const struct hostconf *h, const char *key)
{
	size_t at = 0;

	return hostconf_next(h, key, &at);
}

static int insert_value(struct hostconf *h, size_t at, const char *key, const char *value, struct err *e)
{
	char *line = NULL;

	if (strpbrk(value, "\n\r"))
		return err_set(e, COMMAND_REFUSED, "%s: a value is one line", key);
	if (asprintf(&line, "%s=%s", key, value) < 0)
		return no_memory(e);
	return insert(h, at, line, e);
}

int hostconf_set(struct hostconf *h, const char *key, const char *const values[], unsigned n, struct err *e)
{
	size_t at = h->n;
	int rc = 0;

	for (size_t i = h->n; i-- > 0;)
		if (value_of(h->line[i], key)) {
			drop(h, i);
			at = i;
		}
	if (at > h->n)
		at = h->n;
	for (unsigned i = 0; i < n && !rc; i++)
		rc = insert_value(h, at + i, key, values[i], e);
	return rc;
}

int hostconf_add(struct hostconf *h, const char *key, const char *value, struct err *e)
{
	size_t at = h->n;

	for (size_t i = 0; i < h->n; i++)
		if (value_of(h->line[i], key))
			at = i + 1;
	return insert_value(h, at, key, value, e);
}

bool hostconf_remove(struct hostconf *h, const char *key, const char *value)
{
	size_t n = strlen(value);

	for (size_t i = 0; i < h->n; i++) {
		const char *v = value_of(h->line[i], key);

		if (v && !strncmp(v, value, n) && (!v[n] || v[n] == ' ')) {
			drop(h, i);
			return true;
		}
	}
	return false;
}

/* Why the state partition does not take it. */
static int unwritten(struct err *e, const char *path, int error)
{
	if (error == ENOSPC)
		return err_set(e, -error, "%s: no space is left on its partition; nothing was changed. Large logs are in /state/log", path);
	if (error == EROFS)
		return err_set(e, -error, "%s: the file system has become read-only after an error (see dmesg); nothing was changed", path);
	return err_set(e, -error, "%s: %s; nothing was changed", path, strerror(error));
}

static void sync_folder(const char *path)
{
	char folder[256];
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int file_replace(const char *path, const void *data, size_t n, unsigned mode, struct err *e)
{
	char beside[260];
	int fd, error = 0;

	snprintf(beside, sizeof(beside), "%s.new", path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return unwritten(e, path, errno);
	for (const char *p = data; n > 0 && !error;) {
		ssize_t r = write(fd, p, n);

		if (r > 0) {
			p += r;
			n -= (size_t)r;
		} else if (r == 0 || errno != EINTR) {
			error = r ? errno : ENOSPC;
		}
	}
	if (!error && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		error = errno;
	if (close(fd) < 0 && !error)
		error = errno;
	if (!error && rename(beside, path) < 0)
		error = errno;
	if (error) {
		unlink(beside);
		return unwritten(e, path, error);
	}
	sync_folder(path);
	return 0;
}

int hostconf_write(struct hostconf *h, struct err *e)
{
	char path[256], *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int rc;

	if (!f)
		return no_memory(e);
	for (size_t i = 0; i < h->n; i++)
		fprintf(f, "%s\n", h->line[i]);
	if (fclose(f)) {
		free(text);
		return no_memory(e);
	}
	rc = file_replace(host_path(path, sizeof(path), "/state/host.conf"), text, len, 0600, e);
	free(text);
	return rc;
}
