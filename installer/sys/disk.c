/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <linux/major.h>
#include <linux/raid/md_u.h>
#include <parted/parted.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/gpt.h"
#include "core/mbr.h"
#include "core/text.h"
#include "file.h"
#include "run.h"

static int disk_open(const char *path, int flags, struct err *e)
{
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : fd;
}

/* Close, and say what closing says. */
static int disk_done(int fd, const char *path, int rc, struct err *e)
{
	if (!rc && fsync(fd) < 0)
		rc = err_set(e, -errno, "%s: writing to the disk: %s", path, strerror(errno));
	if (close(fd) < 0 && !rc)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	return rc;
}

int disk_check(const struct disk *d, struct err *e)
{
	uint64_t bytes = 0;
	int fd, sector = 0, rc = 0;

	fd = open(d->path, O_RDWR | O_EXCL | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s: %s", d->path,
			       errno == EBUSY ? "in use (mounted, or part of a volume group or RAID set)" : strerror(errno));
	if (ioctl(fd, BLKGETSIZE64, &bytes) < 0 || ioctl(fd, BLKSSZGET, &sector) < 0)
		rc = err_set(e, -errno, "%s: not a block device", d->path);
	else if (bytes != d->bytes || (uint32_t)sector != d->sector)
		rc = err_set(e, -ESTALE, "%s: has now %" PRIu64 " bytes in sectors of %d, not %" PRIu64 " in sectors of %" PRIu32,
			     d->path, bytes, sector, d->bytes, d->sector);
	close(fd);
	return rc;
}

