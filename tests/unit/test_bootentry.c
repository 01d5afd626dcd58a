/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot entries of UEFI firmware, as the kernel shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "core/bootentry.h"

#define NAME "Boot001A-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* HD(2,GPT,33221100-5544-7766-8899-aabbccddeeff)/\A, labelled "Dol\u00e9" */
static const uint8_t entry[] = {
	7, 0, 0, 0, 1, 0, 0, 0, 42 + 8 + 4, 0, 'D', 0, 'o', 0, 'l', 0, 0xe9, 0, 0, 0,
	4, 1, 42, 0, 2, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0,
	0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 2, 2,
	4, 4, 8, 0, '\\', 0, 0, 0, 0x7f, 0xff, 4, 0,
};
/* where in it */
enum { PATH_BYTES = 8, NODE = 20 };

static void whole(void **state)
{
	struct boot_entry b;

	(void)state;
	assert_int_equal(boot_entry_read(NAME, entry, sizeof(entry), &b), 0);
	assert_int_equal(b.number, 0x1a);
	assert_string_equal(b.label, "Dol?");
	assert_string_equal(b.part_guid, "33221100-5544-7766-8899-aabbccddeeff");
}

static void other_variables(void **state)
{
	static const char *const name[] = { "BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c", "Boot0003", "Boot00-",
					    "BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c", "",
					    "Boot0003-11111111-93ca-11d2-aa0d-00e098032b8c" };
	struct boot_entry b;

	(void)state;
	for (unsigned i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		assert_int_equal(boot_entry_read(name[i], entry, sizeof(entry), &b), -ENOENT);
}

static void other_places(void **state)
{
	uint8_t data[sizeof(entry)];
	struct boot_entry b;

	(void)state;
	memcpy(data, entry, sizeof(data));
	data[NODE] = 2;				/* not a medium */
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), -ENOENT);
	memcpy(data, entry, sizeof(data));
	data[NODE + 41] = 1;			/* a partition of an MBR */
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), -ENOENT);
}

/* An entry that ends anywhere is damaged or names no partition; one whose lengths lie is damaged. */
static void damaged(void **state)
{
	uint8_t data[sizeof(entry)];
	struct boot_entry b;

	(void)state;
	for (size_t n = 0; n < sizeof(entry); n++)
		assert_int_equal(boot_entry_read(NAME, entry, n, &b), -EBADMSG);
	memcpy(data, entry, sizeof(data));
	data[NODE + 2] = 0;			/* a node without end */
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), -EBADMSG);
	data[NODE + 2] = 200;
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), -EBADMSG);
	memcpy(data, entry, sizeof(data));
	data[PATH_BYTES] = 41;			/* cuts the partition's node */
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), -EBADMSG);
	data[PATH_BYTES] = 0;
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), -ENOENT);
}

static void long_label(void **state)
{
	uint8_t data[300] = { 0 };
	struct boot_entry b;

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		data[10 + 2 * i] = 'x';
	data[PATH_BYTES] = 46;
	memcpy(data + 10 + 202, entry + NODE, 42);
	assert_int_equal(boot_entry_read(NAME, data, sizeof(data), &b), 0);
	assert_int_equal(strlen(b.label), sizeof(b.label) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(other_variables), cmocka_unit_test(other_places),
		cmocka_unit_test(damaged), cmocka_unit_test(long_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
