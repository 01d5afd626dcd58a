/* SPDX-License-Identifier: GPL-2.0-or-later */
/* installer/core/unified.c: a small PE file of our own making, whole, cut short and spoilt. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"
#include "core/unified.h"

/* The made-up xen.efi: four sections, one named by the string table, then a signature. */
enum {
	PE = 0x80,
	COFF = PE + 4,
	OPT = COFF + 20,
	TABLE = OPT + 240,
	SECTIONS = 4,
	TABLE_END = TABLE + SECTIONS * 40,
	TIGHT = (TABLE_END + 31) & ~31, /* no room for another section header */
	ROOMY = 0x400,
	TEXT_BYTES = 0x60,
	DATA_BYTES = 0x40,
	RELOC_BYTES = 0x20,
	TAIL_BYTES = 4 + 22 + 100, /* string table, "signature" */
	SECTION_ALIGN = 0x200000,
	XEN_MAX = 0x1000,
};

struct xen {
	uint8_t *bytes; /* exactly as long as the file: reading past it shows in a sanitizer */
	size_t size, body_end;
};

struct output {
	char *bytes;
	size_t size;
};

static void put(uint8_t *p, unsigned width, uint64_t v)
{
	for (unsigned i = 0; i < width; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get(const void *image, size_t at, unsigned width)
{
	const uint8_t *p = (const uint8_t *)image + at;
	uint32_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= (uint32_t)p[i] << (8 * i);
	return v;
}

static uint32_t section_put(uint8_t *s, const char *name, uint32_t address, uint32_t memory_bytes, uint32_t raw,
			    uint32_t raw_bytes, uint32_t flags)
{
	memcpy(s, name, strlen(name));
	put(s + 8, 4, memory_bytes);
	put(s + 12, 4, address);
	put(s + 16, 4, raw_bytes);
	put(s + 20, 4, raw_bytes ? raw : 0);
	put(s + 36, 4, flags);
	return raw + raw_bytes;
}

static struct xen xen_make(uint32_t headers)
{
	uint8_t b[XEN_MAX] = { 0 };
	struct xen x;
	uint32_t at;

	memcpy(b, "MZ", 2);
	put(b + 60, 4, PE);
	memcpy(b + PE, "PE\0\0", 4);
	put(b + COFF, 2, 0x8664);
	put(b + COFF + 2, 2, SECTIONS);
	put(b + COFF + 16, 2, 240);
	put(b + COFF + 18, 2, 0x022e);
	put(b + OPT, 2, 0x20b);
	put(b + OPT + 8, 4, DATA_BYTES);
	put(b + OPT + 24, 8, 0xffff82d040000000);
	put(b + OPT + 32, 4, SECTION_ALIGN);
	put(b + OPT + 36, 4, 0x20);
	put(b + OPT + 56, 4, 3 * SECTION_ALIGN);
	put(b + OPT + 60, 4, headers);
	put(b + OPT + 108, 4, 16);
	put(b + OPT + 112 + 6 * 8, 8, 0x1c00200000); /* debug directory */

	at = section_put(b + TABLE, ".text", 0x200000, TEXT_BYTES - 1, headers, TEXT_BYTES, 0x60000020);
	at = section_put(b + TABLE + 40, "/4", 0x400000, DATA_BYTES, at, DATA_BYTES, 0xc0000040);
	at = section_put(b + TABLE + 80, ".bss", 0x400040, 0x1000, at, 0, 0xc0000080);
	at = section_put(b + TABLE + 120, ".reloc", 0x401040, RELOC_BYTES, at, RELOC_BYTES, 0x42000040);
	x.body_end = at;
	for (uint32_t i = headers; i < at; i++)
		b[i] = (uint8_t)(i * 7 + 1);
	put(b + COFF + 8, 4, at); /* no symbols, only names */
	put(b + at, 4, 4 + 22);
	memcpy(b + at + 4, ".data.read_mostly", 18);
	put(b + OPT + 112 + 4 * 8, 4, at + 26); /* certificate table */
	put(b + OPT + 112 + 4 * 8 + 4, 4, 100);
	memset(b + at + 26, 0xcc, 100);

	x.size = at + TAIL_BYTES;
	x.bytes = malloc(x.size);
	assert_non_null(x.bytes);
	memcpy(x.bytes, b, x.size);
	return x;
}

static const char config[] = "[global]\ndefault=x\n[x]\nkernel=k a=b\n";
static const char kernel[] = "a kernel of odd length";
static const char ramdisk[] = "RAM disk";

static struct unified_parts parts_make(const struct xen *x)
{
	return (struct unified_parts){
		.xen = { x->bytes, x->size },
		.config = { config, strlen(config) },
		.kernel = { kernel, sizeof(kernel) },
		.ramdisk = { ramdisk, sizeof(ramdisk) },
		.sbat = { unified_sbat_default, strlen(unified_sbat_default) },
	};
}

/* The caller frees ret->bytes. */
static int unify(const struct unified_parts *parts, struct output *ret, struct err *err)
{
	FILE *out = open_memstream(&ret->bytes, &ret->size);
	int rc;

	assert_non_null(out);
	rc = unified_write(parts, out, err);
	assert_int_equal(fclose(out), 0);
	return rc;
}

/* The way the specification words it: bytes at even places and at odd places, added up apart. */
static uint32_t checksum(const uint8_t *image, size_t size)
{
	uint64_t even = 0, odd = 0, sum;

	for (size_t i = 0; i < size; i++) {
		if (i >= OPT + 64 && i < OPT + 68)
			continue;
		if (i % 2 == 0)
			even += image[i];
		else
			odd += image[i];
	}
	sum = even + (odd << 8);
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	return (uint32_t)(sum + size);
}

static size_t section_find(const struct output *o, const char *name)
{
	for (uint32_t i = 0; i < get(o->bytes, COFF + 2, 2); i++)
		if (strncmp(o->bytes + TABLE + i * 40, name, 8) == 0)
			return TABLE + i * 40;
	return 0;
}

/* What must hold for every image that is handed out, whatever went in. */
static void image_check(const struct output *o)
{
	uint32_t count = get(o->bytes, COFF + 2, 2), headers = get(o->bytes, OPT + 60, 4);
	uint32_t pe = get(o->bytes, 60, 4);
	uint64_t file_end = headers, memory_end = headers;

	if (pe != PE)
		return;
	assert_true(TABLE + count * 40 <= headers || get(o->bytes, COFF + 16, 2) != 240);
	if (get(o->bytes, COFF + 16, 2) != 240)
		return;
	for (uint32_t i = 0; i < count; i++) {
		size_t s = TABLE + i * 40;
		uint64_t memory = get(o->bytes, s + 8, 4), address = get(o->bytes, s + 12, 4);
		uint64_t raw_bytes = get(o->bytes, s + 16, 4), raw = get(o->bytes, s + 20, 4);

		assert_true(address >= memory_end);
		memory_end = address + (memory ? memory : raw_bytes);
		if (raw_bytes == 0)
			continue;
		assert_true(raw >= headers && raw + raw_bytes <= o->size);
		if (raw + raw_bytes > file_end)
			file_end = raw + raw_bytes;
	}
	assert_true(memory_end <= get(o->bytes, OPT + 56, 4));
	assert_true(file_end == o->size);
	assert_int_equal(get(o->bytes, OPT + 64, 4), checksum((const uint8_t *)o->bytes, o->size));
}

static void section_check(const struct output *o, const char *name, const struct unified_part *part, uint32_t flags)
{
	size_t s = section_find(o, name);
	uint32_t raw, raw_bytes;

	assert_true(s > 0);
	assert_int_equal(get(o->bytes, s + 8, 4), part->bytes);
	assert_int_equal(get(o->bytes, s + 12, 4) % SECTION_ALIGN, 0);
	raw_bytes = get(o->bytes, s + 16, 4);
	raw = get(o->bytes, s + 20, 4);
	assert_int_equal(raw_bytes, (part->bytes + 31) / 32 * 32);
	assert_int_equal(raw % 32, 0);
	assert_memory_equal(o->bytes + raw, part->data, part->bytes);
	for (size_t i = part->bytes; i < raw_bytes; i++)
		assert_int_equal(o->bytes[raw + i], 0);
	assert_int_equal(get(o->bytes, s + 36, 4), flags);
}

static void whole_check(uint32_t headers, uint32_t want_headers)
{
	struct xen x = xen_make(headers);
	struct unified_parts parts = parts_make(&x);
	struct output o = { 0 }, again = { 0 };
	struct err err = { 0 };
	size_t s;

	assert_int_equal(unify(&parts, &o, &err), 0);
	image_check(&o);
	assert_int_equal(get(o.bytes, COFF + 2, 2), SECTIONS + 4);
	assert_int_equal(get(o.bytes, OPT + 60, 4), want_headers);
	assert_memory_equal(o.bytes + want_headers, x.bytes + headers, x.body_end - headers);
	section_check(&o, ".sbat", &parts.sbat, 0x40000040);
	section_check(&o, ".config", &parts.config, 0xc0000040);
	section_check(&o, ".kernel", &parts.kernel, 0x40000040);
	section_check(&o, ".ramdisk", &parts.ramdisk, 0x40000040);
	assert_int_equal(get(o.bytes, OPT + 56, 4), 7 * SECTION_ALIGN); /* 3 of Xen, 4 of ours */
	assert_int_equal(get(o.bytes, OPT + 8, 4), o.size - want_headers - TEXT_BYTES - RELOC_BYTES);

	/* Memory addresses of Xen's own stay; .reloc is loaded by shim; the long name is cut. */
	s = section_find(&o, ".reloc");
	assert_int_equal(get(o.bytes, s + 12, 4), 0x401040);
	assert_int_equal(get(o.bytes, s + 36, 4), 0x40000040);
	assert_true(section_find(&o, ".data.read_mostly") > 0);
	assert_int_equal(get(o.bytes, section_find(&o, ".bss") + 20, 4), 0);

	/* Symbols, debug directory and signature are gone. */
	assert_int_equal(get(o.bytes, COFF + 8, 4), 0);
	assert_int_equal(get(o.bytes, OPT + 112 + 4 * 8, 4) | get(o.bytes, OPT + 112 + 4 * 8 + 4, 4), 0);
	assert_int_equal(get(o.bytes, OPT + 112 + 6 * 8, 4) | get(o.bytes, OPT + 112 + 6 * 8 + 4, 4), 0);
	assert_null(memmem(o.bytes, o.size, "\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc", 8));

	assert_int_equal(unify(&parts, &again, &err), 0);
	assert_int_equal(again.size, o.size);
	assert_memory_equal(again.bytes, o.bytes, o.size);
	free(again.bytes);
	free(o.bytes);
	free(x.bytes);
}

static void test_headers_grow(void **state)
{
	(void)state;
	whole_check(TIGHT, TIGHT + 4 * 40);
}

static void test_headers_have_room(void **state)
{
	(void)state;
	whole_check(ROOMY, ROOMY);
}

static void test_optional_parts(void **state)
{
	struct xen x = xen_make(TIGHT);
	struct unified_parts parts = parts_make(&x);
	struct output o = { 0 };
	struct err err = { 0 };

	(void)state;
	parts.ramdisk = parts.sbat = (struct unified_part){ NULL, 0 };
	assert_int_equal(unify(&parts, &o, &err), 0);
	image_check(&o);
	assert_int_equal(get(o.bytes, COFF + 2, 2), SECTIONS + 2);
	assert_int_equal(section_find(&o, ".ramdisk") | section_find(&o, ".sbat"), 0);
	free(o.bytes);

	parts = parts_make(&x);
	parts.kernel.bytes = 0;
	assert_int_equal(unify(&parts, &o, &err), -EINVAL);
	free(o.bytes);
	parts = parts_make(&x);
	parts.config.bytes = 0;
	assert_int_equal(unify(&parts, &o, &err), -EINVAL);
	free(o.bytes);
	free(x.bytes);
}

static void test_twice(void **state)
{
	struct xen x = xen_make(TIGHT);
	struct unified_parts parts = parts_make(&x);
	struct output o = { 0 }, twice = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(unify(&parts, &o, &err), 0);
	parts.xen = (struct unified_part){ o.bytes, o.size };
	assert_int_equal(unify(&parts, &twice, &err), -EEXIST);
	assert_non_null(strstr(err.msg, ".sbat"));
	assert_int_equal(twice.size, 0);
	free(twice.bytes);
	free(o.bytes);
	free(x.bytes);
}

static void test_too_large(void **state)
{
	static const size_t sizes[] = { (size_t)INT32_MAX, (size_t)INT32_MAX + 1, (size_t)UINT32_MAX + 40, SIZE_MAX };
	struct xen x = xen_make(TIGHT);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct unified_parts parts = parts_make(&x);
		struct output o = { 0 };
		struct err err = { 0 };

		parts.ramdisk.bytes = sizes[i]; /* must not be read */
		assert_int_equal(unify(&parts, &o, &err), -EFBIG);
		free(o.bytes);

	}
	for (size_t i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct unified_parts parts = parts_make(&x);
		struct output o = { 0 };
		struct err err = { 0 };

		parts.xen.bytes = sizes[i]; /* nor this, but for its first bytes */
		assert_int_equal(unify(&parts, &o, &err), -EFBIG);
		free(o.bytes);
	}
	free(x.bytes);
}

/* 96 sections are the most a file may have. */
static void test_section_count(void **state)
{
	static uint8_t b[0x2000];
	struct xen x = xen_make(TIGHT);
	struct unified_parts parts = parts_make(&x);
	struct err err = { 0 };

	(void)state;
	memcpy(b, x.bytes, TABLE);
	put(b + OPT + 60, 4, sizeof(b));
	for (uint32_t i = 0; i < 92; i++)
		put(b + TABLE + i * 40 + 12, 4, SECTION_ALIGN);
	parts.xen = (struct unified_part){ b, sizeof(b) };
	for (uint32_t count = 92; count <= 93; count++) {
		struct output o = { 0 };

		put(b + COFF + 2, 2, count);
		put(b + TABLE + (count - 1) * 40 + 12, 4, SECTION_ALIGN);
		assert_int_equal(unify(&parts, &o, &err), count == 92 ? 0 : -EBADMSG);
		free(o.bytes);
	}
	assert_non_null(strstr(err.msg, "too many sections"));
	free(x.bytes);
}

/* Sections may not be packed closer in memory than in the file. */
static void test_alignments(void **state)
{
	struct xen x = xen_make(TIGHT);
	struct unified_parts parts = parts_make(&x);
	struct output o = { 0 };
	struct err err = { 0 };

	(void)state;
	put(x.bytes + OPT + 32, 4, 0x1000);
	put(x.bytes + OPT + 36, 4, 0x2000);
	assert_int_equal(unify(&parts, &o, &err), -EBADMSG);
	assert_non_null(strstr(err.msg, "bad section alignment"));
	free(o.bytes);
	free(x.bytes);
}

static void test_write_error(void **state)
{
	struct xen x = xen_make(TIGHT);
	struct unified_parts parts = parts_make(&x);
	struct err err = { 0 };
	FILE *full = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_int_equal(unified_write(&parts, full, &err), -ENOSPC);
	assert_non_null(strstr(err.msg, "No space left"));
	fclose(full);
	free(x.bytes);
}

struct spoil {
	const char *what; /* part of the message */
	size_t at;
	unsigned width;
	uint64_t value;
};

static const struct spoil spoils[] = {
	{ "no MZ", 0, 1, 'X' },
	{ "PE header lies outside", 60, 4, 0xfffffff8 },
	{ "PE header lies outside", 60, 4, PE + 2 },
	{ "PE header lies outside", 60, 4, 0 },
	{ "no PE signature", PE, 1, 'X' },
	{ "not built for x86-64", COFF, 2, 0xaa64 },
	{ "absurd number", COFF + 2, 2, 0 },
	{ "absurd number", COFF + 2, 2, 0xffff },
	{ "size of the headers", COFF + 2, 2, 20 },
	{ "optional header is truncated", COFF + 16, 2, 0 },
	{ "optional header is truncated", COFF + 16, 2, 0xfff0 },
	{ "not a PE32+", OPT, 2, 0x10b },
	{ "bad section alignment", OPT + 32, 4, 0 },
	{ "bad section alignment", OPT + 32, 4, 0x800 },
	{ "bad section alignment", OPT + 32, 4, 0x200001 },
	{ "bad section alignment", OPT + 32, 4, 0x80000000 },
	{ "bad file alignment", OPT + 36, 4, 0 },
	{ "bad file alignment", OPT + 36, 4, 3 },
	{ "bad file alignment", OPT + 36, 4, 0x80000000 },
	{ "size of the headers", OPT + 60, 4, 0 },
	{ "size of the headers", OPT + 60, 4, TIGHT - 1 },
	{ "size of the headers", OPT + 60, 4, 0xffffffe0 },
	{ "data directories", OPT + 108, 4, 17 },
	{ "data directories", OPT + 108, 4, 0xffffffff },
	{ "outside the address range", TABLE + 120 + 8, 4, 0xffffffff },
	{ "overlap", TABLE + 8, 4, 0x7fffffff - 0x200000 },
	{ "overlap", TABLE + 12, 4, 0 },
	{ "overlap", TABLE + 40 + 12, 4, 0x200000 },
	{ "outside the file", TABLE + 16, 4, 0xffffffe0 },
	{ "outside the file", TABLE + 16, 4, XEN_MAX },
	{ "outside the file", TABLE + 20, 4, 0xffffffe0 },
	{ "outside the file", TABLE + 20, 4, 0 },
	{ "outside the file", TABLE + 20, 4, TIGHT + 1 },
	{ "name of a section lies outside", TABLE + 40, 8, 0x393939393939392f }, /* "/9999999" */
	{ "name of a section lies outside", COFF + 12, 4, 0xffffffff },
	{ "unknown kind of name", TABLE + 40, 2, 0x412f }, /* "/A" */
	{ "unknown data behind", TIGHT - 1, 1, 1 },
};

static void test_spoilt(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		const struct spoil *s = &spoils[i];
		struct xen x = xen_make(TIGHT);
		struct unified_parts parts = parts_make(&x);
		struct output o = { 0 };
		struct err err = { 0 };

		put(x.bytes + s->at, s->width, s->value);
		if (unify(&parts, &o, &err) != -EBADMSG || !strstr(err.msg, s->what) || o.size != 0)
			fail_msg("case %zu wants '%s', got %d '%s'", i, s->what, err.code, err.msg);
		free(o.bytes);
		free(x.bytes);
	}
}

