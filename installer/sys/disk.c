/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <linux/major.h>
#include <linux/raid/md_u.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/mbr.h"
#include "file.h"
#include "run.h"

int disk_open(const char *path, int flags, struct err *e)
{
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : fd;
}

int disk_done(int fd, const char *path, int rc, struct err *e)
{
	if (!rc && fsync(fd) < 0)
		rc = err_set(e, -errno, "%s: writing to the disk: %s", path, strerror(errno));
	if (close(fd) < 0 && !rc)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	return rc;
}

/* Whether another disk has come into the place of the one that was looked at. */
static bool disk_exchanged(const struct disk *d)
{
	char path[160], text[32];

	snprintf(path, sizeof(path), "/sys/block/%.32s/diskseq", d->name);
	return d->sequence && file_read_line(path, text, sizeof(text)) && strtoull(text, NULL, 10) != d->sequence;
}

int disk_check(const struct disk *d, struct err *e)
{
	uint64_t bytes = 0;
	int fd, sector = 0, rc = 0;

	fd = open(d->path, O_RDWR | O_EXCL | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s: %s", d->path,
			       errno == EBUSY ? "in use (mounted, or part of a volume group or RAID set); release it, or name another disk" : strerror(errno));
	if (disk_exchanged(d))
		rc = err_set(e, -ESTALE, "%s: is another disk than the one that the plan was made for; start the installer again", d->path);
	else if (ioctl(fd, BLKGETSIZE64, &bytes) < 0 || ioctl(fd, BLKSSZGET, &sector) < 0)
		rc = err_set(e, -errno, "%s: not a block device", d->path);
	else if (bytes != d->bytes || (uint32_t)sector != d->sector)
		rc = err_set(e, -ESTALE, "%s: has now %" PRIu64 " bytes in sectors of %d, not %" PRIu64 " in sectors of %" PRIu32 "; start the installer again",
			     d->path, bytes, sector, d->bytes, d->sector);
	close(fd);
	return rc;
}

int disk_zero(const struct plan_wipe *w, struct err *e)
{
	static uint8_t zero[1 << 20];	/* const, it would be bytes of the program */
	int fd = disk_open(w->disk, O_WRONLY, e), rc = 0;

	if (fd < 0)
		return fd;
	for (uint64_t done = 0; !rc && done < w->bytes; done += sizeof(zero))
		rc = file_pwrite_all(fd, zero, w->bytes - done < sizeof(zero) ? (size_t)(w->bytes - done) : sizeof(zero),
				     w->start + done, w->disk, e);
	return disk_done(fd, w->disk, rc, e);
}

static void release_holder(const char *name, struct log *l)
{
	char path[160], dm[128];
	struct err e = { 0 };
	int fd;

	snprintf(path, sizeof(path), "/sys/block/%s/dm/name", name);
	if (file_read_line(path, dm, sizeof(dm))) {
		char *argv[] = { (char *)"dmsetup", (char *)"remove", (char *)"--retry", (char *)"--noudevsync", dm, NULL };

		if (run_command(l, argv, &e))
			log_error(l, "disk", "%s", e.msg);
	} else if (!strncmp(name, "md", 2)) {
		snprintf(path, sizeof(path), "/dev/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			log_info(l, "disk", "stopping %s", path);
			if (ioctl(fd, STOP_ARRAY, NULL) < 0)
				log_error(l, "disk", "%s: %s", path, strerror(errno));
			close(fd);
		}
	}
}

/* Holders may be held themselves (LVM on RAID): the top is released first. */
static void release_holders(const char *dir, unsigned depth, struct log *l)
{
	char sub[400];
	struct dirent *de;
	DIR *d = opendir(dir);

	if (!d)
		return;
	while ((de = readdir(d))) {
		if (de->d_name[0] == '.')
			continue;
		snprintf(sub, sizeof(sub), "/sys/block/%.64s/holders", de->d_name);
		if (depth < 4)
			release_holders(sub, depth + 1, l);
		release_holder(de->d_name, l);
	}
	closedir(d);
}

