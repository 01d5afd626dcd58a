/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GUID partition table as bytes (UEFI specification 2.10, section 5.3). libparted draws its own GUIDs;
 * a plan has fixed them already, so they are put into the table it wrote and the checksums made right.
 */
#ifndef DOLMEN_CORE_GPT_H
#define DOLMEN_CORE_GPT_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define GPT_BIOS_BOOT  "21686148-6449-6e6f-744e-656564454649"
#define GPT_ESP        "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
#define GPT_LINUX      "0fc63daf-8483-4772-8e79-3d69d8477de4"
#define GPT_LINUX_RAID "a19d880f-05fc-4d3b-a006-743f0f84911e"
#define GPT_LINUX_LVM  "e6d6d379-f507-44c2-a23c-238f2a3df928"

struct gpt_header_info {
	uint64_t my_lba, alternate_lba, first_usable, last_usable, entries_lba;
	uint32_t entries, entry_bytes;
};

struct gpt_entry {
	char type[37], guid[37];
	uint64_t first, last;
};

uint32_t gpt_crc32(const void *data, size_t n);
/* Text to the mixed-endian 16 bytes on disk; 0 or -EINVAL. */
int gpt_guid_parse(const char *text, uint8_t ret_raw[16]);
void gpt_guid_format(const uint8_t raw[16], char ret_text[37]);

/* Checks signature and checksum of the header in `sector` (sector_bytes long). */
int gpt_header_read(const uint8_t *sector, size_t sector_bytes, struct gpt_header_info *ret, struct err *e);
/* The entry array (entries * entry_bytes) must fit the header's checksum. */
int gpt_entries_check(const uint8_t *sector, const uint8_t *entries, size_t n, struct err *e);
/* Partition `number` (1..); -ENOENT when there is none. */
int gpt_get_entry(const uint8_t *entries, uint32_t count, uint32_t entry_bytes, unsigned number, struct gpt_entry *ret,
		  struct err *e);
/* Sets the GUID of partition `number` (1..) if there is one; -ENOENT else. */
int gpt_set_guid(uint8_t *entries, uint32_t entry_bytes, unsigned number, const char *guid, struct err *e);
/* Sets the attributes of partition `number`, which is there. */
void gpt_set_flags(uint8_t *entries, uint32_t entry_bytes, unsigned number, uint64_t flags);
/* Sets the disk's GUID in the header and makes both checksums right. */
int gpt_seal(uint8_t *sector, const uint8_t *entries, size_t n, const char *disk_guid, struct err *e);

#endif
