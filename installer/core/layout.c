/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "gpt.h"

#define MIB (UINT64_C(1) << 20)

/*
 * A FAT32 needs 65525 clusters (Microsoft's FAT specification, 3.5): with sectors of 4096 bytes that is a
 * little over 256 MiB, so the FAT partitions are larger on such disks.
 */
static const struct {
	const char *label, *type_guid, *type_name;
	uint64_t mib, mib_4k;		/* 0: the rest of the disk */
} table[PART_MAX + 1] = {
	[PART_BIOS] = { "dolmen-bios", GPT_BIOS_BOOT, "BIOS boot", 1, 1 },
	[PART_ESP] = { "dolmen-esp", GPT_ESP, "EFI system", 256, 264 },
	[PART_BOOT_A] = { "dolmen-boot-a", GPT_LINUX, "Linux", 128, 264 },
	[PART_BOOT_B] = { "dolmen-boot-b", GPT_LINUX, "Linux", 128, 264 },
	[PART_ROOT_A] = { "dolmen-root-a", GPT_LINUX, "Linux", 1024, 1024 },
	[PART_ROOT_B] = { "dolmen-root-b", GPT_LINUX, "Linux", 1024, 1024 },
	[PART_STATE] = { "dolmen-state", GPT_LINUX, "Linux", 4096, 4096 },
	[PART_STORAGE] = { "dolmen-storage", GPT_LINUX, "Linux", 0, 0 },
};

struct layout_extent layout_kind(enum layout_part part)
{
	return (struct layout_extent){ .label = table[part].label, .type_guid = table[part].type_guid,
				       .type_name = table[part].type_name };
}

int layout_make(struct layout *l, uint64_t disk_bytes, uint64_t taken, uint32_t sector, bool storage, bool lvm, struct err *e)
{
	uint64_t at = taken > MIB ? (taken + MIB - 1) / MIB * MIB : MIB, end;

	memset(l, 0, sizeof(*l));
	if (sector != 512 && sector != 4096)
		return err_set(e, -EINVAL, "the disk has sectors of %" PRIu32 " bytes; only 512 and 4096 are supported",
			       sector);
	if (disk_bytes < LAYOUT_MIN_DISK)
		return err_set(e, -ENOSPC, "the disk has %" PRIu64 " bytes; at least %" PRIu64 " (8 GiB) are needed",
			       disk_bytes, LAYOUT_MIN_DISK);
	if (at >= disk_bytes || disk_bytes - at + MIB < LAYOUT_MIN_DISK)
		return err_set(e, -ENOSPC, "the partition that is kept ends at byte %" PRIu64 ", which leaves less than 8 GiB of the disk",
			       taken);
	/* The last MiB is left for the backup table (33 sectors of 512, 5 of 4096). */
	end = disk_bytes / MIB * MIB - MIB;
	for (unsigned i = 1; i <= PART_MAX; i++) {
		struct layout_extent *x = &l->part[i];
		uint64_t size = (sector == 512 ? table[i].mib : table[i].mib_4k) * MIB;

		*x = layout_kind((enum layout_part)i);
		if (i == PART_STORAGE) {
			if (!storage)
				continue;
			size = end - at;
			if (lvm) {
				x->type_guid = GPT_LINUX_LVM;
				x->type_name = "Linux LVM";
			}
		}
		x->start = at / sector;
		x->sectors = size / sector;
		at += size;
	}
	return 0;
}
