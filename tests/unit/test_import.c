/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What virtual machines come from: OVF as several writers have it, archives, images by their first bytes; and copied definitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../rootfs/dolmen/command.h"
#include "../../rootfs/dolmen/domain.h"
#include "../../rootfs/dolmen/image.h"
#include "../../rootfs/dolmen/ovf.h"
#include "../../rootfs/dolmen/tar.h"

static struct ovf ovf;
static struct err e;

static int parse(const char *xml)
{
	e = (struct err){ 0 };
	return ovf_parse(&ovf, xml, strlen(xml), &e);
}

#define REFUSED(words, xml) do { assert_int_equal(parse(xml), COMMAND_REFUSED); \
	if (!strstr(e.msg, words)) fail_msg("`%s` is not in `%s`", words, e.msg); } while (0)

#define HEAD "<?xml version='1.0'?><Envelope xmlns:ovf='x' xmlns:rasd='y'>"
#define ITEM(type, rest) "<Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>" type "</rasd:ResourceType>" rest "</Item>"
#define SYSTEM(items) "<VirtualSystem ovf:id='vm'><Info>i</Info><Name> My VM </Name><VirtualHardwareSection>" items \
	"</VirtualHardwareSection></VirtualSystem></Envelope>"

static void vmware(void **state)
{
	(void)state;
	assert_int_equal(parse(HEAD "<References><File ovf:href='vm-disk1.vmdk' ovf:id='file1' ovf:size='71680'/>"
		"<File ovf:href='other.iso' ovf:id='file2'/></References>"
		"<DiskSection><Info/><Disk ovf:capacity='20' ovf:capacityAllocationUnits='byte * 2^30' ovf:diskId='vmdisk1' ovf:fileRef='file1'/>"
		"<Disk ovf:capacity='1073741824' ovf:diskId='vmdisk2'/></DiskSection>"
		SYSTEM("<System><Name>not this</Name></System>"
		       ITEM("3", "<rasd:VirtualQuantity>2</rasd:VirtualQuantity><rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits>")
		       ITEM("4", "<rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:VirtualQuantity>4096</rasd:VirtualQuantity>")
		       "<Item ovf:bound='max'><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>1</rasd:VirtualQuantity></Item>"
		       ITEM("4", "<rasd:VirtualQuantity>9</rasd:VirtualQuantity>")
		       ITEM("15", "<rasd:HostResource>ovf:/file/file2</rasd:HostResource>")
		       ITEM("17", "<rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource>")
		       ITEM("17", "") ITEM("19", "<rasd:HostResource>/disk/vmdisk2</rasd:HostResource>")
		       ITEM("10", "<rasd:Connection>VM Network</rasd:Connection>")
		       "<vmw:Config ovf:required='false' vmw:key='firmware' vmw:value='efi'/>")), 0);
	assert_string_equal(ovf.name, "My VM");
	assert_int_equal(ovf.vcpus, 2);
	assert_int_equal(ovf.memory_bytes, UINT64_C(4) << 30);
	assert_true(ovf.uefi);
	assert_int_equal(ovf.disks, 2);
	assert_string_equal(ovf.disk[0].file, "vm-disk1.vmdk");
	assert_int_equal(ovf.disk[0].file_bytes, 71680);
	assert_int_equal(ovf.disk[0].bytes, UINT64_C(20) << 30);
	assert_string_equal(ovf.disk[1].file, "");
	assert_int_equal(ovf.disk[1].bytes, UINT64_C(1) << 30);
	assert_int_equal(ovf.nets, 1);
	assert_string_equal(ovf.net[0].network, "VM Network");
}

static void virtualbox(void **state)
{
	(void)state;
	assert_int_equal(parse(HEAD "<References><File ovf:id='file1' ovf:href='d.vmdk' ovf:compression='identity'/></References>"
		"<DiskSection><Disk ovf:capacity='8589934592' ovf:diskId='d1' ovf:fileRef='file1' vbox:uuid='u'/></DiskSection>"
		"<VirtualSystem ovf:id='deb'><VirtualHardwareSection>"
		ITEM("3", "<rasd:VirtualQuantity>1</rasd:VirtualQuantity>")
		ITEM("4", "<rasd:AllocationUnits>MegaBytes</rasd:AllocationUnits><rasd:VirtualQuantity>512</rasd:VirtualQuantity>")
		"<EthernetPortItem><epasd:Connection>NAT</epasd:Connection><epasd:ResourceType>10</epasd:ResourceType></EthernetPortItem>"
		"<StorageItem><sasd:HostResource>/disk/d1</sasd:HostResource><sasd:ResourceType>17</sasd:ResourceType></StorageItem>"
		"</VirtualHardwareSection><vbox:Machine name='x'><Hardware><Firmware type='EFI'/></Hardware></vbox:Machine></VirtualSystem></Envelope>"), 0);
	assert_string_equal(ovf.name, "deb");
	assert_int_equal(ovf.memory_bytes, UINT64_C(512) << 20);
	assert_true(ovf.uefi);
	assert_string_equal(ovf.disk[0].file, "d.vmdk");
	assert_string_equal(ovf.net[0].network, "NAT");
}

