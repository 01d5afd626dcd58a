/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes onto the disk as numbers and bytes: layout, partition table, boot record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/gpt.h"
#include "core/layout.h"
#include "core/mbr.h"
#include "core/random.h"

#define GIB (UINT64_C(1) << 30)

/* Partitions start at 1 MiB boundaries, do not overlap, and leave the last MiB alone. */
static void check_layout(uint64_t bytes, uint32_t sector)
{
	struct layout l;
	struct err e;
	uint64_t at = 1 << 20;

	assert_int_equal(layout_make(&l, bytes, 0, sector, true, true, &e), 0);
	for (unsigned i = 1; i <= PART_MAX; i++) {
		assert_true(l.part[i].sectors > 0);
		assert_int_equal(l.part[i].start * sector, at);
		at += l.part[i].sectors * sector;
		assert_int_equal(at % (1 << 20), 0);
	}
	assert_true(at <= bytes - (1 << 20));
	assert_true(at > bytes - (3 << 20));
}

static void layouts(void **state)
{
	struct layout l;
	struct err e;

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		uint32_t sector = k ? 4096 : 512;

		check_layout(8 * GIB, sector);
		check_layout(8 * GIB + 4096, sector);
		check_layout(20 * GIB, sector);
		check_layout(UINT64_C(64) << 40, sector);	/* beyond 32 bits of sectors */
	}
	assert_int_equal(layout_make(&l, 8 * GIB - 512, 0, 512, true, true, &e), -28 /* ENOSPC */);
	assert_true(layout_make(&l, 8 * GIB, 0, 520, true, true, &e) < 0);
	assert_int_equal(layout_make(&l, 8 * GIB, 0, 512, false, true, &e), 0);
	assert_int_equal(l.part[PART_STORAGE].sectors, 0);
	/* behind somebody else's partition */
	assert_int_equal(layout_make(&l, 9 * GIB, 40 * (1 << 20) + 512, 512, true, true, &e), 0);
	assert_int_equal(l.part[PART_BIOS].start, 41 * 2048);
	assert_true((l.part[PART_STORAGE].start + l.part[PART_STORAGE].sectors) * 512 <= 9 * GIB - (1 << 20));
	assert_int_equal(layout_make(&l, 9 * GIB, GIB + (1 << 20) + 2, 512, true, true, &e), -28 /* ENOSPC */);
	assert_int_equal(layout_make(&l, 9 * GIB, UINT64_MAX - (1 << 20), 512, true, true, &e), -28);
}

/* A FAT32 of one sector a cluster must have 65525 clusters. */
static void fat_sizes(void **state)
{
	struct layout l;
	struct err e;

	(void)state;
	assert_int_equal(layout_make(&l, 20 * GIB, 0, 4096, true, true, &e), 0);
	assert_true(l.part[PART_ESP].sectors - 32 - 2 * (l.part[PART_ESP].sectors / 1024 + 1) >= 65525);
	assert_true(l.part[PART_BOOT_A].sectors - 32 - 2 * (l.part[PART_BOOT_A].sectors / 1024 + 1) >= 65525);
}

static void crc(void **state)
{
	(void)state;
	assert_int_equal(gpt_crc32("123456789", 9), 0xcbf43926);
	assert_int_equal(gpt_crc32("", 0), 0);
}

static void guids(void **state)
{
	static const uint8_t esp[16] = { 0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11,
					 0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b };
	uint8_t raw[16];
	char text[37];
	struct random r, r2;

	(void)state;
	assert_int_equal(gpt_guid_parse(GPT_ESP, raw), 0);
	assert_memory_equal(raw, esp, 16);
	gpt_guid_format(raw, text);
	assert_string_equal(text, GPT_ESP);
	assert_true(gpt_guid_parse("c12a7328-f81f-11d2-ba4b-00a0c93ec93", raw) < 0);
	assert_true(gpt_guid_parse("c12a7328xf81f-11d2-ba4b-00a0c93ec93b", raw) < 0);
	assert_true(gpt_guid_parse("g12a7328-f81f-11d2-ba4b-00a0c93ec93b", raw) < 0);
	random_seed(&r, 1);
	random_seed(&r2, 1);
	random_guid(&r, text);
	assert_int_equal(text[14], '4');
	assert_non_null(strchr("89ab", text[19]));
	assert_int_equal(r.used, 16);
	assert_memory_equal(r.bytes, r2.bytes, sizeof(r.bytes));
}

