/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "storage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "sys/run.h"

#define W (char *)	/* run_command() takes what it does not change */

static struct log quiet = { .fd = -1 };

static const char *root(void)
{
	const char *r = getenv("DOLMEN_ROOT");

	return r ? r : "";
}

int storage_open(struct storage *ret, struct err *e)
{
	char path[256], line[256], kind[16] = "", a[64] = "", b[64] = "";
	FILE *f;

	*ret = (struct storage){ 0 };
	snprintf(path, sizeof(path), "%s/state/host.conf", root());
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "storage=%15s %63s %63s", kind, a, b) > 0)
			break;
	if (f)
		fclose(f);
	text_copy(ret->group, sizeof(ret->group), a);
	text_copy(ret->pool, sizeof(ret->pool), b);
	snprintf(ret->folder, sizeof(ret->folder), "%s/storage", root());
	ret->kind = !strcmp(kind, "thin") ? STORAGE_THIN : !strcmp(kind, "lvm") ? STORAGE_THICK : !strcmp(kind, "ext") ? STORAGE_FILES :
		    STORAGE_NONE;
	if (ret->kind == STORAGE_NONE)
		return err_set(e, COMMAND_REFUSED, "this host has no storage for guests (storage= in /state/host.conf)");
	return 0;
}

static int number_of(char *const argv[], uint64_t *ret, struct err *e)
{
	char last[200];
	int rc = run_command_last(&quiet, argv, last, sizeof(last), e);

	*ret = rc ? 0 : strtoull(last, NULL, 10);
	return rc;
}

int storage_room(const struct storage *s, uint64_t bytes, struct err *e)
{
	char want[32], have[32], pool[160];
	struct statvfs fs;
	uint64_t room = 0;
	int rc = 0;

	snprintf(pool, sizeof(pool), "%s/%s", s->group, s->pool);
	if (s->kind == STORAGE_FILES)
		room = statvfs(s->folder, &fs) < 0 ? 0 : (uint64_t)fs.f_bavail * fs.f_frsize;
	else if (s->kind == STORAGE_THICK)
		rc = number_of((char *const[]){ W"vgs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o", W"vg_free", W s->group, NULL },
			       &room, e);
	else	/* A thin pool promises more than it has, but no disk that could not be filled. */
		rc = number_of((char *const[]){ W"lvs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o", W"lv_size", pool, NULL },
			       &room, e);
	if (!rc && bytes > room)
		rc = err_set(e, COMMAND_REFUSED, "there is no room for a disk of %s: %s %s", text_size(bytes, want, sizeof(want)),
			     text_size(room, have, sizeof(have)), s->kind == STORAGE_THIN ? "is the whole thin pool" : "are free");
	return rc;
}

bool volume_parse(struct volume *ret, const char *name, const char *machine)
{
	size_t n = strlen(machine);
	const char *p = name + 3 + n;
	char *end;

	*ret = (struct volume){ 0 };
	if (strncmp(name, "vm-", 3) != 0 || strncmp(name + 3, machine, n) != 0 || *p != '-' || p[1] < '0' || p[1] > '9')
		return false;
	ret->number = (unsigned)strtoul(p + 1, &end, 10);
	if ((*end && *end != '+') || !text_copy(ret->name, sizeof(ret->name), name))
		return false;
	return !*end || text_copy(ret->snapshot, sizeof(ret->snapshot), end + 1);
}

static void add(struct volumes *l, const char *name, const char *machine, uint64_t bytes, long long made)
{
	struct volume v;

	if (!volume_parse(&v, name, machine))
		return;
	l->full = l->n == sizeof(l->v) / sizeof(l->v[0]);
	if (l->full)
		return;
	v.bytes = bytes;
	v.made = made;
	l->v[l->n++] = v;
}

static int list_files(const struct storage *s, const char *machine, struct volumes *ret, struct err *e)
{
	DIR *d = opendir(s->folder);
	struct dirent *entry;
	struct stat st;

	if (!d)
		return err_set(e, -errno, "%s: %s", s->folder, strerror(errno));
	while ((entry = readdir(d)))
		if (!fstatat(dirfd(d), entry->d_name, &st, 0))
			add(ret, entry->d_name, machine, (uint64_t)st.st_size, (long long)st.st_mtime);
	closedir(d);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct volume *)a)->name, ((const struct volume *)b)->name);
}

struct listing {
	struct volumes *volumes;
	const char *machine;
};

static void take_volume(void *user, const char *line)
{
	struct listing *l = user;
	unsigned long long bytes;
	char name[VOLUME_NAME];
	long long made;

	if (sscanf(line, "%127s %llu %lld", name, &bytes, &made) == 3)
		add(l->volumes, name, l->machine, bytes, made);
}

