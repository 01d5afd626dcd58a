/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partition table of a target: written, given its GUIDs, shown by the kernel; or only looked at. */
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <parted/parted.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/gpt.h"
#include "core/text.h"
#include "disk.h"
#include "file.h"

static char parted_said[300];

static PedExceptionOption on_exception(PedException *ex)
{
	text_copy(parted_said, sizeof(parted_said), ex->message);
	for (char *c = parted_said; *c; c++)
		if (*c == '\n')
			*c = ' ';
	/* Warnings about the kernel's view do not matter: it is told separately. What cannot be read or written does. */
	return ex->type <= PED_EXCEPTION_WARNING && ex->options & PED_EXCEPTION_IGNORE ? PED_EXCEPTION_IGNORE : PED_EXCEPTION_UNHANDLED;
}

static int parted_failed(const char *path, const char *what, struct err *e)
{
	return err_set(e, -EIO, "%s: partition table (%s): %s", path, what, *parted_said ? parted_said : "libparted gives no reason");
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

static int make_table(const struct plan_target *t, struct err *e)
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
	for (unsigned i = 0; !rc && i <= PART_MAX; i++)
		if (t->part[i].at.sectors)
			rc = add_partition(disk, &t->part[i], e);
	if (!rc && !ped_disk_commit_to_dev(disk))
		rc = parted_failed(t->disk.path, "writing the table", e);
	if (disk)
		ped_disk_destroy(disk);
	ped_device_destroy(dev);
	return rc;
}

/* One copy of the table, checked. The caller frees ret->entries. */
struct copy {
	uint64_t lba;
	uint8_t sector[4096], *entries;
	size_t bytes;
	struct gpt_header_info h;
};

static int copy_read(const struct plan_target *t, int fd, uint64_t lba, struct copy *ret, struct err *e)
{
	uint32_t ss = t->disk.sector;
	int rc = file_pread_all(fd, ret->sector, ss, lba * ss, t->disk.path, e);

	ret->lba = lba;
	ret->entries = NULL;
	if (!rc)
		rc = gpt_header_read(ret->sector, ss, &ret->h, e);
	if (rc)
		return rc;
	ret->bytes = (size_t)ret->h.entries * ret->h.entry_bytes;
	ret->entries = malloc(ret->bytes);
	if (!ret->entries)
		return err_set(e, -ENOMEM, "out of memory");
	rc = file_pread_all(fd, ret->entries, ret->bytes, ret->h.entries_lba * ss, t->disk.path, e);
	return rc ? rc : gpt_entries_check(ret->sector, ret->entries, ret->bytes, e);
}

/* The plan's GUIDs are put into the copy at lba. */
static int patch_copy(const struct plan_target *t, int fd, uint64_t lba, uint64_t *ret_alternate, struct err *e)
{
	uint32_t ss = t->disk.sector;
	struct copy c;
	int rc = copy_read(t, fd, lba, &c, e);

	for (unsigned i = 0; !rc && i <= PART_MAX; i++)
		if (t->part[i].at.sectors)
			rc = gpt_set_guid(c.entries, c.h.entry_bytes, t->part[i].number, t->part[i].guid, e);
	if (!rc && t->part[0].at.sectors)
		gpt_set_flags(c.entries, c.h.entry_bytes, t->part[0].number, t->part[0].flags);
	if (!rc)
		rc = gpt_seal(c.sector, c.entries, c.bytes, t->disk_guid, e);
	if (!rc)
		rc = file_pwrite_all(fd, c.entries, c.bytes, c.h.entries_lba * ss, t->disk.path, e);
	if (!rc)
		rc = file_pwrite_all(fd, c.sector, ss, lba * ss, t->disk.path, e);
	if (!rc)
		*ret_alternate = c.h.alternate_lba;
	free(c.entries);
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

/* Of the partitions up to `last`; NULL: all are shown. */
static const struct plan_partition *first_missing(const struct plan_target *t, unsigned last)
{
	for (unsigned i = 0; i <= last; i++)
		if (t->part[i].at.sectors && !part_is_shown(t, i))
			return &t->part[i];
	return NULL;
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
	for (int i = 0; i <= PART_MAX; i++) {
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
	const struct plan_partition *missing = NULL;

	if (fd < 0)
		return fd;
	for (int try = 0; try < 100; try++) {
		if (try == 0 || try == 20)
			ioctl(fd, BLKRRPART, 0);
		if ((try == 0 && first_missing(t, PART_MAX)) || try == 40)
			tell_one_by_one(t, fd);
		missing = first_missing(t, PART_MAX);
		if (!missing)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	}
	close(fd);
	if (missing)
		return err_set(e, -ETIMEDOUT, "%s: the kernel does not show the new partition %s; is the disk in use?",
			       t->disk.path, missing->node);
	return 0;
}

int table_write(const struct plan_target *t, struct log *l, struct err *e)
{
	int rc;

	rc = make_table(t, e);
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

/* The partitions of one copy, up to `last`, are those of the plan. */
static int check_copy(const struct plan_target *t, unsigned last, int fd, uint64_t lba, uint64_t *ret_alternate, struct err *e)
{
	struct copy c;
	struct gpt_entry en;
	int rc = copy_read(t, fd, lba, &c, e);

	for (unsigned i = 0; !rc && i <= last; i++) {
		const struct plan_partition *pp = &t->part[i];

		if (!pp->at.sectors)
			continue;
		rc = gpt_get_entry(c.entries, c.h.entries, c.h.entry_bytes, pp->number, &en, e);
		if (!rc && (strcmp(en.guid, pp->guid) != 0 || en.first != pp->at.start || en.last != pp->at.start + pp->at.sectors - 1))
			rc = err_set(e, -ESTALE, "partition %u (%s) is not the one that was found when the plan was made", pp->number,
				     pp->at.label);
	}
	if (!rc)
		*ret_alternate = c.h.alternate_lba;
	free(c.entries);
	return rc;
}

int table_check(const struct plan_target *t, unsigned last, struct err *e)
{
	uint64_t backup = 0, primary = 0;
	const struct plan_partition *missing = first_missing(t, last);
	int fd = disk_open(t->disk.path, O_RDONLY, e), rc;

	if (fd < 0)
		return fd;
	rc = check_copy(t, last, fd, 1, &backup, e);
	if (!rc)
		rc = check_copy(t, last, fd, backup, &primary, e);
	close(fd);
	if (!rc && primary != 1)
		rc = err_set(e, -EBADMSG, "its two copies disagree");
	if (!rc && missing)
		rc = err_set(e, -ENODEV, "the kernel does not show %s", missing->node);
	return rc ? err_prefix(e, "%s: partition table: ", t->disk.path) : 0;
}