static void refusals(void **state)
{
	char deep[3000] = HEAD;

	(void)state;
	REFUSED("line 1", "no xml at all");
	REFUSED("line 1", HEAD);
	REFUSED("not the description", "<a/>");
	REFUSED("DOCTYPE", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>");
	REFUSED("more than one machine", HEAD "<VirtualSystem/><VirtualSystem/></Envelope>");
	REFUSED("`../../etc/shadow` is not beside", HEAD "<References><File href='../../etc/shadow' id='a'/></References></Envelope>");
	REFUSED("is not beside", HEAD "<References><File href='http://a/b' id='a'/></References></Envelope>");
	REFUSED("is not beside", HEAD "<References><File href='..' id='a'/></References></Envelope>");
	REFUSED("compressed", HEAD "<References><File href='a' id='a' compression='gzip'/></References></Envelope>");
	REFUSED("in pieces", HEAD "<References><File href='a' id='a' chunkSize='5'/></References></Envelope>");
	REFUSED("difference", HEAD "<DiskSection><Disk diskId='a' parentRef='b'/></DiskSection></Envelope>");
	REFUSED("has no disk `ovf:/disk/x`", HEAD SYSTEM(ITEM("17", "<HostResource>ovf:/disk/x</HostResource>")));
	REFUSED("names no file `f`", HEAD "<DiskSection><Disk diskId='x' fileRef='f'/></DiskSection>"
		SYSTEM(ITEM("17", "<HostResource>ovf:/disk/x</HostResource>")));
	for (unsigned i = 0; i < 100; i++)
		strcat(deep, "<a>");
	REFUSED("too deep", deep);
}

/* What is written is read again as it was. */
static void round_trip(void **state)
{
	struct ovf o = { .name = "web", .memory_bytes = UINT64_C(3) << 29, .vcpus = 3, .disks = 2, .nets = 2, .type = "pvh", .kernel = "/boot/<vmlinuz>",
			 .initrd = "/i", .cmdline = "a=\"b\" c&d" };
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		snprintf(o.disk[i].file, sizeof(o.disk[i].file), "web-disk%u.vmdk", i);
		o.disk[i].file_bytes = 1000 + i;
		o.disk[i].bytes = 2000000 + i;
		strcpy(o.net[i].network, "xenbr0");
	}
	ovf_write(&o, f);
	fclose(f);
	assert_int_equal(parse(text), 0);
	assert_memory_equal(&ovf, &o, sizeof(o));
	free(text);
}

static void archives(void **state)
{
	uint8_t block[TAR_BLOCK];
	struct tar_member m;
	char type;

	(void)state;
	assert_true(tar_header_write(block, "a.vmdk", UINT64_C(20) << 30, 1700000000));
	assert_true(tar_header_read(block, &m, &type));
	assert_string_equal(m.name, "a.vmdk");
	assert_int_equal(m.bytes, UINT64_C(20) << 30);
	assert_int_equal(type, '0');
	block[3] ^= 1;
	assert_false(tar_header_read(block, &m, &type));
	assert_true(tar_header_write(block, "b", 077, 0) && tar_header_read(block, &m, &type));
	assert_int_equal(m.bytes, 077);
	assert_false(tar_header_write(block, "123456789.123456789.123456789.123456789.123456789.123456789.123456789.123456789.123456789.123456789.",
				      1, 0));
	memset(block, 0, sizeof(block));
	assert_false(tar_header_read(block, &m, &type));
	m = (struct tar_member){ 0 };
	tar_pax("19 size=8589934592\n12 path=abc\n", &m);
	assert_int_equal(m.bytes, UINT64_C(8589934592));
	assert_string_equal(m.name, "abc");
	tar_pax("99 path=x\n", &m);
	tar_pax("3 p\n", &m);
	tar_pax("no number", &m);
	assert_string_equal(m.name, "abc");
}

static uint8_t head[1024], tail[512];

static int look(enum image_format *ret, uint64_t bytes)
{
	e = (struct err){ 0 };
	return image_look(head, sizeof(head), tail, sizeof(tail), bytes, ret, &e);
}

#define LOOK_REFUSED(words, bytes) do { assert_int_equal(look(&format, bytes), COMMAND_REFUSED); \
	if (!strstr(e.msg, words)) fail_msg("`%s` is not in `%s`", words, e.msg); } while (0)