int storage_list(const struct storage *s, const char *machine, struct volumes *ret, struct err *e)
{
	struct listing l = { ret, machine };
	int rc;

	ret->n = 0;
	ret->full = false;
	if (s->kind == STORAGE_FILES)
		rc = list_files(s, machine, ret, e);
	else
		rc = run_command_lines(&quiet, (char *const[]){ W"lvs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o",
				W"lv_name,lv_size,lv_time", W"--config", W"report/time_format=\"%s\"", W s->group, NULL },
				take_volume, &l, e);
	qsort(ret->v, ret->n, sizeof(ret->v[0]), by_name);
	if (!rc && ret->full)
		rc = err_set(e, COMMAND_REFUSED, "%s has more than %u disks and snapshots; delete snapshots with lvremove first", machine, ret->n);
	return rc;
}

static int create_file(const char *path, uint64_t bytes, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, (off_t)bytes) < 0) {
		err_set(e, -errno, "%s: %s", path, strerror(errno));
		if (fd >= 0) {
			unlink(path);
			close(fd);
		}
		return e->code;
	}
	close(fd);
	return 0;
}

/* What a removed volume left is not for the next owner to read. Thin volumes begin empty, thick ones do not. */
static int clear_device(const char *path, uint64_t bytes, struct err *e)
{
	const uint64_t step = UINT64_C(256) << 20;
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	for (uint64_t at = 0; at < bytes && !rc; at += step) {
		uint64_t range[2] = { at, bytes - at < step ? bytes - at : step };

		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\rclearing the disk: %3u %%", (unsigned)(at * 100 / bytes));
		if (command_stopped)
			rc = err_set(e, -EINTR, "%s: given up", path);
		else if (ioctl(fd, BLKZEROOUT, range) < 0)
			rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	}
	if (isatty(STDERR_FILENO))
		fputs("\r                          \r", stderr);
	close(fd);
	return rc;
}

static int create_thick(const struct storage *s, const char *name, char *size, uint64_t bytes, const char *path, struct err *e)
{
	struct err ignored;
	int rc = run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--wipesignatures", W"n", W"--zero", W"n", W"--size", size,
			     W"--name", W name, W s->group, NULL }, e);

	if (rc)
		return rc;
	rc = clear_device(path, bytes, e);
	if (rc)
		storage_remove(s, name, &ignored);
	return rc;
}

int storage_create(const struct storage *s, const char *machine, unsigned number, uint64_t bytes, char ret_path[256], struct err *e)
{
	char name[VOLUME_NAME], size[32];

	snprintf(name, sizeof(name), "vm-%s-%u", machine, number);
	snprintf(size, sizeof(size), "%" PRIu64 "b", bytes);
	if (s->kind == STORAGE_FILES) {
		snprintf(ret_path, 256, "%s/%s", s->folder, name);
		return create_file(ret_path, bytes, e);
	}
	snprintf(ret_path, 256, "/dev/%s/%s", s->group, name);
	if (s->kind == STORAGE_THIN)
		return run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--wipesignatures", W"n", W"--thinpool", W s->pool,
				W"--virtualsize", size, W"--name", name, W s->group, NULL }, e);
	return create_thick(s, name, size, bytes, ret_path, e);
}

int storage_remove(const struct storage *s, const char *volume, struct err *e)
{
	char path[256];

	if (s->kind == STORAGE_FILES) {
		snprintf(path, sizeof(path), "%s/%s", s->folder, volume);
		return unlink(path) < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : 0;
	}
	snprintf(path, sizeof(path), "%s/%s", s->group, volume);
	return run_command(&quiet, (char *const[]){ W"lvremove", W"-qq", W"--yes", path, NULL }, e);
}

int storage_copy(const struct storage *s, const char *volume, const char *copy, bool disk, struct err *e)
{
	char path[256];

	if (s->kind != STORAGE_THIN)
		return err_set(e, COMMAND_REFUSED, "this needs thin storage, which this host's guests do not have (sr-type=\"thin\" at installation)");
	snprintf(path, sizeof(path), "%s/%s", s->group, volume);
	return run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--snapshot", W"--setactivationskip", W(disk ? "n" : "y"),
			W"--name", W copy, path, NULL }, e);
}

int storage_rename(const struct storage *s, const char *volume, const char *name, struct err *e)
{
	return run_command(&quiet, (char *const[]){ W"lvrename", W"-qq", W s->group, W volume, W name, NULL }, e);
}
