/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "core/text.h"
#include "image.h"

const char *const image_format_text[IMAGE_FORMAT_MAX] = { "raw", "qcow2", "vmdk", "vdi", "vpc", "vhdx" };

struct look {
	const uint8_t *head, *tail;
	size_t head_n, tail_n;
	uint64_t bytes;
};

static uint64_t le(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

static uint64_t be(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static bool begins(const struct look *l, size_t at, const char *what, size_t n)
{
	return l->head_n >= at + n && !memcmp(l->head + at, what, n);
}

static int cut_off(const char *format, struct err *e)
{
	return err_set(e, COMMAND_REFUSED, "this %s image is cut off", format);
}

static int look_qcow2(const struct look *l, struct err *e)
{
	if (l->head_n < 72)
		return cut_off("qcow2", e);
	if (be(l->head + 4, 4) < 2)
		return err_set(e, COMMAND_REFUSED, "this is qcow, the format before qcow2; make it qcow2 first");
	if (be(l->head + 8, 8))
		return err_set(e, COMMAND_REFUSED, "this qcow2 image has a backing file; make one image of both first: qemu-img convert -O qcow2");
	if (be(l->head + 32, 4))
		return err_set(e, COMMAND_REFUSED, "this qcow2 image is encrypted");
	if (be(l->head + 4, 4) >= 3) {
		if (l->head_n < 104)
			return cut_off("qcow2", e);
		if (be(l->head + 72, 8) & 4)
			return err_set(e, COMMAND_REFUSED, "this qcow2 image has its data in another file; make one image of both first: "
				       "qemu-img convert -O qcow2");
	}
	return 0;
}

/* The text that begins at the second sector is searched for parents as qemu searches it. */
static int look_vmdk(const struct look *l, struct err *e)
{
	static const char parent[] = "parentFileNameHint";

	if (l->head_n < 79)
		return cut_off("vmdk", e);
	if (!le(l->head + 12, 8))
		return err_set(e, COMMAND_REFUSED, "this vmdk image only names other files; make one image of them first: qemu-img convert -O qcow2");
	if (l->head_n > 512 && memmem(l->head + 512, l->head_n - 512, parent, sizeof(parent) - 1))
		return err_set(e, COMMAND_REFUSED, "this vmdk image is the difference to another one; consolidate its snapshots before you copy it");
	return 0;
}

static int look_vdi(const struct look *l, struct err *e)
{
	if (l->head_n < 0x188 || l->bytes < le(l->head + 0x158, 4) + le(l->head + 0x178, 4) * le(l->head + 0x184, 4))
		return cut_off("vdi", e);
	return 0;
}

static int look_vhd(const struct look *l, const uint8_t *footer, struct err *e)
{
	if (l->tail_n < IMAGE_TAIL || memcmp(l->tail, "conectix", 8) != 0)
		return cut_off("vhd", e);
	if (be(footer + 60, 4) == 4)
		return err_set(e, COMMAND_REFUSED, "this vhd image is the difference to another one; merge them first");
	return 0;
}

/* What is not the content of a disk, and would be taken for it. */
static const struct other {
	const char *begins;
	size_t n;
	const char *why;
} others[] = {
	{ "\x1f\x8b", 2, "is compressed (gzip); unpack it first" },
	{ "\xfd" "7zXZ\0", 6, "is compressed (xz); unpack it first" },
	{ "\x28\xb5\x2f\xfd", 4, "is compressed (zstd); unpack it first" },
	{ "BZh", 3, "is compressed (bzip2); unpack it first" },
	{ "PK\x03\x04", 4, "is a zip archive; unpack it first" },
	{ "7z\xbc\xaf\x27\x1c", 6, "is a 7z archive; unpack it first" },
	{ "COWD", 4, "is a sparse disk of an old ESX; make it a vmdk first: vmkfstools -i" },
	{ "QED\0", 4, "is qed; make it qcow2 first: qemu-img convert -O qcow2" },
	{ "WithoutFreeSpace", 16, "is of Parallels; make it qcow2 first: qemu-img convert -O qcow2" },
	{ "WithouFreSpacExt", 16, "is of Parallels; make it qcow2 first: qemu-img convert -O qcow2" },
	{ "# Disk DescriptorFile", 21, "only describes a vmdk whose data is in other files; give that (`-flat.vmdk`), or make one image of "
	  "them: qemu-img convert -O qcow2" },
};

static int look_other(const struct look *l, struct err *e)
{
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (begins(l, 0, others[i].begins, others[i].n))
			return err_set(e, COMMAND_REFUSED, "this file %s", others[i].why);
	return l->bytes ? 0 : err_set(e, COMMAND_REFUSED, "this file is empty");
}

int image_look(const uint8_t *head, size_t head_n, const uint8_t *tail, size_t tail_n, uint64_t bytes, enum image_format *ret, struct err *e)
{
	const struct look l = { head, tail, head_n, tail_n, bytes };

	*ret = IMAGE_RAW;
	if (begins(&l, 0, "QFI\xfb", 4)) {
		*ret = IMAGE_QCOW2;
		return look_qcow2(&l, e);
	}
	if (begins(&l, 0, "KDMV", 4)) {
		*ret = IMAGE_VMDK;
		return look_vmdk(&l, e);
	}
	if (begins(&l, 0, "vhdxfile", 8)) {
		*ret = IMAGE_VHDX;
		return 0;
	}
	if (begins(&l, 0x40, "\x7f\x10\xda\xbe", 4)) {
		*ret = IMAGE_VDI;
		return look_vdi(&l, e);
	}
	/* A growing one begins with a copy of its footer; one of fixed size has it at the end only. */
	if (begins(&l, 0, "conectix", 8)) {
		*ret = IMAGE_VHD;
		return look_vhd(&l, head, e);
	}
	if (tail_n == 512 && !memcmp(tail, "conectix", 8)) {
		*ret = IMAGE_VHD;
		return look_vhd(&l, tail, e);
	}
	return look_other(&l, e);
}
