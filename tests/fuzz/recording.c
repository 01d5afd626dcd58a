/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recorded machine as record-machine writes it: lines `file PATH TEXT` and `link PATH TARGET`, unpacked and looked at. */
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define PATH_BYTES 200

static char root[] = "/tmp/recording-XXXXXX";

static int drop(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind;
	return at->level ? remove(path) : 0;
}

/* The folders above are made; what leads out of the root is left out. */
static bool place(const char *path, char *full)
{
	if (strstr(path, "..") || path[0] == '/' || !*path || strlen(path) > PATH_BYTES - 40)
		return false;
	snprintf(full, PATH_BYTES, "%s/%s", root, path);
	for (char *p = full + strlen(root) + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		mkdir(full, 0700);
		*p = '/';
	}
	return true;
}

/* As printf's %b reads it, as far as recordings use it. */
static size_t unescape(char *s)
{
	char *to = s, *from = s;

	while (*from) {
		if (from[0] == '\\' && from[1] == 'n') {
			*to++ = '\n';
			from += 2;
		} else if (from[0] == '\\' && from[1] == '0') {
			from++;
			*to++ = (char)strtoul(from, &from, 8);
		} else {
			*to++ = *from++;
		}
	}
	return (size_t)(to - s);
}

static void unpack_file(const char *path, char *text)
{
	char full[PATH_BYTES];
	int fd = place(path, full) ? open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	size_t n = unescape(text);

	if (fd < 0)
		return;
	if (write(fd, text, n) < 0)
		perror(full);
	close(fd);
}

/* A link to another place of the recording: as many `../` as its path has folders at most, and only in front. */
static void unpack_link(const char *path, const char *target)
{
	char full[PATH_BYTES];
	const char *rest = target;
	unsigned up = 0, folders = 0;

	for (const char *p = path; *p; p++)
		folders += *p == '/';
	for (; !strncmp(rest, "../", 3); rest += 3)
		up++;
	if (up <= folders && *rest != '/' && !strstr(rest, "..") && place(path, full) && symlink(target, full) < 0)
		return;
}

/* Files first: none of them is written through a link then. */
static void unpack(const char *text, bool links)
{
	char *copy = strdup(text), *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *path = line + 5, *rest = strchr(path < line + strlen(line) ? path : line, ' ');

		if (strlen(line) < 6 || !rest)
			continue;
		*rest++ = 0;
		if (!links && !strncmp(line, "file ", 5))
			unpack_file(path, rest);
		else if (links && !strncmp(line, "link ", 5))
			unpack_link(path, rest);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct log l;
	struct machine *m = NULL;
	struct err e;
	char *text = strndup((const char *)data, n);

	if (!strcmp(root + strlen(root) - 6, "XXXXXX") && !mkdtemp(root))
		abort();
	unpack(text, false);
	unpack(text, true);
	free(text);
	if (!probe_machine(&m, root, &l, &e)) {
		if (m->disks > MACHINE_DISKS || m->volumes > MACHINE_VOLUMES || m->nics > MACHINE_NICS)
			abort();
		for (unsigned i = 0; i < m->volumes; i++)
			if (m->volume[i].disk >= m->disks)
				abort();
	}
	free(m);
	nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
