/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool_disk.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "core/random.h"
#include "core/text.h"
#include "storage.h"
#include "sys/file.h"
#include "sys/run.h"

#define W (char *)
#define MIB (UINT64_C(1024) * 1024)
#define LEAST (128 * MIB)
/* As the installer leaves it: room for more metadata, and to repair them. */
#define THIN_SIZE "98%FREE"
#define THIN_NAME "pool"

static struct log quiet = { .fd = -1 };

/* The disk that a partition is on; false: it is a disk itself. */
static bool whole_disk(const char *path, char ret[PATH_MAX])
{
	char link[PATH_MAX], real[PATH_MAX], copy[PATH_MAX];

	if (!realpath(path, real))
		return false;
	snprintf(link, sizeof(link), "/sys/class/block/%s/partition", basename(strcpy(copy, real)));
	if (access(link, F_OK) < 0)
		return false;
	snprintf(link, sizeof(link), "/sys/class/block/%s", basename(strcpy(copy, real)));
	if (!realpath(link, real))
		return false;
	snprintf(ret, PATH_MAX, "/dev/%s", basename(dirname(real)));
	return true;
}

/* Whoever mounts a disk or a part of it, or holds it otherwise, holds the whole. */
static int take(const char *path, struct err *e)
{
	char whole[PATH_MAX];
	int fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	bool mine = fd >= 0;

	if (fd >= 0)
		close(fd);
	if (mine && whole_disk(path, whole)) {
		fd = open(whole, O_RDONLY | O_EXCL | O_CLOEXEC);
		mine = fd >= 0;
		if (mine)
			close(fd);
		else if (errno == EBUSY)
			return err_set(e, COMMAND_REFUSED, "%s is on %s, of which another part is in use", path, whole);
	}
	if (mine)
		return 0;
	return err_set(e, COMMAND_REFUSED, errno == EBUSY ? "%s is in use: it, or a part of it, is mounted or holds storage" : "%s cannot be opened",
		       path);
}

static void probe(blkid_probe p, struct pool_disk *ret)
{
	const char *value;
	int r;

	blkid_probe_enable_partitions(p, 1);
	blkid_probe_set_superblocks_flags(p, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_UUID);
	r = blkid_do_safeprobe(p);
	if (r == -2)
		strcpy(ret->content, "more than one thing");
	if (r == 0 && (!blkid_probe_lookup_value(p, "TYPE", &value, NULL) || !blkid_probe_lookup_value(p, "PTTYPE", &value, NULL)))
		text_copy(ret->content, sizeof(ret->content), value);
	if (r == 0 && !blkid_probe_lookup_value(p, "UUID", &value, NULL))
		text_copy(ret->uuid, sizeof(ret->uuid), value);
}

int pool_disk_look(struct pool_disk *ret, const char *path, struct err *e)
{
	char size[32];
	struct stat st;
	blkid_probe p;

	*ret = (struct pool_disk){ 0 };
	if (stat(path, &st) < 0)
		return err_set(e, COMMAND_REFUSED, "%.200s: %s", path, strerror(errno));
	if (!S_ISBLK(st.st_mode) || !text_copy(ret->path, sizeof(ret->path), path))
		return err_set(e, COMMAND_REFUSED, "%.200s is not a disk; write one like /dev/sdb (see: dolmen storage disks)", path);
	if (take(path, e))
		return e->code;
	p = blkid_new_probe_from_filename(path);
	if (!p)
		return err_set(e, -EIO, "%s cannot be read", path);
	ret->bytes = (uint64_t)blkid_probe_get_size(p);
	probe(p, ret);
	blkid_free_probe(p);
	if (ret->bytes < LEAST)
		return err_set(e, COMMAND_REFUSED, "%s has %s; a pool wants 128 MiB at least", path, text_size(ret->bytes, size, sizeof(size)));
	return 0;
}

