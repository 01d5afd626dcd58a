/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the partitions of an installed disk stand. GPT, everything on 1 MiB boundaries; starts and sizes in
 * logical sectors of the disk, so the arithmetic is in bytes and holds for 512 and 4096 alike.
 */
#ifndef DOLMEN_CORE_LAYOUT_H
#define DOLMEN_CORE_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

#define LAYOUT_MIN_DISK (UINT64_C(8) << 30)

enum layout_part {
	PART_BIOS = 1,
	PART_ESP,
	PART_BOOT_A,
	PART_BOOT_B,
	PART_ROOT_A,
	PART_ROOT_B,
	PART_STATE,
	PART_STORAGE,
	PART_MAX = PART_STORAGE
};

struct layout_extent {
	const char *label, *type_guid, *type_name;
	uint64_t start, sectors;	/* sectors == 0: there is no such partition */
};

struct layout {
	struct layout_extent part[PART_MAX + 1];	/* by enum layout_part; [0] unused */
};

/* Name and types of a partition; start and sectors 0. */
struct layout_extent layout_kind(enum layout_part part);

/*
 * Everything stands behind the first `taken` bytes of the disk, which are somebody else's (0: none are). -ENOSPC when
 * the disk without them is smaller than LAYOUT_MIN_DISK; -EINVAL for sectors other than 512 and 4096.
 */
int layout_make(struct layout *l, uint64_t disk_bytes, uint64_t taken, uint32_t sector, bool storage, bool lvm, struct err *e);

#endif
