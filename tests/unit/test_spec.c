/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual machines: from the words of `dolmen vm create` to libvirt's XML, word for word; sizes, names, names of volumes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../rootfs/dolmen/pci.h"
#include "../../rootfs/dolmen/spec.h"
#include "../../rootfs/dolmen/storage.h"
#include "../../rootfs/dolmen/vm.h"

extern const struct command command_vm_create;

static struct vm_spec spec;
static struct err e;

/* Of the words behind `vm create`; NULL ends them. */
static int fill(char *first, ...)
{
	static struct call c;
	char *word[32] = { first };
	unsigned n = 1;
	va_list ap;

	va_start(ap, first);
	while ((word[n] = va_arg(ap, char *)))
		n++;
	va_end(ap);
	c = (struct call){ .command = &command_vm_create };
	e = (struct err){ 0 };
	assert_int_equal(call_parse(&c, word, n, &e), 0);
	return spec_fill(&spec, &c, &e);
}

#define FILL(...) assert_int_equal(fill((char *)__VA_ARGS__, NULL), 0)
#define REFUSED(words, ...) do { assert_int_equal(fill((char *)__VA_ARGS__, NULL), COMMAND_REFUSED); assert_non_null(strstr(e.msg, words)); } while (0)

static void assert_xml(const char *expected)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	spec_write_xml(&spec, f);
	fclose(f);
	assert_string_equal(text, expected);
	free(text);
}

static void pvh(void **state)
{
	(void)state;
	FILL("web", "--memory", "2G", "--vcpus", "2", "--vcpus-max", "4", "--disk", "20G", "--net", "xenbr0", "--kernel", "/boot/vmlinuz",
	     "--initrd", "/tmp/i", "--cmdline", "console=hvc0 a=\"<&>'\"");
	strcpy(spec.disk[0].path, "/dev/vg/vm-web-0");
	assert_int_equal(spec.disk[0].bytes, UINT64_C(20) << 30);
	assert_xml("<domain type='xen'>\n"
		   "  <name>web</name>\n"
		   "  <memory unit='KiB'>2097152</memory>\n"
		   "  <currentMemory unit='KiB'>2097152</currentMemory>\n"
		   "  <vcpu current='2'>4</vcpu>\n"
		   "  <os>\n"
		   "    <type arch='x86_64' machine='xenpvh'>xenpvh</type>\n"
		   "    <kernel>/boot/vmlinuz</kernel>\n"
		   "    <initrd>/tmp/i</initrd>\n"
		   "    <cmdline>console=hvc0 a=&quot;&lt;&amp;&gt;'&quot;</cmdline>\n"
		   "  </os>\n"
		   "  <clock offset='utc'/>\n"
		   "  <on_poweroff>destroy</on_poweroff>\n"
		   "  <on_reboot>restart</on_reboot>\n"
		   "  <on_crash>destroy</on_crash>\n"
		   "  <devices>\n"
		   "    <disk type='block' device='disk'>\n"
		   "      <driver name='phy' type='raw'/>\n"
		   "      <source dev=\"/dev/vg/vm-web-0\"/>\n"
		   "      <target dev='xvda' bus='xen'/>\n"
		   "    </disk>\n"
		   "    <interface type='bridge'>\n"
		   "      <source bridge='xenbr0'/>\n"
		   "    </interface>\n"
		   "    <console type='pty'><target type='xen' port='0'/></console>\n"
		   "  </devices>\n"
		   "</domain>\n");
}

