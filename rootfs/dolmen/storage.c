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

static int number_of(char *const argv[], uint64_t *ret, struct err *e)
{
	char last[200];
	int rc = run_command_last(&quiet, argv, last, sizeof(last), e);

	*ret = rc ? 0 : strtoull(last, NULL, 10);
	return rc;
}

int storage_room(const struct pool *p, uint64_t bytes, struct err *e)
{
	char want[32], have[32], pool[160];
	struct statvfs fs;
	uint64_t room = 0;
	int rc = 0;

	snprintf(pool, sizeof(pool), "%s/%s", p->group, p->thin);
	if (pool_has_files(p))
		room = statvfs(p->folder, &fs) < 0 ? 0 : (uint64_t)fs.f_bavail * fs.f_frsize;
	else if (p->kind == POOL_THICK)
		rc = number_of((char *const[]){ W"vgs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o", W"vg_free", W p->group, NULL },
			       &room, e);
	else	/* A thin pool promises more than it has, but no disk that could not be filled. */
		rc = number_of((char *const[]){ W"lvs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o", W"lv_size", pool, NULL },
			       &room, e);
	if (!rc && bytes > room)
		rc = err_set(e, COMMAND_REFUSED, "there is no room for a disk of %s: %s %s", text_size(bytes, want, sizeof(want)),
			     text_size(room, have, sizeof(have)), p->kind == POOL_THIN ? "is the whole thin pool" : "are free");
	return rc;
}

void storage_path(const struct pool *p, const char *volume, char ret[VOLUME_PATH])
{
	if (pool_has_files(p))
		snprintf(ret, VOLUME_PATH, "%s/%s", p->folder, volume);
	else
		snprintf(ret, VOLUME_PATH, "/dev/%s/%s", p->group, volume);
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

struct listing {
	struct volumes *volumes;
	const struct pool *pool;
	const char *machine;
};

static void add(struct listing *to, const char *name, uint64_t bytes, long long made)
{
	struct volumes *l = to->volumes;
	struct volume v;

	if (!volume_parse(&v, name, to->machine))
		return;
	l->full = l->n == sizeof(l->v) / sizeof(l->v[0]);
	if (l->full)
		return;
	v.pool = to->pool;
	v.bytes = bytes;
	v.made = made;
	l->v[l->n++] = v;
}

static int list_files(struct listing *l, struct err *e)
{
	DIR *d = opendir(l->pool->folder);
	struct dirent *entry;
	struct stat st;

	if (!d)
		return err_set(e, -errno, "%s: %s", l->pool->folder, strerror(errno));
	while ((entry = readdir(d)))
		if (!fstatat(dirfd(d), entry->d_name, &st, 0))
			add(l, entry->d_name, (uint64_t)st.st_size, (long long)st.st_mtime);
	closedir(d);
	return 0;
}

static void take_volume(void *user, const char *line)
{
	unsigned long long bytes;
	char name[VOLUME_NAME];
	long long made;

	if (sscanf(line, "%127s %llu %lld", name, &bytes, &made) == 3)
		add(user, name, bytes, made);
}

static int list_group(struct listing *l, struct err *e)
{
	return run_command_lines(&quiet, (char *const[]){ W"lvs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o",
				 W"lv_name,lv_size,lv_time", W"--config", W"report/time_format=\"%s\"", W l->pool->group, NULL },
				 take_volume, l, e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct volume *)a)->name, ((const struct volume *)b)->name);
}

/* Two thin pools may share a group, whose volumes are listed once. */
static bool is_listed(const struct pools *l, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!pool_has_files(&l->p[n]) && !strcmp(l->p[i].group, l->p[n].group))
			return true;
	return false;
}

int storage_list(const char *machine, struct volumes *ret, struct err *e)
{
	struct pools *l = &ret->pools;
	int rc = pool_list(l, e);

	ret->n = 0;
	ret->full = false;
	ret->away[0] = 0;
	for (unsigned i = 0; i < l->n && !rc; i++) {
		struct listing to = { ret, &l->p[i], machine };

		if (!pool_is_up(&l->p[i]))
			text_copy(ret->away, sizeof(ret->away), l->p[i].name);
		else if (!is_listed(l, i))
			rc = pool_has_files(&l->p[i]) ? list_files(&to, e) : list_group(&to, e);
	}
	qsort(ret->v, ret->n, sizeof(ret->v[0]), by_name);
	if (!rc && ret->full)
		rc = err_set(e, COMMAND_REFUSED, "%s has more than %u disks and snapshots; delete snapshots with lvremove first", machine, ret->n);
	return rc;
}