int disk_release(const struct disk *d, struct log *l, struct err *e)
{
	char path[400];
	struct dirent *de;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/block/%s/holders", d->name);
	release_holders(path, 0, l);
	snprintf(path, sizeof(path), "/sys/block/%s", d->name);
	dir = opendir(path);
	while (dir && (de = readdir(dir))) {
		if (strncmp(de->d_name, d->name, strlen(d->name)) != 0)
			continue;
		snprintf(path, sizeof(path), "/sys/block/%s/%s/holders", d->name, de->d_name);
		release_holders(path, 0, l);
	}
	if (dir)
		closedir(dir);
	(void)e;
	return 0;
}

/* The first sector is changed inside a read-modify-write of 4096 bytes, which suits every sector size. */
static int change_mbr(const char *path, int (*change)(uint8_t *sector, void *user, struct err *e), void *user, struct err *e)
{
	uint8_t first[4096];
	int fd = disk_open(path, O_RDWR, e), rc;

	if (fd < 0)
		return fd;
	rc = file_pread_all(fd, first, sizeof(first), 0, path, e);
	if (!rc)
		rc = change(first, user, e);
	if (!rc)
		rc = file_pwrite_all(fd, first, sizeof(first), 0, path, e);
	return disk_done(fd, path, rc, e);
}

static int put_stub(uint8_t *sector, void *user, struct err *e)
{
	(void)user, (void)e;
	mbr_put_stub(sector);
	return 0;
}

int disk_write_stub(const char *path, struct err *e)
{
	return change_mbr(path, put_stub, NULL, e);
}

struct grub_files {
	char *boot;
	size_t boot_bytes;
	uint64_t core_lba;
};

static int put_grub(uint8_t *sector, void *user, struct err *e)
{
	struct grub_files *g = user;

	return mbr_put_grub(sector, (const uint8_t *)g->boot, g->boot_bytes, g->core_lba, e);
}

void disk_core_name(const struct plan_target *t, char *buf, size_t size)
{
	if (t->part[PART_ESP].number == 2)
		snprintf(buf, size, "core.img");
	else
		snprintf(buf, size, "core-gpt%u.img", t->part[PART_ESP].number);
}

int disk_write_grub(const struct plan_target *t, const char *boot_files, struct err *e)
{
	const struct plan_partition *part = &t->part[PART_BIOS];
	struct grub_files g = { .core_lba = part->at.start };
	char path[300], name[32], *core = NULL, *back = NULL;
	size_t core_bytes = 0;
	int fd = -1, rc;

	snprintf(path, sizeof(path), "%s/boot.img", boot_files);
	rc = file_read(path, 512, &g.boot, &g.boot_bytes, e);
	if (rc)
		goto out;
	disk_core_name(t, name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", boot_files, name);
	rc = file_read(path, 1 << 20, &core, &core_bytes, e);
	if (rc)
		goto out;
	rc = mbr_patch_core((uint8_t *)core, core_bytes, g.core_lba, part->at.sectors * t->disk.sector, e);
	if (rc)
		goto out;
	rc = fd = disk_open(part->node, O_RDWR, e);
	if (rc < 0)
		goto out;
	back = malloc(core_bytes);
	rc = back ? file_pwrite_all(fd, core, core_bytes, 0, part->node, e) : err_set(e, -ENOMEM, "out of memory");
	if (!rc && fsync(fd) < 0)
		rc = err_set(e, -errno, "%s: %s", part->node, strerror(errno));
	ioctl(fd, BLKFLSBUF, 0);
	if (!rc)
		rc = file_pread_all(fd, back, core_bytes, 0, part->node, e);
	if (!rc && memcmp(core, back, core_bytes) != 0)
		rc = err_set(e, -EBADMSG, "%s: GRUB reads back different from what was written; the disk may be failing", part->node);
	rc = disk_done(fd, part->node, rc, e);
	if (!rc)
		rc = change_mbr(t->disk.path, put_grub, &g, e);
out:
	free(g.boot);
	free(core);
	free(back);
	return rc;
}