static void test_cut_short(void **state)
{
	struct xen x = xen_make(TIGHT);

	(void)state;
	for (size_t size = 0; size <= x.size; size++) {
		uint8_t *cut = malloc(size ? size : 1);
		struct unified_parts parts = parts_make(&x);
		struct output o = { 0 };
		struct err err = { 0 };
		int rc;

		assert_non_null(cut);
		memcpy(cut, x.bytes, size);
		parts.xen = (struct unified_part){ cut, size };
		rc = unify(&parts, &o, &err);
		if (size <= x.body_end + 4) /* the names of sections are needed too */
			assert_int_equal(rc, -EBADMSG);
		else
			assert_int_equal(rc, 0);
		free(o.bytes);
		free(cut);
	}
	free(x.bytes);
}

/* Every byte of the headers, every value: an error or a sound image. */
static void test_every_byte(void **state)
{
	struct xen x = xen_make(TIGHT);
	struct unified_parts parts = parts_make(&x);
	size_t refused = 0;

	(void)state;
	for (size_t at = 0; at < TIGHT; at++) {
		uint8_t was = x.bytes[at];

		for (unsigned value = 0; value < 256; value++) {
			struct output o = { 0 };
			struct err err = { 0 };

			x.bytes[at] = (uint8_t)value;
			if (unify(&parts, &o, &err) == 0)
				image_check(&o);
			else
				refused++;
			free(o.bytes);
		}
		x.bytes[at] = was;
	}
	assert_true(refused > 1000);
	free(x.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_grow),   cmocka_unit_test(test_headers_have_room),
		cmocka_unit_test(test_optional_parts), cmocka_unit_test(test_twice),
		cmocka_unit_test(test_too_large),      cmocka_unit_test(test_write_error),
		cmocka_unit_test(test_spoilt),	       cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_every_byte),     cmocka_unit_test(test_section_count),
		cmocka_unit_test(test_alignments),
	};

	return cmocka_run_group_tests_name("unified", tests, NULL, NULL);
}