static void hvm(void **state)
{
	(void)state;
	FILL("a.b-c_1", "--memory", "1.5G", "--memory-max", "2GiB", "--disk", "1T", "--disk", "512m", "--cdrom", "/storage/a'b.iso", "--uefi",
	     "--net", "xenbr0");
	assert_int_equal(spec.disk[1].bytes, UINT64_C(512) << 20);
	strcpy(spec.disk[0].path, "/storage/vm-a-0");
	strcpy(spec.disk[1].path, "/storage/vm-a-1");
	spec.disk[0].file = spec.disk[1].file = true;
	assert_xml("<domain type='xen'>\n"
		   "  <name>a.b-c_1</name>\n"
		   "  <memory unit='KiB'>2097152</memory>\n"
		   "  <currentMemory unit='KiB'>1572864</currentMemory>\n"
		   "  <vcpu current='1'>1</vcpu>\n"
		   "  <os>\n"
		   "    <type arch='x86_64' machine='xenfv'>hvm</type>\n"
		   "    <loader readonly='yes' type='pflash'>/usr/share/ovmf/OVMF.fd</loader>\n"
		   "    <boot dev='hd'/>\n"
		   "    <boot dev='cdrom'/>\n"
		   "  </os>\n"
		   "  <features><acpi/><apic/><pae/></features>\n"
		   "  <clock offset='utc'/>\n"
		   "  <on_poweroff>destroy</on_poweroff>\n"
		   "  <on_reboot>restart</on_reboot>\n"
		   "  <on_crash>destroy</on_crash>\n"
		   "  <devices>\n"
		   "    <emulator>/usr/libexec/xen-qemu-system-i386</emulator>\n"
		   "    <disk type='file' device='disk'>\n"
		   "      <driver name='qemu' type='raw'/>\n"
		   "      <source file=\"/storage/vm-a-0\"/>\n"
		   "      <target dev='xvda' bus='xen'/>\n"
		   "    </disk>\n"
		   "    <disk type='file' device='disk'>\n"
		   "      <driver name='qemu' type='raw'/>\n"
		   "      <source file=\"/storage/vm-a-1\"/>\n"
		   "      <target dev='xvdb' bus='xen'/>\n"
		   "    </disk>\n"
		   "    <disk type='file' device='cdrom'>\n"
		   "      <driver name='qemu' type='raw'/>\n"
		   "      <source file=\"/storage/a'b.iso\"/>\n"
		   "      <target dev='hdc' bus='ide'/>\n"
		   "      <readonly/>\n"
		   "    </disk>\n"
		   "    <interface type='bridge'>\n"
		   "      <source bridge='xenbr0'/>\n"
		   "      <model type='e1000'/>\n"
		   "    </interface>\n"
		   "    <serial type='pty'><target port='0'/></serial>\n"
		   "    <input type='tablet' bus='usb'/>\n"
		   "    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>\n"
		   "    <video><model type='vga' vram='16384'/></video>\n"
		   "  </devices>\n"
		   "</domain>\n");
}

static void types(void **state)
{
	(void)state;
	FILL("a", "--kernel", "/k", "--type", "pv");
	assert_int_equal(spec.type, VM_PV);
	FILL("a", "--kernel", "/k");
	assert_int_equal(spec.type, VM_PVH);
	FILL("a", "--kernel", "/k", "--type", "hvm");
	assert_int_equal(spec.type, VM_HVM);
	FILL("a", "--import", "/i");
	assert_int_equal(spec.type, VM_HVM);
	assert_int_equal(spec.disks, 1);
	REFUSED("only machines of type hvm have --uefi", "a", "--kernel", "/k", "--type", "pvh", "--uefi");
	REFUSED("not both", "a", "--kernel", "/k", "--cdrom", "/c", "--type", "hvm");
	REFUSED("UEFI starts no --kernel", "a", "--kernel", "/k", "--uefi");
	REFUSED("belong to --kernel", "a", "--disk", "1G", "--initrd", "/i");
	REFUSED("at most 8 disks", "a", "--disk", "1G", "--disk", "1G", "--disk", "1G", "--disk", "1G", "--disk", "1G", "--disk", "1G",
		"--disk", "1G", "--disk", "1G", "--disk", "1G");
	REFUSED("less than 1M", "a", "--disk", "4K");
	REFUSED("32M at least", "a", "--disk", "1G", "--memory", "16M");
	REFUSED("less than --memory", "a", "--disk", "1G", "--memory", "2G", "--memory-max", "1G");
	REFUSED("less than --vcpus", "a", "--disk", "1G", "--vcpus", "2", "--vcpus-max", "1");
	REFUSED("not the name of a bridge", "a", "--disk", "1G", "--net", "x'y");
	REFUSED("not the name of a bridge", "a", "--disk", "1G", "--net", "sixteen-letters-");
	REFUSED("says nothing", "a", "--kernel", "/k", "--cmdline", "");
}

static void sizes(void **state)
{
	static const char *const wrong[] = { "", "1", "G", "1GB", "1Gi", "0G", "-1G", "1e3G", "0x1G", "1.G.", " 1G", "1 G", "1Z", "9000P", "inf", "nanG",
					     "1GiBx" };
	uint64_t bytes;

	(void)state;
	assert_int_equal(spec_size("1k", &bytes, &e), 0);
	assert_int_equal(bytes, 1024);
	assert_int_equal(spec_size("1.5MiB", &bytes, &e), 0);
	assert_int_equal(bytes, 1572864);
	assert_int_equal(spec_size("2T", &bytes, &e), 0);
	assert_int_equal(bytes, UINT64_C(2) << 40);
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (spec_size(wrong[i], &bytes, &e) != COMMAND_REFUSED)
			fail_msg("`%s` was taken as %ju", wrong[i], (uintmax_t)bytes);
}

