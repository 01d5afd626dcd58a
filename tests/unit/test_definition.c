/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a definition wants of a host, a disk renamed in it, features of processors compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../rootfs/dolmen/command.h"
#include "../../rootfs/dolmen/definition.h"
#include "../../rootfs/dolmen/facts.h"

#define DISK(kind, attribute, path) "<disk type='" kind "' device='disk'><source " attribute "='" path "'/></disk>"
#define MACHINE(inside) "<domain type='xen'><os><type arch='x86_64' machine='xenpvh'>xenpvh</type><kernel>/boot/vmlinuz</kernel></os>" \
	"<devices>" inside "</devices></domain>"

static void test_what_it_wants(void **state)
{
	struct definition d;
	struct err e;

	(void)state;
	assert_int_equal(definition_read(&d, MACHINE(DISK("file", "file", "/storage/a&amp;b") DISK("block", "dev", "/dev/vg/c")
		"<disk type='file' device='cdrom'><source file='/storage/x.iso'/></disk><disk type='file' device='cdrom'/>"
		"<interface type='bridge'><source bridge='xenbr0'/></interface>"), &e), 0);
	assert_int_equal(d.disks, 2);
	assert_string_equal(d.disk[0].path, "/storage/a&b");
	assert_true(d.disk[0].file && !d.disk[1].file && !d.devices);
	assert_string_equal(d.disk[1].path, "/dev/vg/c");
	assert_int_equal(d.nets, 1);
	assert_string_equal(d.net[0], "xenbr0");
	assert_int_equal(d.files, 2);
	assert_string_equal(d.file[0], "/boot/vmlinuz");
	assert_string_equal(d.file[1], "/storage/x.iso");
	assert_int_equal(definition_read(&d, "<domain><os><type machine='xenpv'>linux</type></os><devices><hostdev mode='subsystem'/></devices></domain>",
					 &e), 0);
	assert_true(d.devices);
}

static void test_what_it_has(void **state)
{
	struct definition d;
	struct err e;

	(void)state;
	/* Also of one that cannot move. */
	assert_int_equal(definition_read(&d, MACHINE("<hostdev/>" DISK("network", "name", "rbd/x") "<console type='pty' tty='/dev/pts/3'/>"
		"<console type='pty' tty='/dev/pts/4'/><graphics type='sdl'/><graphics type='vnc' port='5901' listen='127.0.0.1'/>"), &e), COMMAND_REFUSED);
	assert_string_equal(d.tty, "/dev/pts/3");
	assert_string_equal(d.vnc_port, "5901");
	assert_int_equal(definition_read(&d, MACHINE("<console type='pty'/>"), &e), 0);
	assert_string_equal(d.tty, "");
	assert_string_equal(d.vnc_port, "");
}

static void test_refused(void **state)
{
	static char many[DEFINITION_DISKS * 100 + 400];
	struct definition d;
	struct err e;

	(void)state;
	assert_int_equal(definition_read(&d, MACHINE(DISK("network", "name", "rbd/x")), &e), COMMAND_REFUSED);
	assert_int_equal(definition_read(&d, MACHINE("<interface type='network'><source network='default'/></interface>"), &e), COMMAND_REFUSED);
	assert_int_equal(definition_read(&d, MACHINE(DISK("file", "other", "x")), &e), COMMAND_REFUSED);
	assert_int_not_equal(definition_read(&d, "<domain><devices>", &e), 0);
	strcpy(many, "<domain><devices>");
	for (int i = 0; i <= DEFINITION_DISKS; i++)
		strcat(many, DISK("file", "file", "/a"));
	strcat(many, "</devices></domain>");
	assert_int_equal(definition_read(&d, many, &e), COMMAND_REFUSED);
}

static void test_move(void **state)
{
	char *xml = definition_move("<a file='/x/1'/><b file='/x/12'/>", "/x/1", "/y&z");

	(void)state;
	assert_string_equal(xml, "<a file='/y&amp;z'/><b file='/x/12'/>");
	free(xml);
	assert_null(definition_move("<a file='/x/1'/>", "/x", "/y"));
}

static void test_cpu(void **state)
{
	(void)state;
	assert_true(fact_cpu_fits("0f:01", "ff:01"));
	assert_false(fact_cpu_fits("0f:02", "ff:01"));
	assert_true(fact_cpu_fits("", "ff") && fact_cpu_fits("ff", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_wants), cmocka_unit_test(test_what_it_has), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_move), cmocka_unit_test(test_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