static void put_le(uint8_t *p, uint64_t v, unsigned n)
{
	while (n--) {
		*p++ = (uint8_t)v;
		v >>= 8;
	}
}

static void table(void **state)
{
	static uint8_t sector[512], entries[128 * 128];
	struct gpt_header_info h;
	struct err e;
	char text[37];

	(void)state;
	memset(sector, 0, sizeof(sector));
	memset(entries, 0, sizeof(entries));
	memcpy(sector, "EFI PART", 8);
	put_le(sector + 12, 92, 4);
	put_le(sector + 24, 1, 8);
	put_le(sector + 32, 999, 8);
	put_le(sector + 72, 2, 8);
	put_le(sector + 80, 128, 4);
	put_le(sector + 84, 128, 4);
	entries[128] = 1;	/* partition 2 has a type */
	assert_true(gpt_header_read(sector, 512, &h, &e) < 0);	/* no checksum yet */
	assert_int_equal(gpt_set_guid(entries, 128, 1, GPT_ESP, &e), -2 /* ENOENT */);
	assert_int_equal(gpt_set_guid(entries, 128, 2, GPT_LINUX, &e), 0);
	gpt_guid_format(entries + 128 + 16, text);
	assert_string_equal(text, GPT_LINUX);
	assert_int_equal(gpt_seal(sector, entries, sizeof(entries), GPT_LINUX_LVM, &e), 0);
	assert_int_equal(gpt_header_read(sector, 512, &h, &e), 0);
	assert_int_equal(h.alternate_lba, 999);
	assert_int_equal(h.entries, 128);
	assert_int_equal(gpt_entries_check(sector, entries, sizeof(entries), &e), 0);
	entries[5000] ^= 1;
	assert_true(gpt_entries_check(sector, entries, sizeof(entries), &e) < 0);
	sector[40] ^= 1;
	assert_true(gpt_header_read(sector, 512, &h, &e) < 0);
}

static void boot_record(void **state)
{
	uint8_t sector[512], before[512], boot[512];
	struct err e;

	(void)state;
	memset(sector, 0xa5, sizeof(sector));
	memcpy(before, sector, sizeof(before));
	mbr_put_stub(sector);
	assert_true(mbr_has_stub(sector));
	assert_memory_equal(sector + 440, before + 440, 70);
	assert_int_equal(sector[510] << 8 | sector[511], 0x55aa);
	assert_string_equal((char *)sector + 0x1e, MBR_STUB_TEXT "\r\n");

	memset(boot, 0x11, sizeof(boot));
	assert_true(mbr_put_grub(sector, boot, 512, 2048, &e) < 0);	/* no 55 aa */
	assert_true(mbr_has_stub(sector));
	boot[510] = 0x55;
	boot[511] = 0xaa;
	assert_true(mbr_put_grub(sector, boot, 511, 2048, &e) < 0);
	assert_int_equal(mbr_put_grub(sector, boot, 512, UINT64_C(0x123456789a), &e), 0);
	assert_memory_equal(sector + 0x5c, "\x9a\x78\x56\x34\x12\0\0\0\x11\x11\x90\x90\x11", 13);
	assert_memory_equal(sector + 440, before + 440, 70);
	assert_false(mbr_has_stub(sector));
}

static void core_image(void **state)
{
	static uint8_t core[100000];
	struct err e;

	(void)state;
	memset(core, 0x22, sizeof(core));
	assert_int_equal(mbr_patch_core(core, sizeof(core), 2048, 1 << 20, &e), 0);
	/* 196 sectors in all; the list begins behind the first one and is loaded to segment 0x820 */
	assert_memory_equal(core + 500, "\x01\x08\0\0\0\0\0\0\xc3\0\x20\x08", 12);
	for (unsigned i = 488; i < 500; i++)
		assert_int_equal(core[i], 0);
	assert_int_equal(core[487], 0x22);
	assert_int_equal(core[512], 0x22);
	assert_true(mbr_patch_core(core, sizeof(core), 2048, 99999, &e) < 0);
	assert_true(mbr_patch_core(core, 512, 2048, 1 << 20, &e) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts), cmocka_unit_test(fat_sizes), cmocka_unit_test(crc), cmocka_unit_test(guids),
		cmocka_unit_test(table), cmocka_unit_test(boot_record), cmocka_unit_test(core_image),
	};

	return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
