/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "sys/file.h"

/* Where the fields of a header stand. */
enum { NAME = 0, MODE = 100, UID = 108, GID = 116, SIZE = 124, TIME = 136, SUM = 148, TYPE = 156, MAGIC = 257, PREFIX = 345 };
#define PAX_BYTES 8192

static uint64_t octal(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	while (n && *p == ' ')
		p++, n--;
	for (; n && *p >= '0' && *p <= '7'; p++, n--)
		v = v << 3 | (*p - '0');
	return v;
}

/* GNU: the first bit set, then a number of 95 bits, of which nobody needs more than 63. */
static uint64_t number(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	if (!(*p & 0x80))
		return octal(p, n);
	for (unsigned i = n - 8; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/* With blanks where it is written itself. */
static unsigned checksum(const uint8_t *block)
{
	unsigned sum = 8 * ' ';

	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += i >= SUM && i < SUM + 8 ? 0 : block[i];
	return sum;
}

bool tar_header_read(const uint8_t block[TAR_BLOCK], struct tar_member *ret, char *ret_type)
{
	const char *b = (const char *)block;
	bool prefixed = !memcmp(b + MAGIC, "ustar\0", 6) && b[PREFIX];

	*ret = (struct tar_member){ .bytes = number(block + SIZE, 12) };
	snprintf(ret->name, sizeof(ret->name), "%.*s%s%.100s", 155, prefixed ? b + PREFIX : "", prefixed ? "/" : "", b + NAME);
	*ret_type = b[TYPE] ? b[TYPE] : '0';
	return !memcmp(b + MAGIC, "ustar", 5) && checksum(block) == octal(block + SUM, 8) && ret->bytes <= INT64_MAX / 2;
}

bool tar_header_write(uint8_t block[TAR_BLOCK], const char *name, uint64_t bytes, long long time)
{
	char *b = (char *)block;

	memset(block, 0, TAR_BLOCK);
	snprintf(b + MODE, 8, "%07o", 0644);
	snprintf(b + UID, 8, "%07o", 0);
	snprintf(b + GID, 8, "%07o", 0);
	snprintf(b + TIME, 12, "%011llo", time);
	if (bytes < UINT64_C(1) << 33) {
		snprintf(b + SIZE, 12, "%011llo", (unsigned long long)bytes);
	} else {
		block[SIZE] = 0x80;
		for (unsigned i = 0; i < 8; i++)
			block[SIZE + 11 - i] = (uint8_t)(bytes >> 8 * i);
	}
	b[TYPE] = '0';
	memcpy(b + MAGIC, "ustar\0" "00", 8);
	if (!text_copy(b + NAME, 100, name))
		return false;
	snprintf(b + SUM, 8, "%06o", checksum(block));
	b[SUM + 7] = ' ';
	return true;
}

/* Records `LENGTH KEY=VALUE\n`. */
void tar_pax(const char *text, struct tar_member *m)
{
	size_t left = strlen(text);

	while (left) {
		char *end;
		size_t n = strtoul(text, &end, 10);

		if (*end != ' ' || n > left || n < (size_t)(end - text) + 3)
			return;
		if (!strncmp(end, " size=", 6))
			m->bytes = strtoull(end + 6, NULL, 10);
		else if (!strncmp(end, " path=", 6))
			snprintf(m->name, sizeof(m->name), "%.*s", (int)(n - (size_t)(end + 6 - text) - 1), end + 6);
		text += n;
		left -= n;
	}
}

bool tar_is_one(int fd)
{
	uint8_t block[TAR_BLOCK];
	struct tar_member m;
	char type;

	return pread(fd, block, sizeof(block), 0) == sizeof(block) && tar_header_read(block, &m, &type);
}

static int read_pax(struct tar *t, int fd, const struct tar_member *at, struct tar_member *ret, struct err *e)
{
	char text[PAX_BYTES + 1] = "";
	int rc = 0;

	if (at->bytes > PAX_BYTES)
		return err_set(e, COMMAND_REFUSED, "a header of the archive is larger than any that is known");
	rc = file_pread_all(fd, text, (size_t)at->bytes, at->offset, t->path, e);
	tar_pax(text, ret);
	return rc;
}

static int cut_off(struct err *e)
{
	return err_set(e, COMMAND_REFUSED, "this archive is cut off");
}

/* pax: what a header before this one said of it. */
static int take(struct tar *t, struct tar_member *m, const struct tar_member *pax, struct err *e)
{
	if (*pax->name)
		text_copy(m->name, sizeof(m->name), pax->name);
	if (t->n == TAR_MEMBERS)
		return err_set(e, COMMAND_REFUSED, "this archive has more than %d files", TAR_MEMBERS);
	if (!strncmp(m->name, "./", 2))
		memmove(m->name, m->name + 2, strlen(m->name + 2) + 1);
	/* Names are shown. */
	for (char *p = m->name; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	t->member[t->n++] = *m;
	return 0;
}

int tar_open(struct tar *t, int fd, const char *path, struct err *e)
{
	struct tar_member m, pax = { 0 };
	uint8_t block[TAR_BLOCK];
	char type;
	int rc = 0;

	*t = (struct tar){ .bytes = (uint64_t)lseek(fd, 0, SEEK_END) };
	text_copy(t->path, sizeof(t->path), path);
	for (uint64_t at = 0; !rc; ) {
		if (at + TAR_BLOCK > t->bytes)
			return cut_off(e);
		if (file_pread_all(fd, block, sizeof(block), at, path, e))
			return e->code;
		if (!*block)
			break;
		if (!tar_header_read(block, &m, &type))
			return err_set(e, COMMAND_REFUSED, "this archive is damaged");
		if (pax.bytes && type == '0')
			m.bytes = pax.bytes;
		m.offset = at + TAR_BLOCK;
		if (m.bytes > t->bytes || m.offset > t->bytes - m.bytes)
			return cut_off(e);
		if (type == 'x')
			rc = read_pax(t, fd, &m, &pax, e);
		else if (type == '0')
			rc = take(t, &m, &pax, e);
		if (type != 'x')
			pax = (struct tar_member){ 0 };
		at = m.offset + (m.bytes + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
	return rc;
}

const struct tar_member *tar_find(const struct tar *t, const char *name)
{
	for (unsigned i = 0; i < t->n; i++)
		if (!strcmp(t->member[i].name, name))
			return &t->member[i];
	return NULL;
}