/* Whatever libblkid knows, and the ends, where most things begin. */
static int wipe(const struct pool_disk *d, struct err *e)
{
	static const char zeros[1 << 20];
	int fd = open(d->path, O_RDWR | O_EXCL | O_CLOEXEC), rc;
	blkid_probe p;

	if (fd < 0)
		return err_set(e, -errno, "%s: %s", d->path, strerror(errno));
	p = blkid_new_probe();
	if (p && !blkid_probe_set_device(p, fd, 0, 0)) {
		blkid_probe_enable_partitions(p, 1);
		blkid_probe_set_partitions_flags(p, BLKID_PARTS_MAGIC);
		blkid_probe_set_superblocks_flags(p, BLKID_SUBLKS_MAGIC);
		while (!blkid_do_probe(p) && !blkid_do_wipe(p, 0))
			;
	}
	blkid_free_probe(p);
	rc = file_pwrite_all(fd, zeros, sizeof(zeros), 0, d->path, e);
	if (!rc)
		rc = file_pwrite_all(fd, zeros, sizeof(zeros), (d->bytes - sizeof(zeros)) / 4096 * 4096, d->path, e);
	if (!rc && fsync(fd) < 0)
		rc = err_set(e, -errno, "%s: %s", d->path, strerror(errno));
	ioctl(fd, BLKRRPART);	/* a partition has none, and says so */
	close(fd);
	return rc;
}

static void draw(uint8_t *to, size_t n)
{
	while (getrandom(to, n, 0) != (ssize_t)n)
		;
}

