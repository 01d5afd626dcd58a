/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lvm.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

/* characters of names: lvm(8), VALID NAMES */
#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+_.-"

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return le32toh(v);
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return le64toh(v);
}

/* The first metadata area that the header of the physical volume at `at` names; 0: none. */
static uint64_t metadata_area(const uint8_t *head, size_t n, uint64_t at)
{
	unsigned lists = 0;

	/* a UUID and the size, then two lists of (offset, size), each ended by zeros: data, metadata */
	for (at += 40; at + 16 <= n; at += 16) {
		uint64_t offset = get64(head + at);

		if (lists == 1)
			return offset;
		if (!offset)
			lists++;
	}
	return 0;
}

/* A name and ` {` at p; false: it is something else. */
static bool name_take(const char *p, const char *end, char ret[64])
{
	size_t n = 0;

	while (p + n < end && p[n] && strchr(NAME, p[n]))
		n++;
	if (n == 0 || n > 63 || p + n + 2 > end || memcmp(p + n, " {", 2) != 0)
		return false;
	memcpy(ret, p, n);
	ret[n] = 0;
	return true;
}

/*
 * An LV's section is opened by its name, its first line is its `id`, and what kind it is stands in a segment of it:
 * the last name with an id before the word is the pool's.
 */
static void find_pool(const char *text, const char *end, char ret[64])
{
	const char *word = memmem(text, (size_t)(end - text), "type = \"thin-pool\"", 18);
	char name[64];

	ret[0] = 0;
	for (const char *p = text; word && (p = memchr(p, '\n', (size_t)(word - p))); ) {
		const char *next;

		while (p < word && (*p == '\n' || *p == '\t' || *p == ' '))
			p++;
		next = memchr(p, '\n', (size_t)(word - p));
		if (!next || !name_take(p, word, name))
			continue;
		while (next < word && (*next == '\n' || *next == '\t' || *next == ' '))
			next++;
		if (word - next > 4 && !memcmp(next, "id =", 4))
			memcpy(ret, name, sizeof(name));
	}
}

int lvm_group(const uint8_t *head, size_t n, char ret_vg[64], char ret_pool[64], struct err *e)
{
	uint64_t label, mda, text, bytes;
	const char *p;

	ret_vg[0] = ret_pool[0] = 0;
	for (label = 0; label < 2048 && label + 512 <= n; label += 512)
		if (!memcmp(head + label, "LABELONE", 8) && !memcmp(head + label + 24, "LVM2 001", 8))
			break;
	if (label >= 2048 || label + 512 > n)
		return err_set(e, -EBADMSG, "no LVM label");
	mda = metadata_area(head, n, label + get32(head + label + 20));
	if (!mda)
		return err_set(e, -ENOENT, "no metadata on this physical volume");
	if (mda > n - 512 || memcmp(head + mda + 4, " LVM2 x[5A%r0N*>", 16) != 0)
		return err_set(e, -EBADMSG, "no LVM metadata where the label says");
	text = get64(head + mda + 40);
	bytes = get64(head + mda + 48);
	if (!text || !bytes)
		return err_set(e, -ENOENT, "of no volume group");
	if (text > n - mda || bytes > n - mda - text)
		return err_set(e, -EBADMSG, "LVM metadata beyond its area");
	p = (const char *)head + mda + text;
	if (!name_take(p, p + bytes, ret_vg))
		return err_set(e, -EBADMSG, "LVM metadata does not begin with a name");
	find_pool(p, p + bytes, ret_pool);
	return 0;
}