static void images(void **state)
{
	enum image_format format;

	(void)state;
	assert_int_equal(look(&format, 5000), 0);
	assert_int_equal(format, IMAGE_RAW);
	LOOK_REFUSED("empty", 0);

	memcpy(head, "QFI\xfb\0\0\0\3", 8);
	assert_int_equal(look(&format, 5000), 0);
	assert_int_equal(format, IMAGE_QCOW2);
	head[15] = 8;
	LOOK_REFUSED("backing file", 5000);
	head[15] = 0;
	head[35] = 1;
	LOOK_REFUSED("encrypted", 5000);
	head[35] = 0;
	head[79] = 4;
	LOOK_REFUSED("data in another file", 5000);
	head[7] = 1;
	LOOK_REFUSED("before qcow2", 5000);

	memset(head, 0, sizeof(head));
	memcpy(head, "KDMV\1", 5);
	LOOK_REFUSED("only names other files", 5000);
	head[12] = 1;
	assert_int_equal(look(&format, 5000), 0);
	assert_int_equal(format, IMAGE_VMDK);
	strcpy((char *)head + 700, "parentFileNameHint=\"/etc/shadow\"");
	LOOK_REFUSED("difference", 5000);

	memset(head, 0, sizeof(head));
	memcpy(head + 0x40, "\x7f\x10\xda\xbe", 4);
	head[0x15b] = 1;	/* its data begin at 16 MiB */
	LOOK_REFUSED("vdi image is cut off", 5000);
	assert_int_equal(look(&format, 1 << 24), 0);
	assert_int_equal(format, IMAGE_VDI);

	memset(head, 0, sizeof(head));
	memcpy(head, "conectix", 8);
	LOOK_REFUSED("vhd image is cut off", 5000);
	memcpy(tail, "conectix", 8);
	assert_int_equal(look(&format, 5000), 0);
	assert_int_equal(format, IMAGE_VHD);
	head[63] = 4;
	LOOK_REFUSED("difference", 5000);
	memset(head, 0, sizeof(head));
	assert_int_equal(look(&format, 5000), 0);
	assert_int_equal(format, IMAGE_VHD);

	strcpy((char *)head, "# Disk DescriptorFile\n");
	memset(tail, 0, sizeof(tail));
	LOOK_REFUSED("-flat.vmdk", 5000);
	memcpy(head, "\x1f\x8b\b", 3);
	LOOK_REFUSED("gzip", 5000);
}

static const char definition[] =
	"<domain type='xen'>\n  <name>web</name>\n  <uuid>00000000-0000-0000-0000-000000000001</uuid>\n  <title>a &amp; b</title>\n"
	"  <memory unit='KiB'>2048</memory>\n  <currentMemory unit='KiB'>1024</currentMemory>\n  <vcpu placement='static' current='1'>2</vcpu>\n"
	"  <os>\n    <type arch='x86_64' machine='xenfv'>hvm</type>\n    <loader readonly='yes' type='pflash'>/usr/share/ovmf/OVMF.fd</loader>\n  </os>\n"
	"  <devices>\n    <disk type='block' device='disk'>\n      <source dev='/dev/vg/vm-web-0'/>\n    </disk>\n"
	"    <disk type='file' device='cdrom'>\n      <source file='/a.iso'/>\n    </disk>\n"
	"    <interface type='bridge'>\n      <mac address='00:16:3e:00:00:01'/>\n      <source bridge='xenbr0'/>\n    </interface>\n"
	"  </devices>\n</domain>\n";

static void definitions(void **state)
{
	const char *from[] = { "/dev/vg/vm-web-0" }, *to[] = { "/dev/vg/vm-new-0" };
	struct vm_spec s;
	char *copy;

	(void)state;
	e = (struct err){ 0 };
	assert_int_equal(domain_read(definition, &s, &e), 0);
	assert_string_equal(s.name, "web");
	assert_int_equal(s.memory_bytes, 1024 * 1024);
	assert_int_equal(s.memory_max_bytes, 2048 * 1024);
	assert_int_equal(s.vcpus, 1);
	assert_int_equal(s.vcpus_max, 2);
	assert_int_equal(s.type, VM_HVM);
	assert_true(s.uefi);
	assert_int_equal(s.disks, 1);
	assert_string_equal(s.disk[0].path, "/dev/vg/vm-web-0");
	assert_string_equal(s.cdrom, "/a.iso");
	assert_int_equal(s.nets, 1);
	assert_string_equal(s.net[0].bridge, "xenbr0");

	assert_int_equal(domain_copy(definition, "new", from, to, 1, &copy, &e), 0);
	assert_non_null(strstr(copy, "<name>new</name>"));
	assert_non_null(strstr(copy, "<title>a &amp; b</title>"));
	assert_non_null(strstr(copy, "<source dev=\"/dev/vg/vm-new-0\"></source>"));
	assert_non_null(strstr(copy, "<source file=\"/a.iso\"></source>"));
	assert_null(strstr(copy, "web"));
	assert_null(strstr(copy, "uuid"));
	assert_null(strstr(copy, "<mac "));
	free(copy);
	assert_int_equal(domain_copy(definition, "new", from, to, 0, &copy, &e), COMMAND_REFUSED);
	assert_non_null(strstr(e.msg, "/dev/vg/vm-web-0 is not in a storage pool"));
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vmware), cmocka_unit_test(virtualbox), cmocka_unit_test(refusals), cmocka_unit_test(round_trip),
		cmocka_unit_test(archives), cmocka_unit_test(images), cmocka_unit_test(definitions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