static int make_group(struct pool *p, const struct pool_disk *d, struct err *e)
{
	char *const remove[] = { W"vgremove", W"-qq", W"-ff", W"--yes", p->group, NULL };
	char *const clear[] = { W"pvremove", W"-qq", W"-ff", W"--yes", W d->path, NULL };
	struct err ignored;
	uint8_t id[4];
	int rc;

	draw(id, sizeof(id));
	snprintf(p->group, sizeof(p->group), "dolmen-%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
	text_copy(p->thin, sizeof(p->thin), p->kind == POOL_THIN ? THIN_NAME : "");
	rc = run_command(&quiet, (char *const[]){ W"pvcreate", W"-qq", W"-ff", W"--yes", W d->path, NULL }, e);
	if (rc)
		return rc;
	rc = run_command(&quiet, (char *const[]){ W"vgcreate", W"-qq", W"--yes", p->group, W d->path, NULL }, e);
	if (!rc && p->kind == POOL_THIN) {
		run_command(&quiet, (char *const[]){ W"modprobe", W"-qa", W"dm_mod", W"dm_thin_pool", NULL }, &ignored);
		rc = run_command(&quiet, (char *const[]){ W"lvcreate", W"-qq", W"--yes", W"--type", W"thin-pool", W"--extents", W THIN_SIZE,
				 W"--name", p->thin, p->group, NULL }, e);
		if (rc)
			run_command(&quiet, remove, &ignored);
	}
	if (rc)
		run_command(&quiet, clear, &ignored);
	return rc;
}

static int make_ext(struct pool *p, const char *path, struct err *e)
{
	struct random r = { 0 };

	draw(r.bytes, 16);
	random_guid(&r, p->source);
	return run_command(&quiet, (char *const[]){ W"mke2fs", W"-q", W"-F", W"-t", W"ext4", W"-m", W"0", W"-U", p->source, W path, NULL }, e);
}

int pool_disk_make(struct pool *p, const struct pool_disk *d, struct err *e)
{
	int rc = wipe(d, e);

	return rc ? rc : p->kind == POOL_EXT ? make_ext(p, d->path, e) : make_group(p, d, e);
}

/* A name, not a complaint. */
static void take_name(void *user, const char *line)
{
	if (!strchr(line, ' '))
		text_copy(user, 64, line);
}

/* "": there is none. */
static int ask_name(char *const argv[], char ret[64], struct err *e)
{
	ret[0] = 0;
	return run_command_lines(&quiet, argv, take_name, ret, e);
}

int pool_disk_take(struct pool *p, const struct pool_disk *d, struct err *e)
{
	int rc = 0;

	if (strcmp(d->content, p->kind == POOL_EXT ? "ext4" : "LVM2_member") != 0)
		return err_set(e, COMMAND_REFUSED, "there is %s%.60s on %s, which is no pool of kind %s", *d->content ? "" : "nothing", d->content,
			       d->path, pool_kind_text[p->kind]);
	if (p->kind == POOL_EXT) {
		text_copy(p->source, sizeof(p->source), d->uuid);
		return 0;
	}
	rc = ask_name((char *const[]){ W"pvs", W"--noheadings", W"-o", W"vg_name", W d->path, NULL }, p->group, e);
	if (!rc && !*p->group)
		rc = err_set(e, COMMAND_REFUSED, "%s is in no volume group", d->path);
	if (!rc && p->kind == POOL_THIN)
		rc = ask_name((char *const[]){ W"lvs", W"--noheadings", W"-o", W"lv_name", W"--select", W"lv_attr=~\"^t\"", p->group, NULL },
			      p->thin, e);
	if (!rc && p->kind == POOL_THIN && !*p->thin)
		rc = err_set(e, COMMAND_REFUSED, "volume group %s has no thin pool; it may be a pool of kind lvm", p->group);
	return rc;
}

int pool_disk_extend(const struct pool *p, const struct pool_disk *d, struct err *e)
{
	char thin[160];
	int rc = wipe(d, e);

	if (!rc)
		rc = run_command(&quiet, (char *const[]){ W"vgextend", W"-qq", W"--yes", W p->group, W d->path, NULL }, e);
	snprintf(thin, sizeof(thin), "%s/%s", p->group, p->thin);
	if (!rc && p->kind == POOL_THIN)
		rc = run_command(&quiet, (char *const[]){ W"lvextend", W"-qq", W"--yes", W"--extents", W"+" THIN_SIZE, thin, NULL }, e);
	return rc;
}

void pool_device(const char *uuid, char ret[256])
{
	blkid_cache cache = NULL;
	char *name = NULL;

	/* A cache of before would lie. */
	if (!blkid_get_cache(&cache, "/dev/null"))
		name = blkid_get_devname(cache, "UUID", uuid);
	text_copy(ret, 256, name ? name : "");
	free(name);
	if (cache)
		blkid_put_cache(cache);
}

static int erase_ext(const struct pool *p, struct err *e)
{
	struct pool_disk d;
	char device[256];
	int rc;

	pool_device(p->source, device);
	if (!*device)
		return err_set(e, -ENODEV, "no disk carries UUID %s of pool %s", p->source, p->name);
	if (!strncmp(device, "/dev/mapper/", 12))
		return run_command(&quiet, (char *const[]){ W"lvremove", W"-qq", W"--yes", device, NULL }, e);
	rc = pool_disk_look(&d, device, e);
	return rc ? rc : wipe(&d, e);
}

struct members {
	unsigned n;
	char path[32][256];
};

static void add_member(void *user, const char *line)
{
	struct members *m = user;

	if (m->n < 32 && *line == '/' && !strchr(line, ' '))
		text_copy(m->path[m->n++], sizeof(m->path[0]), line);
}

int pool_disk_erase(const struct pool *p, struct err *e)
{
	static struct members m;
	int rc;

	if (p->kind == POOL_EXT)
		return erase_ext(p, e);
	m.n = 0;
	rc = run_command_lines(&quiet, (char *const[]){ W"vgs", W"--noheadings", W"-o", W"pv_name", W p->group, NULL }, add_member, &m, e);
	if (!rc)
		rc = run_command(&quiet, (char *const[]){ W"vgremove", W"-qq", W"-ff", W"--yes", W p->group, NULL }, e);
	for (unsigned i = 0; i < m.n && !rc; i++)
		rc = run_command(&quiet, (char *const[]){ W"pvremove", W"-qq", W"--yes", m.path[i], NULL }, e);
	return rc;
}

int pool_volume_make(struct pool *p, const struct pool *in, uint64_t bytes, struct err *e)
{
	char name[VOLUME_NAME], path[VOLUME_PATH];
	struct err ignored;
	int rc;

	snprintf(name, sizeof(name), "pool-%s", p->name);
	rc = storage_create_volume(in, name, bytes, path, e);
	if (rc)
		return rc;
	rc = make_ext(p, path, e);
	if (rc)
		storage_remove(in, name, &ignored);
	return rc;
}
