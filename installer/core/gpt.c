/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gpt.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* offsets in the header */
enum { H_SIZE = 12, H_CRC = 16, H_MY = 24, H_ALT = 32, H_FIRST = 40, H_LAST = 48, H_GUID = 56, H_ARRAY = 72,
       H_COUNT = 80, H_ENTRY = 84, H_ARRAY_CRC = 88 };

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return le32toh(v);
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return le64toh(v);
}

static void put32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, 4);
}

uint32_t gpt_crc32(const void *data, size_t n)
{
	const uint8_t *p = data;
	uint32_t c = UINT32_MAX;

	while (n--) {
		c ^= *p++;
		for (int k = 0; k < 8; k++)
			c = (c >> 1) ^ (UINT32_C(0xedb88320) & (0 - (c & 1)));
	}
	return ~c;
}

/* place of each text byte pair in the raw form: the first three fields are little-endian */
static const uint8_t guid_place[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

int gpt_guid_parse(const char *text, uint8_t ret_raw[16])
{
	const char *p = text;

	if (strlen(text) != 36)
		return -EINVAL;
	for (unsigned i = 0; i < 16; i++) {
		char pair[3] = { p[0], p[1], 0 };
		unsigned v;

		if (!text_only(pair, "0123456789abcdefABCDEF") || sscanf(pair, "%2x", &v) != 1)
			return -EINVAL;
		ret_raw[guid_place[i]] = (uint8_t)v;
		p += 2;
		if (i == 3 || i == 5 || i == 7 || i == 9)
			if (*p++ != '-')
				return -EINVAL;
	}
	return 0;
}

void gpt_guid_format(const uint8_t raw[16], char ret_text[37])
{
	size_t n = 0;

	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_text[n++] = '-';
		snprintf(ret_text + n, 3, "%02x", raw[guid_place[i]]);
		n += 2;
	}
}

int gpt_header_read(const uint8_t *sector, size_t sector_bytes, struct gpt_header_info *ret, struct err *e)
{
	uint8_t copy[512];
	uint32_t size = get32(sector + H_SIZE);

	if (memcmp(sector, "EFI PART", 8) != 0)
		return err_set(e, -EINVAL, "no GPT signature");
	if (size < 92 || size > sizeof(copy) || size > sector_bytes)
		return err_set(e, -EINVAL, "GPT header of %u bytes", size);
	memcpy(copy, sector, size);
	put32(copy + H_CRC, 0);
	if (gpt_crc32(copy, size) != get32(sector + H_CRC))
		return err_set(e, -EBADMSG, "GPT header has a wrong checksum");
	ret->my_lba = get64(sector + H_MY);
	ret->alternate_lba = get64(sector + H_ALT);
	ret->first_usable = get64(sector + H_FIRST);
	ret->last_usable = get64(sector + H_LAST);
	ret->entries_lba = get64(sector + H_ARRAY);
	ret->entries = get32(sector + H_COUNT);
	ret->entry_bytes = get32(sector + H_ENTRY);
	if (ret->entries == 0 || ret->entries > 1024 || ret->entry_bytes < 128 || ret->entry_bytes > 4096)
		return err_set(e, -EINVAL, "GPT with %u entries of %u bytes", ret->entries, ret->entry_bytes);
	return 0;
}

int gpt_entries_check(const uint8_t *sector, const uint8_t *entries, size_t n, struct err *e)
{
	if (gpt_crc32(entries, n) != get32(sector + H_ARRAY_CRC))
		return err_set(e, -EBADMSG, "GPT entries have a wrong checksum");
	return 0;
}

int gpt_get_entry(const uint8_t *entries, uint32_t count, uint32_t entry_bytes, unsigned number, struct gpt_entry *ret,
		  struct err *e)
{
	static const uint8_t none[16];
	const uint8_t *p = entries + (size_t)(number - 1) * entry_bytes;

	if (number < 1 || number > count || !memcmp(p, none, 16))
		return err_set(e, -ENOENT, "partition %u is not in the table", number);
	gpt_guid_format(p, ret->type);
	gpt_guid_format(p + 16, ret->guid);
	ret->first = get64(p + 32);
	ret->last = get64(p + 40);
	return 0;
}

int gpt_set_guid(uint8_t *entries, uint32_t entry_bytes, unsigned number, const char *guid, struct err *e)
{
	static const uint8_t none[16];
	uint8_t *p = entries + (size_t)(number - 1) * entry_bytes;

	if (!memcmp(p, none, 16))
		return err_set(e, -ENOENT, "partition %u is not in the table", number);
	if (gpt_guid_parse(guid, p + 16))
		return err_set(e, -EINVAL, "not a GUID: %s", guid);
	return 0;
}

void gpt_set_flags(uint8_t *entries, uint32_t entry_bytes, unsigned number, uint64_t flags)
{
	flags = htole64(flags);
	memcpy(entries + (size_t)(number - 1) * entry_bytes + 48, &flags, 8);
}

int gpt_seal(uint8_t *sector, const uint8_t *entries, size_t n, const char *disk_guid, struct err *e)
{
	if (gpt_guid_parse(disk_guid, sector + H_GUID))
		return err_set(e, -EINVAL, "not a GUID: %s", disk_guid);
	put32(sector + H_ARRAY_CRC, gpt_crc32(entries, n));
	put32(sector + H_CRC, 0);
	put32(sector + H_CRC, gpt_crc32(sector, get32(sector + H_SIZE)));
	return 0;
}