/* libvirt puts a path between quotes; none of ours has a character that XML would write otherwise. */
static bool is_named(const char *xml, const struct pool *p, const char *volume)
{
	char path[VOLUME_PATH], quoted[VOLUME_PATH + 2];

	storage_path(p, volume, path);
	snprintf(quoted, sizeof(quoted), "'%s%s", path, *volume ? "'" : "");
	return strstr(xml, quoted);
}

int storage_list_defined(const char *machine, const char *xml, struct volumes *ret, struct err *e)
{
	char disk[VOLUME_NAME];
	unsigned kept = 0;
	int rc = storage_list(machine, ret, e);

	for (unsigned i = 0; i < ret->n && !rc; i++) {
		snprintf(disk, sizeof(disk), "vm-%s-%u", machine, ret->v[i].number);
		if (!pool_is_shared(ret->v[i].pool) || is_named(xml, ret->v[i].pool, disk))
			ret->v[kept++] = ret->v[i];
	}
	ret->n = kept;
	/* All that is away: any disk of it that the definition names? */
	for (unsigned i = 0; i < ret->pools.n && !rc && *ret->away; i++)
		if (is_named(xml, &ret->pools.p[i], "") && !pool_is_up(&ret->pools.p[i]))
			rc = err_set(e, COMMAND_REFUSED, "a disk of %s is in pool %s, which is not there now; see: dolmen storage list", machine,
				     ret->pools.p[i].name);
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

static int create_thick(const struct pool *p, const char *name, char *size, uint64_t bytes, const char *path, struct err *e)
{
	struct err ignored;
	int rc = run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--wipesignatures", W"n", W"--zero", W"n", W"--size", size,
			     W"--name", W name, W p->group, NULL }, e);

	if (rc)
		return rc;
	rc = clear_device(path, bytes, e);
	if (rc)
		storage_remove(p, name, &ignored);
	return rc;
}

int storage_create_volume(const struct pool *p, const char *name, uint64_t bytes, char ret_path[VOLUME_PATH], struct err *e)
{
	char size[32];

	snprintf(size, sizeof(size), "%" PRIu64 "b", bytes);
	storage_path(p, name, ret_path);
	if (pool_has_files(p))
		return create_file(ret_path, bytes, e);
	if (p->kind == POOL_THIN)
		return run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--wipesignatures", W"n", W"--thinpool", W p->thin,
				W"--virtualsize", size, W"--name", W name, W p->group, NULL }, e);
	return create_thick(p, name, size, bytes, ret_path, e);
}

int storage_create(const struct pool *p, const char *machine, unsigned number, uint64_t bytes, char ret_path[VOLUME_PATH], struct err *e)
{
	char name[VOLUME_NAME];

	snprintf(name, sizeof(name), "vm-%s-%u", machine, number);
	return storage_create_volume(p, name, bytes, ret_path, e);
}

int storage_remove(const struct pool *p, const char *volume, struct err *e)
{
	char path[VOLUME_PATH];

	if (pool_has_files(p)) {
		storage_path(p, volume, path);
		return unlink(path) < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : 0;
	}
	snprintf(path, sizeof(path), "%s/%s", p->group, volume);
	return run_command(&quiet, (char *const[]){ W"lvremove", W"-qq", W"--yes", path, NULL }, e);
}

int storage_copy(const struct pool *p, const char *volume, const char *copy, bool disk, struct err *e)
{
	char path[256];

	if (p->kind != POOL_THIN)
		return err_set(e, COMMAND_REFUSED, "this needs thin storage, which pool %s is not", p->name);
	snprintf(path, sizeof(path), "%s/%s", p->group, volume);
	return run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--snapshot", W"--setactivationskip", W(disk ? "n" : "y"),
			W"--name", W copy, path, NULL }, e);
}

int storage_rename(const struct pool *p, const char *volume, const char *name, struct err *e)
{
	return run_command(&quiet, (char *const[]){ W"lvrename", W"-qq", W p->group, W volume, W name, NULL }, e);
}