int disk_zero(const struct plan_wipe *w, struct err *e)
{
	static const uint8_t zero[1 << 20];
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

int disk_write_grub(const struct plan_target *t, const char *boot_files, struct err *e)
{
	const struct plan_partition *part = &t->part[PART_BIOS];
	struct grub_files g = { .core_lba = part->at.start };
	char path[300], *core = NULL, *back = NULL;
	size_t core_bytes = 0;
	int fd = -1, rc;

	snprintf(path, sizeof(path), "%s/boot.img", boot_files);
	rc = file_read(path, 512, &g.boot, &g.boot_bytes, e);
	if (rc)
		goto out;
	snprintf(path, sizeof(path), "%s/core.img", boot_files);
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

/* ---- partition table ---- */

static char parted_said[300];

static PedExceptionOption on_exception(PedException *ex)
{
	text_copy(parted_said, sizeof(parted_said), ex->message);
	for (char *c = parted_said; *c; c++)
		if (*c == '\n')
			*c = ' ';
	/* Warnings about the kernel's view do not matter: it is told separately. */
	return ex->options & PED_EXCEPTION_IGNORE ? PED_EXCEPTION_IGNORE : PED_EXCEPTION_UNHANDLED;
}

static int parted_failed(const char *path, const char *what, struct err *e)
{
	return err_set(e, -EIO, "%s: %s: %s", path, what, *parted_said ? parted_said : "libparted gives no reason");
}

static int add_partition(PedDisk *disk, const struct plan_partition *pp, struct err *e)
{
	PedSector start = (PedSector)pp->at.start, len = (PedSector)pp->at.sectors;
	PedGeometry *geom = ped_geometry_new(disk->dev, start, len);
	PedConstraint *exact = geom ? ped_constraint_exact(geom) : NULL;
	PedPartition *part = geom ? ped_partition_new(disk, PED_PARTITION_NORMAL, NULL, start, start + len - 1) : NULL;
	uint8_t uuid[16];
	int rc = 0;

	/* libparted takes the type as text order, GPT stores the first three fields the other way round */
	if (!exact || !part) {
		rc = parted_failed(disk->dev->path, pp->at.label, e);
		goto out;
	}
	for (unsigned i = 0; i < 16; i++) {
		char pair[3];
		static const uint8_t at[16] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };

		memcpy(pair, pp->at.type_guid + at[i], 2);
		pair[2] = 0;
		uuid[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	if (!ped_partition_set_name(part, pp->at.label) || !ped_partition_set_type_uuid(part, uuid) ||
	    !ped_disk_add_partition(disk, part, exact)) {
		rc = parted_failed(disk->dev->path, pp->at.label, e);
		goto out;
	}
	part = NULL;	/* the disk's now */
out:
	if (part)
		ped_partition_destroy(part);
	if (exact)
		ped_constraint_destroy(exact);
	if (geom)
		ped_geometry_destroy(geom);
	return rc;
}

static int write_table(const struct plan_target *t, struct err *e)
{
	PedDevice *dev;
	PedDisk *disk = NULL;
	int rc = 0;

	parted_said[0] = 0;
	ped_exception_set_handler(on_exception);
	dev = ped_device_get(t->disk.path);
	if (!dev)
		return parted_failed(t->disk.path, "cannot be opened", e);
	disk = ped_disk_new_fresh(dev, ped_disk_type_get("gpt"));
	if (!disk)
		rc = parted_failed(t->disk.path, "new table", e);
	for (unsigned i = 1; !rc && i <= PART_MAX; i++)
		if (t->part[i].at.sectors)
			rc = add_partition(disk, &t->part[i], e);
	if (!rc && !ped_disk_commit_to_dev(disk))
		rc = parted_failed(t->disk.path, "writing the table", e);
	if (disk)
		ped_disk_destroy(disk);
	ped_device_destroy(dev);
	return rc;
}

/* One copy of the table: at lba, with the plan's GUIDs put in. */
static int patch_copy(const struct plan_target *t, int fd, uint64_t lba, uint64_t *ret_alternate, struct err *e)
{
	uint32_t ss = t->disk.sector;
	struct gpt_header_info h;
	uint8_t sector[4096], *entries = NULL;
	size_t n;
	int rc;

	rc = file_pread_all(fd, sector, ss, lba * ss, t->disk.path, e);
	if (!rc)
		rc = gpt_header_read(sector, ss, &h, e);
	if (rc)
		return rc;
	n = (size_t)h.entries * h.entry_bytes;
	entries = malloc(n);
	if (!entries)
		return err_set(e, -ENOMEM, "out of memory");
	rc = file_pread_all(fd, entries, n, h.entries_lba * ss, t->disk.path, e);
	if (!rc)
		rc = gpt_entries_check(sector, entries, n, e);
	for (unsigned i = 1; !rc && i <= PART_MAX; i++)
		if (t->part[i].at.sectors)
			rc = gpt_set_guid(entries, h.entry_bytes, t->part[i].number, t->part[i].guid, e);
	if (!rc)
		rc = gpt_seal(sector, entries, n, t->disk_guid, e);
	if (!rc)
		rc = file_pwrite_all(fd, entries, n, h.entries_lba * ss, t->disk.path, e);
	if (!rc)
		rc = file_pwrite_all(fd, sector, ss, lba * ss, t->disk.path, e);
	*ret_alternate = h.alternate_lba;
	free(entries);
	return rc;
}

static int patch_guids(const struct plan_target *t, struct err *e)
{
	uint64_t backup = 0, primary = 0;
	int fd = disk_open(t->disk.path, O_RDWR, e), rc;

	if (fd < 0)
		return fd;
	rc = patch_copy(t, fd, 1, &backup, e);
	if (!rc)
		rc = patch_copy(t, fd, backup, &primary, e);
	if (rc)
		err_prefix(e, "%s: partition table: ", t->disk.path);
	else if (primary != 1)
		rc = err_set(e, -EBADMSG, "%s: the two copies of the partition table disagree", t->disk.path);
	return disk_done(fd, t->disk.path, rc, e);
}

/* The kernel shows partition i where the plan has it, and its node is there. */
static bool part_is_shown(const struct plan_target *t, unsigned i)
{
	const struct plan_partition *pp = &t->part[i];
	const char *name = pp->node + 5;
	char path[160], text[32];
	struct stat st;

	snprintf(path, sizeof(path), "/sys/block/%s/%s/start", t->disk.name, name);
	if (!file_read_line(path, text, sizeof(text)) || strtoull(text, NULL, 10) * 512 != pp->at.start * t->disk.sector)
		return false;
	snprintf(path, sizeof(path), "/sys/block/%s/%s/size", t->disk.name, name);
	if (!file_read_line(path, text, sizeof(text)) || strtoull(text, NULL, 10) * 512 != pp->at.sectors * t->disk.sector)
		return false;
	return stat(pp->node, &st) == 0 && S_ISBLK(st.st_mode);
}

static unsigned first_missing(const struct plan_target *t)
{
	for (unsigned i = 1; i <= PART_MAX; i++)
		if (t->part[i].at.sectors && !part_is_shown(t, i))
			return i;
	return 0;
}

static void tell_one_by_one(const struct plan_target *t, int fd)
{
	struct blkpg_partition bp;
	struct blkpg_ioctl_arg arg = { .datalen = sizeof(bp), .data = &bp };

	for (int i = 1; i <= 128; i++) {
		memset(&bp, 0, sizeof(bp));
		bp.pno = i;
		arg.op = BLKPG_DEL_PARTITION;
		ioctl(fd, BLKPG, &arg);
	}
	for (int i = 1; i <= PART_MAX; i++) {
		if (!t->part[i].at.sectors)
			continue;
		memset(&bp, 0, sizeof(bp));
		bp.pno = (int)t->part[i].number;
		bp.start = (long long)(t->part[i].at.start * t->disk.sector);
		bp.length = (long long)(t->part[i].at.sectors * t->disk.sector);
		arg.op = BLKPG_ADD_PARTITION;
		ioctl(fd, BLKPG, &arg);
	}
}

/* Not every kernel reads GPT by itself (build machines): then it is told. No udev: nodes come from devtmpfs. */
static int show_partitions(const struct plan_target *t, struct err *e)
{
	int fd = disk_open(t->disk.path, O_RDONLY, e);
	unsigned missing = 0;

	if (fd < 0)
		return fd;
	for (int try = 0; try < 100; try++) {
		if (try == 0 || try == 20)
			ioctl(fd, BLKRRPART, 0);
		if ((try == 0 && first_missing(t)) || try == 40)
			tell_one_by_one(t, fd);
		missing = first_missing(t);
		if (!missing)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	}
	close(fd);
	if (missing)
		return err_set(e, -ETIMEDOUT, "%s: the kernel does not show the new partition %s; is the disk in use?",
			       t->disk.path, t->part[missing].node);
	return 0;
}

int disk_partition(const struct plan_target *t, struct log *l, struct err *e)
{
	int rc;

	rc = write_table(t, e);
	if (!rc)
		rc = patch_guids(t, e);
	if (!rc)
		rc = disk_write_stub(t->disk.path, e);	/* whatever libparted thinks of boot code */
	if (!rc)
		rc = show_partitions(t, e);
	if (!rc)
		log_info(l, "disk", "%s: partition table %s written", t->disk.path, t->disk_guid);
	return rc;
}
