/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read about a machine and its disks: /proc's texts, LVM's metadata, how names fit disks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "core/lvm.h"
#include "core/machine.h"

static void cpu(void **state)
{
	static const char text[] = "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu lm svm\n\nprocessor\t: 1\nflags\t\t: fpu\n";
	char model[64];

	(void)state;
	assert_true(machine_cpuinfo_flag(text, "svm"));
	assert_true(machine_cpuinfo_flag(text, "lm"));
	assert_false(machine_cpuinfo_flag(text, "vmx"));
	assert_false(machine_cpuinfo_flag("vmx flags : lm\n", "lm"));
	assert_false(machine_cpuinfo_flag("flags : lmx\n", "lm"));
	assert_int_equal(machine_cpuinfo_count(text, model, sizeof(model)), 2);
	assert_string_equal(model, "Some CPU");
	assert_int_equal(machine_cpuinfo_count("", model, sizeof(model)), 0);
	assert_string_equal(model, "");
}

static const char metadata[] =
	"dolmen-1234abcd {\nid = \"XFVPgv-0\"\nseqno = 5\nformat = \"lvm2\"\nstatus = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\n"
	"physical_volumes {\n\npv0 {\nid = \"rUHuiS-1\"\ndevice = \"/dev/sda8\"\n}\n}\n\nlogical_volumes {\n\n"
	"guest1 {\nid = \"a\"\nsegment1 {\ntype = \"thin\"\n}\n}\n\npool {\nid = \"b\"\nsegment_count = 1\n\n"
	"segment1 {\nstart_extent = 0\ntype = \"thin-pool\"\n}\n}\n\nlvol0_pmspare {\nid = \"c\"\n}\n}\n}\n";

static uint8_t head[16384];

static void put(size_t at, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		head[at + i] = (uint8_t)(v >> (8 * i));
}

/* Label in sector 1, one data and one metadata area, as pvcreate makes them. */
static void make_head(const char *text)
{
	memset(head, 0, sizeof(head));
	memcpy(head + 512, "LABELONE", 8);
	head[512 + 20] = 32;
	memcpy(head + 512 + 24, "LVM2 001", 8);
	put(544 + 40, 1 << 20);		/* data at 1 MiB, to the end */
	put(544 + 72, 4096);		/* behind two zeros: metadata */
	put(544 + 80, 1 << 20);
	memcpy(head + 4096 + 4, " LVM2 x[5A%r0N*>", 16);
	put(4096 + 40, 512);
	put(4096 + 48, strlen(text));
	memcpy(head + 4096 + 512, text, strlen(text));
}

static void volume_group(void **state)
{
	char vg[64], pool[64];
	struct err e;

	(void)state;
	make_head(metadata);
	assert_int_equal(lvm_group(head, sizeof(head), vg, pool, &e), 0);
	assert_string_equal(vg, "dolmen-1234abcd");
	assert_string_equal(pool, "pool");
	make_head("vg0 {\nid = \"x\"\nlogical_volumes {\n}\n}\n");
	assert_int_equal(lvm_group(head, sizeof(head), vg, pool, &e), 0);
	assert_string_equal(vg, "vg0");
	assert_string_equal(pool, "");
	put(4096 + 40, 0);
	assert_int_equal(lvm_group(head, sizeof(head), vg, pool, &e), -ENOENT);
}

static void volume_group_damaged(void **state)
{
	static const size_t places[] = { 544 + 72, 4096 + 40, 4096 + 48 };
	char vg[64], pool[64];
	struct err e;

	(void)state;
	memset(head, 0, sizeof(head));
	assert_int_equal(lvm_group(head, sizeof(head), vg, pool, &e), -EBADMSG);
	make_head("../etc {\n");
	assert_int_equal(lvm_group(head, sizeof(head), vg, pool, &e), -EBADMSG);
	for (unsigned i = 0; i < 3; i++) {
		make_head(metadata);
		put(places[i], UINT64_MAX - 7);
		assert_true(lvm_group(head, sizeof(head), vg, pool, &e) < 0);
		put(places[i], sizeof(head) - 3);
		assert_true(lvm_group(head, sizeof(head), vg, pool, &e) < 0);
	}
	make_head(metadata);
	for (size_t n = 0; n < 4096 + 512 + sizeof(metadata) - 1; n += 61)
		assert_true(lvm_group(head, n, vg, pool, &e) < 0);
	make_head(metadata);
	head[512 + 23] = 0xff;	/* the label says that its header is far away */
	assert_true(lvm_group(head, sizeof(head), vg, pool, &e) < 0);
}

static unsigned count(const struct machine *m, const char *name)
{
	unsigned index[MACHINE_DISKS];

	return machine_find_disk(m, name, index);
}

static void names_of_disks(void **state)
{
	static struct machine m = { .disks = 3 };
	static const uint64_t bytes[3] = { UINT64_C(480103981056), UINT64_C(515396075520), UINT64_C(1000204886016) };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		m.disk[i] = (struct disk){ .bytes = bytes[i], .vendor = "ACME", .model = "Disk 480" };
		snprintf(m.disk[i].name, sizeof(m.disk[i].name), "sd%c", (char)('a' + i));
		snprintf(m.disk[i].path, sizeof(m.disk[i].path), "/dev/%s", m.disk[i].name);
		snprintf(m.disk[i].serial, sizeof(m.disk[i].serial), "S*%u", i);
	}
	assert_int_equal(count(&m, "size:480G"), 2);	/* sold as 480 GB; and 480 GiB */
	assert_int_equal(count(&m, "size:480GB"), 1);
	assert_int_equal(count(&m, "size:480GiB"), 1);
	assert_int_equal(count(&m, "size:>480GB"), 2);
	assert_int_equal(count(&m, "size:>=480GB"), 3);
	assert_int_equal(count(&m, "size:<1T"), 2);
	assert_int_equal(count(&m, "size:<=1T"), 3);
	assert_int_equal(count(&m, "size:480"), 0);
	assert_int_equal(count(&m, "size:480Gx"), 0);
	assert_int_equal(count(&m, "size:-480G"), 0);
	assert_int_equal(count(&m, "size:largest"), 1);
	m.disk[2].read_only = true;
	assert_int_equal(count(&m, "size:largest"), 1);
	assert_int_equal(count(&m, "model:disk*"), 3);
	assert_int_equal(count(&m, "model:acme disk 480"), 3);
	assert_int_equal(count(&m, "model:disk"), 0);
	assert_int_equal(count(&m, "serial:S*"), 3);
	assert_int_equal(count(&m, "serial:*1"), 1);
	assert_int_equal(count(&m, "serial:s*1"), 0);
	assert_int_equal(count(&m, "sd*"), 3);
	assert_int_equal(count(&m, ""), 0);
	assert_int_equal(count(&m, "wwn:*"), 0);	/* none has one */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu), cmocka_unit_test(volume_group), cmocka_unit_test(volume_group_damaged),
		cmocka_unit_test(names_of_disks),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
