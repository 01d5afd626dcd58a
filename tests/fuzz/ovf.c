/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an import reads of foreign files: the first byte chooses OVF, a header of an archive, or the beginning of an image. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../rootfs/dolmen/image.h"
#include "../../rootfs/dolmen/ovf.h"
#include "../../rootfs/dolmen/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void description(const uint8_t *data, size_t n)
{
	struct err e = { 0 };
	struct ovf o;

	if (ovf_parse(&o, (const char *)data, n, &e))
		return;
	if (o.disks > OVF_DISKS || o.nets > OVF_NETS || o.vcpus > 512)
		abort();
	for (unsigned i = 0; i < o.disks; i++)
		if (strchr(o.disk[i].file, '/') || !strcmp(o.disk[i].file, ".."))
			abort();
}

static void archive(const uint8_t *data, size_t n)
{
	uint8_t block[TAR_BLOCK] = { 0 };
	struct tar_member m;
	char *text, type;

	memcpy(block, data, n < sizeof(block) ? n : sizeof(block));
	if (tar_header_read(block, &m, &type) && m.bytes > INT64_MAX / 2)
		abort();
	text = strndup((const char *)data, n);
	if (text)
		tar_pax(text, &m);
	free(text);
}

static void image(const uint8_t *data, size_t n)
{
	size_t head = n < IMAGE_HEAD ? n : IMAGE_HEAD, tail = n < IMAGE_TAIL ? n : IMAGE_TAIL;
	enum image_format format;
	struct err e = { 0 };

	image_look(data, head, data + n - tail, tail, n, &format, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	(data[0] == 'o' ? description : data[0] == 'a' ? archive : image)(data + 1, n - 1);
	return 0;
}