static void names(void **state)
{
	(void)state;
	assert_int_equal(spec_name("0a.b_c-D", &e), 0);
	assert_int_equal(spec_name("01234567890123456789012345678901234567890123456789", &e), 0);
	assert_int_equal(spec_name("012345678901234567890123456789012345678901234567890", &e), COMMAND_REFUSED);
	for (const char *const *n = (const char *const[]){ "", "-a", ".a", "_a", "a b", "a/b", "a+b", "a\n", "\xc3\xa4", NULL }; *n; n++)
		assert_int_equal(spec_name(*n, &e), COMMAND_REFUSED);
}

/* The volumes of `web` are not those of `web-1`. */
static void volumes(void **state)
{
	struct volume v;

	(void)state;
	assert_true(volume_parse(&v, "vm-web-0", "web"));
	assert_true(v.number == 0 && !*v.snapshot);
	assert_true(volume_parse(&v, "vm-web-12+be-fore", "web"));
	assert_true(v.number == 12);
	assert_string_equal(v.snapshot, "be-fore");
	assert_true(volume_parse(&v, "vm-web-1-0", "web-1"));
	for (const char *const *n = (const char *const[]){ "vm-web-1-0", "vm-web", "vm-web-", "vm-web-x", "vm-website-0", "web-0", "vm-", "" }; **n; n++)
		assert_false(volume_parse(&v, *n, "web"));
	assert_false(volume_parse(&v, "vm-web-0", "web-1"));
}

static void assert_cpus(const char *text, unsigned byte0, unsigned byte1)
{
	unsigned char map[SPEC_CPUS / 8];

	assert_int_equal(spec_cpus(text, 12, map, &e), 0);
	assert_int_equal(map[0], byte0);
	assert_int_equal(map[1], byte1);
	assert_int_equal(map[2], 0);
}

static void cpus(void **state)
{
	unsigned char map[SPEC_CPUS / 8];

	(void)state;
	assert_cpus("0", 1, 0);
	assert_cpus("0-3,6", 0x4f, 0);
	assert_cpus("7-8,11", 0x80, 9);
	assert_cpus("all", 0xff, 0x0f);
	for (const char *const *n = (const char *const[]){ "", ",", "0,", ",0", "3-1", "12", "0-12", "1-", "-1", "0 1", "a", "0x1", "0--1", "all,1", "99999",
							   NULL }; *n; n++)
		assert_int_equal(spec_cpus(*n, 12, map, &e), COMMAND_REFUSED);
}

static void assert_weight(const char *xml, const char *expected)
{
	char *text = spec_xml_weight(xml, 300);

	assert_string_equal(text, expected);
	free(text);
}

/* What is there already, or becomes. */
static void weight(void **state)
{
	(void)state;
	assert_weight("<domain><name>a</name></domain>", "<domain><name>a</name><cputune><shares>300</shares></cputune></domain>");
	assert_weight("<domain><cputune><shares>2</shares><vcpupin/></cputune></domain>",
		      "<domain><cputune><shares>300</shares><vcpupin/></cputune></domain>");
	assert_weight("<domain><cputune><vcpupin/></cputune></domain>", "<domain><cputune><shares>300</shares><vcpupin/></cputune></domain>");
	assert_null(spec_xml_weight("", 300));
}

static void extra(void **state)
{
	struct vm_extra x;

	(void)state;
	vm_extra_parse("<vm order=\"12\" delay='3' cap=\"150\"/>", &x);
	assert_int_equal(x.order, 12);
	assert_int_equal(x.delay, 3);
	assert_int_equal(x.cap, 150);
	vm_extra_parse("<vm/>", &x);
	assert_true(!x.order && !x.delay && !x.cap);
}

static void pci(void **state)
{
	struct pci_address a;

	(void)state;
	assert_true(pci_parse("0000:03:1f.7", &a) && a.domain == 0 && a.bus == 3 && a.slot == 31 && a.function == 7);
	assert_true(pci_parse("1:ff:00.0", &a) && a.domain == 1 && a.bus == 255);
	assert_true(pci_parse("03:00.1", &a) && a.domain == 0 && a.bus == 3 && a.function == 1);
	for (const char *const *n = (const char *const[]){ "", "03:00", "03:20.0", "03:00.8", "0000:03:00.0 ", "0000:03:00.0x", "eth0", "1:2:3:4.0", NULL }; *n; n++)
		assert_false(pci_parse(*n, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pvh), cmocka_unit_test(hvm), cmocka_unit_test(types), cmocka_unit_test(sizes), cmocka_unit_test(names),
		cmocka_unit_test(volumes), cmocka_unit_test(cpus), cmocka_unit_test(weight), cmocka_unit_test(extra), cmocka_unit_test(pci),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
