/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bootentry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gpt.h"

#define GLOBAL_VARIABLE "8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* in the variable: attributes of the variable and of the option, bytes of the device path, then the label */
enum { PATH_BYTES = 8, LABEL = 10 };
/* in a node of the device path; the last three of a node for a partition */
enum { N_TYPE = 0, N_SUBTYPE = 1, N_BYTES = 2, N_GUID = 24, N_SIGNATURE = 41, N_END = 42 };
enum { TYPE_MEDIA = 4, SUBTYPE_PARTITION = 1, SIGNATURE_GUID = 2 };

static unsigned get16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static int number_read(const char *name, unsigned *ret)
{
	char *end;

	if (strncmp(name, "Boot", 4) != 0 || strspn(name + 4, "0123456789ABCDEFabcdef") != 4)
		return -ENOENT;		/* BootOrder, BootCurrent */
	*ret = (unsigned)strtoul(name + 4, &end, 16);
	return strcmp(end, "-" GLOBAL_VARIABLE) ? -ENOENT : 0;
}

/* Where the label ends; 0: nowhere. */
static size_t label_read(const uint8_t *data, size_t n, char *ret, size_t size)
{
	size_t k = 0;

	for (size_t at = LABEL; at + 2 <= n; at += 2) {
		unsigned c = get16(data + at);

		if (k + 1 < size)
			ret[k++] = (char)(!c ? 0 : c < 32 || c > 126 ? '?' : (int)c);
		if (!c) {
			ret[size - 1] = 0;
			return at + 2;
		}
	}
	return 0;
}

int boot_entry_read(const char *name, const uint8_t *data, size_t n, struct boot_entry *ret)
{
	size_t at, end, bytes;
	int rc = number_read(name, &ret->number);

	if (rc)
		return rc;
	at = n > LABEL ? label_read(data, n, ret->label, sizeof(ret->label)) : 0;
	if (!at || get16(data + PATH_BYTES) > n - at)
		return -EBADMSG;
	for (end = at + get16(data + PATH_BYTES); end - at >= 4; at += bytes) {
		const uint8_t *node = data + at;

		bytes = get16(node + N_BYTES);
		if (bytes < 4 || bytes > end - at)
			return -EBADMSG;
		if (node[N_TYPE] != TYPE_MEDIA || node[N_SUBTYPE] != SUBTYPE_PARTITION || bytes < N_END ||
		    node[N_SIGNATURE] != SIGNATURE_GUID)
			continue;
		gpt_guid_format(node + N_GUID, ret->part_guid);
		return 0;
	}
	return -ENOENT;
}
