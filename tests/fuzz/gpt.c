/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A partition table: a sector of 512 bytes with the header, then what the entries are made of. */
#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/gpt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Chance finds no checksum. */
static void make_right(uint8_t sector[512])
{
	uint32_t size, crc = 0;

	memcpy(sector, "EFI PART", 8);
	memcpy(&size, sector + 12, 4);
	size = le32toh(size);
	memcpy(sector + 16, &crc, 4);
	if (size > 512)
		return;
	crc = htole32(gpt_crc32(sector, size));
	memcpy(sector + 16, &crc, 4);
}

static void look(uint8_t *sector, const struct gpt_header_info *h, uint8_t *entries, size_t bytes)
{
	static const char guid[] = "0fc63daf-8483-4772-8e79-3d69d8477de4";
	struct gpt_entry en;
	struct err e;

	for (unsigned i = 0; i < h->entries + 2; i++)
		if (!gpt_get_entry(entries, h->entries, h->entry_bytes, i, &en, &e) && (i < 1 || i > h->entries || strlen(en.guid) != 36))
			abort();
	gpt_set_guid(entries, h->entry_bytes, 1, guid, &e);
	if (gpt_seal(sector, entries, bytes, guid, &e) || gpt_entries_check(sector, entries, bytes, &e))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct gpt_header_info h;
	uint8_t sector[512], *entries;
	size_t bytes;
	struct err e;

	if (n < 513)
		return 0;
	memcpy(sector, data, 512);
	if (gpt_header_read(sector, sizeof(sector), &h, &e)) {
		make_right(sector);
		if (gpt_header_read(sector, sizeof(sector), &h, &e))
			return 0;
	}
	bytes = (size_t)h.entries * h.entry_bytes;
	entries = bytes <= 16384 ? malloc(bytes) : NULL;
	if (!entries)
		return 0;
	for (size_t i = 0; i < bytes; i++)
		entries[i] = data[512 + i % (n - 512)];
	look(sector, &h, entries, bytes);
	free(entries);
	return 0;
}
