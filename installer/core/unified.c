/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unified.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

/* Offsets and values of the PE/COFF specification. */
enum {
	DOS_BYTES = 64,
	DOS_PE_OFFSET = 60,

	COFF_MACHINE = 4, /* counted from the "PE\0\0" signature */
	COFF_SECTIONS = 6,
	COFF_SYMBOLS = 12,
	COFF_SYMBOL_COUNT = 16,
	COFF_OPTIONAL_BYTES = 20,
	COFF_CHARACTERISTICS = 22,
	COFF_BYTES = 24,
	MACHINE_X86_64 = 0x8664,
	SYMBOLS_STRIPPED = 0x0004 | 0x0008, /* line numbers and local symbols */
	SYMBOL_BYTES = 18,

	OPT_MAGIC = 0, /* counted from the optional header */
	OPT_INITIALIZED_BYTES = 8,
	OPT_SECTION_ALIGN = 32,
	OPT_FILE_ALIGN = 36,
	OPT_IMAGE_BYTES = 56,
	OPT_HEADERS_BYTES = 60,
	OPT_CHECKSUM = 64,
	OPT_DIRECTORY_COUNT = 108,
	OPT_DIRECTORIES = 112,
	MAGIC_PE32_PLUS = 0x20b,
	DIRECTORY_BYTES = 8,
	DIRECTORY_SECURITY = 4,
	DIRECTORY_DEBUG = 6,

	SECTION_NAME_BYTES = 8,
	SECTION_MEMORY_BYTES = 8,
	SECTION_ADDRESS = 12,
	SECTION_RAW_BYTES = 16,
	SECTION_RAW = 20,
	SECTION_RELOCATIONS = 24, /* 12 bytes of relocations and line numbers, for object files only */
	SECTION_CHARACTERISTICS = 36,
	SECTION_BYTES = 40,
	SECTIONS_MAX = 96,
};

#define SECTION_INITIALIZED 0x00000040u
#define SECTION_DISCARDABLE 0x02000000u
#define SECTION_READ 0x40000000u
#define SECTION_WRITE 0x80000000u

#define PAGE_BYTES 0x1000u
#define FILE_ALIGN_MIN 0x10u /* Xen is linked with 0x20, less than the specification's 0x200 */
#define FILE_ALIGN_MAX 0x10000u
#define SECTION_ALIGN_MAX 0x40000000u
#define HEADERS_MAX 0x10000u

#define ADDED_MAX 4

const char unified_sbat_default[] = "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"
				    "xen,1,Xen Project,xen,4.20,https://xenproject.org/\n";

struct added {
	const char *name;
	const struct unified_part *part;
	uint32_t characteristics;
};

/* Where things are in the input, and in the result. All in bytes from the start of the file. */
struct layout {
	const uint8_t *xen;
	uint32_t pe, opt, table; /* the same in both files: they come before what moves */
	uint32_t section_count, directory_count;
	uint32_t file_align, section_align;
	uint32_t table_end, headers, body_end; /* input */
	uint32_t memory_end;
	uint32_t new_headers; /* result */
	uint32_t body_padded;
	const struct added *added;
	size_t added_count;
};

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v);
	put16(p + 2, v >> 16);
}

/* @align is a power of two. 64 bits hold any sum of a few 32-bit fields. */
static uint64_t align_up(uint64_t v, uint32_t align)
{
	return (v + align - 1) & ~((uint64_t)align - 1);
}

static bool align_ok(uint32_t align, uint32_t min, uint32_t max)
{
	return align >= min && align <= max && (align & (align - 1)) == 0;
}

static int bad(struct err *err, const char *why)
{
	return err_set(err, -EBADMSG, "not a usable xen.efi: %s", why);
}

/* The fixed headers: everything before the section table. */
static int layout_headers(struct layout *l, size_t xen_bytes, struct err *err)
{
	const uint8_t *coff, *opt;
	uint32_t opt_bytes;

	if (xen_bytes < DOS_BYTES || memcmp(l->xen, "MZ", 2) != 0)
		return bad(err, "no MZ header");
	if (xen_bytes > INT32_MAX)
		return err_set(err, -EFBIG, "xen.efi is larger than 2 GiB");
	l->pe = get32(l->xen + DOS_PE_OFFSET);
	if (l->pe < DOS_BYTES || l->pe % 8 != 0 || (uint64_t)l->pe + COFF_BYTES > xen_bytes)
		return bad(err, "the PE header lies outside the file");
	coff = l->xen + l->pe;
	if (memcmp(coff, "PE\0\0", 4) != 0)
		return bad(err, "no PE signature");
	if (get16(coff + COFF_MACHINE) != MACHINE_X86_64)
		return bad(err, "not built for x86-64");

	l->opt = l->pe + COFF_BYTES;
	opt_bytes = get16(coff + COFF_OPTIONAL_BYTES);
	l->table = l->opt + opt_bytes;
	if (opt_bytes < OPT_DIRECTORIES || l->table > xen_bytes)
		return bad(err, "the optional header is truncated");
	opt = l->xen + l->opt;
	if (get16(opt + OPT_MAGIC) != MAGIC_PE32_PLUS)
		return bad(err, "not a PE32+ file");
	l->directory_count = get32(opt + OPT_DIRECTORY_COUNT);
	if (l->directory_count > (opt_bytes - OPT_DIRECTORIES) / DIRECTORY_BYTES)
		return bad(err, "the data directories do not fit the optional header");

	l->file_align = get32(opt + OPT_FILE_ALIGN);
	l->section_align = get32(opt + OPT_SECTION_ALIGN);
	if (!align_ok(l->file_align, FILE_ALIGN_MIN, FILE_ALIGN_MAX))
		return bad(err, "bad file alignment");
	/* Xen hands the kernel on in whole pages. */
	if (!align_ok(l->section_align, PAGE_BYTES, SECTION_ALIGN_MAX) || l->section_align < l->file_align)
		return bad(err, "bad section alignment");

	l->section_count = get16(coff + COFF_SECTIONS);
	if (l->section_count == 0 || l->section_count > SECTIONS_MAX)
		return bad(err, "absurd number of sections");
	l->table_end = l->table + l->section_count * SECTION_BYTES;
	l->headers = get32(opt + OPT_HEADERS_BYTES);
	if (l->headers > xen_bytes || l->headers > HEADERS_MAX || l->headers % l->file_align != 0 ||
	    l->table_end > l->headers)
		return bad(err, "the size of the headers is wrong");
	for (uint32_t i = l->table_end; i < l->headers; i++)
		if (l->xen[i] != 0)
			return bad(err, "unknown data behind the section table");
	return 0;
}

static int layout_section(struct layout *l, size_t xen_bytes, const uint8_t *section, struct err *err)
{
	uint32_t address = get32(section + SECTION_ADDRESS);
	uint32_t raw = get32(section + SECTION_RAW);
	uint32_t raw_bytes = get32(section + SECTION_RAW_BYTES);
	uint32_t memory_bytes = get32(section + SECTION_MEMORY_BYTES);
	uint64_t end = (uint64_t)address + (memory_bytes ? memory_bytes : raw_bytes);

	for (size_t i = 0; i < l->added_count; i++)
		if (strncmp((const char *)section, l->added[i].name, SECTION_NAME_BYTES) == 0)
			return err_set(err, -EEXIST, "xen.efi already has a section %s: give the plain one",
				       l->added[i].name);
	if (address < l->memory_end)
		return bad(err, "its sections overlap in memory or are not in order");
	if (end > INT32_MAX)
		return bad(err, "a section lies outside the address range");
	l->memory_end = (uint32_t)end;
	if (raw_bytes == 0)
		return 0;
	if (raw < l->headers || raw % l->file_align != 0 || (uint64_t)raw + raw_bytes > xen_bytes)
		return bad(err, "a section lies outside the file");
	if (raw + raw_bytes > l->body_end)
		l->body_end = raw + raw_bytes;
	return 0;
}

/* Finds room for the new sections: more headers push the file contents down, memory addresses stay. */
static int layout_make(struct layout *l, size_t xen_bytes, struct err *err)
{
	uint64_t need;
	int rc;

	rc = layout_headers(l, xen_bytes, err);
	if (rc < 0)
		return rc;
	if (l->section_count + l->added_count > SECTIONS_MAX)
		return bad(err, "too many sections to add any");
	need = align_up(l->table_end + l->added_count * SECTION_BYTES, l->file_align);
	l->new_headers = need > l->headers ? (uint32_t)need : l->headers;
	l->memory_end = l->new_headers;
	l->body_end = l->headers;
	for (uint32_t i = 0; i < l->section_count; i++) {
		rc = layout_section(l, xen_bytes, l->xen + l->table + i * SECTION_BYTES, err);
		if (rc < 0)
			return rc;
	}
	l->body_padded = (uint32_t)align_up(l->body_end - l->headers, l->file_align);
	return 0;
}

/*
 * A section name too long for its 8 bytes is "/N": N bytes into the string table, which follows the symbol
 * table. Both go, so what fits of the name takes the place of the reference.
 */
static int name_shorten(const struct layout *l, size_t xen_bytes, uint8_t *name, struct err *err)
{
	uint32_t symbols = get32(l->xen + l->pe + COFF_SYMBOLS);
	uint64_t at = symbols + (uint64_t)get32(l->xen + l->pe + COFF_SYMBOL_COUNT) * SYMBOL_BYTES;
	const uint8_t *text;
	uint32_t offset = 0;

	if (name[0] != '/' || symbols == 0)
		return 0;
	for (int i = 1; i < SECTION_NAME_BYTES && name[i] != 0; i++) {
		if (name[i] < '0' || name[i] > '9')
			return bad(err, "a section has an unknown kind of name");
		offset = offset * 10 + (name[i] - '0');
	}
	at += offset;
	if (at >= xen_bytes)
		return bad(err, "the name of a section lies outside the file");
	text = l->xen + at;
	memset(name, 0, SECTION_NAME_BYTES);
	for (size_t i = 0; i < SECTION_NAME_BYTES && i < xen_bytes - at && text[i] != 0; i++)
		name[i] = text[i];
	return 0;
}

static int sections_move(const struct layout *l, size_t xen_bytes, uint8_t *headers, struct err *err)
{
	uint32_t shift = l->new_headers - l->headers;

	for (uint32_t i = 0; i < l->section_count; i++) {
		uint8_t *s = headers + l->table + i * SECTION_BYTES;
		uint32_t flags = get32(s + SECTION_CHARACTERISTICS);
		uint32_t raw_bytes = get32(s + SECTION_RAW_BYTES);
		int rc = name_shorten(l, xen_bytes, s, err);

		if (rc < 0)
			return rc;
		put32(s + SECTION_RAW, raw_bytes ? get32(s + SECTION_RAW) + shift : 0);
		memset(s + SECTION_RELOCATIONS, 0, SECTION_CHARACTERISTICS - SECTION_RELOCATIONS);
		/* shim does not load what may be discarded, but Xen relocates itself a second time and stops. */
		if (memcmp(s, ".reloc\0", SECTION_NAME_BYTES) == 0)
			put32(s + SECTION_CHARACTERISTICS, flags & ~SECTION_DISCARDABLE);
	}
	return 0;
}

/* Appends the new section headers; @ret_file_bytes is where the file ends. */
static int sections_add(const struct layout *l, uint8_t *headers, uint64_t *ret_file_bytes, struct err *err)
{
	uint8_t *opt = headers + l->opt;
	uint64_t initialized = get32(opt + OPT_INITIALIZED_BYTES);
	uint64_t raw = (uint64_t)l->new_headers + l->body_padded;
	uint64_t address = align_up(l->memory_end, l->section_align);

	for (size_t i = 0; i < l->added_count; i++) {
		const struct added *a = &l->added[i];
		uint8_t *s = headers + l->table_end + i * SECTION_BYTES;
		uint64_t raw_bytes;

		/* Each bound on its own keeps the sums far from overflow. */
		if (a->part->bytes > INT32_MAX)
			return err_set(err, -EFBIG, "section %s is larger than 2 GiB", a->name);
		raw_bytes = align_up(a->part->bytes, l->file_align);
		memcpy(s, a->name, strlen(a->name));
		put32(s + SECTION_MEMORY_BYTES, (uint32_t)a->part->bytes);
		put32(s + SECTION_ADDRESS, (uint32_t)address);
		put32(s + SECTION_RAW_BYTES, (uint32_t)raw_bytes);
		put32(s + SECTION_RAW, (uint32_t)raw);
		put32(s + SECTION_CHARACTERISTICS, a->characteristics);
		raw += raw_bytes;
		initialized += raw_bytes;
		address = align_up(address + a->part->bytes, l->section_align);
		if (raw > INT32_MAX || address > INT32_MAX || initialized > INT32_MAX)
			return err_set(err, -EFBIG, "the unified image would be larger than 2 GiB");
	}
	put16(headers + l->pe + COFF_SECTIONS, l->section_count + (uint32_t)l->added_count);
	put32(opt + OPT_INITIALIZED_BYTES, (uint32_t)initialized);
	put32(opt + OPT_IMAGE_BYTES, (uint32_t)address);
	*ret_file_bytes = raw;
	return 0;
}

static void directory_drop(const struct layout *l, uint8_t *headers, uint32_t directory)
{
	if (directory < l->directory_count)
		memset(headers + l->opt + OPT_DIRECTORIES + directory * DIRECTORY_BYTES, 0, DIRECTORY_BYTES);
}

/* Sum of little-endian 16-bit words, carry added back in. Every piece of the file starts at an even offset. */
static uint32_t checksum_add(uint32_t sum, const uint8_t *p, size_t bytes)
{
	uint64_t total = sum;

	for (size_t i = 0; i + 1 < bytes; i += 2)
		total += get16(p + i);
	if (bytes % 2 != 0)
		total += p[bytes - 1];
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint32_t)total;
}

static int headers_make(const struct layout *l, size_t xen_bytes, uint8_t *headers, struct err *err)
{
	uint8_t *coff = headers + l->pe;
	uint8_t *opt = headers + l->opt;
	uint64_t file_bytes = 0;
	uint32_t sum;
	int rc;

	memcpy(headers, l->xen, l->table_end);
	rc = sections_move(l, xen_bytes, headers, err);
	if (rc < 0)
		return rc;
	rc = sections_add(l, headers, &file_bytes, err);
	if (rc < 0)
		return rc;
	put32(coff + COFF_SYMBOLS, 0);
	put32(coff + COFF_SYMBOL_COUNT, 0);
	put16(coff + COFF_CHARACTERISTICS, get16(coff + COFF_CHARACTERISTICS) | SYMBOLS_STRIPPED);
	directory_drop(l, headers, DIRECTORY_SECURITY);
	directory_drop(l, headers, DIRECTORY_DEBUG);
	put32(opt + OPT_HEADERS_BYTES, l->new_headers);
	put32(opt + OPT_CHECKSUM, 0);

	sum = checksum_add(0, headers, l->new_headers);
	sum = checksum_add(sum, l->xen + l->headers, l->body_end - l->headers);
	for (size_t i = 0; i < l->added_count; i++)
		sum = checksum_add(sum, l->added[i].part->data, l->added[i].part->bytes);
	put32(opt + OPT_CHECKSUM, sum + (uint32_t)file_bytes);
	return 0;
}

static int piece_write(const void *data, size_t bytes, uint64_t padded, FILE *out, struct err *err)
{
	static const uint8_t zeros[4096];
	uint64_t pad = padded - bytes;

	errno = 0;
	if (fwrite(data, 1, bytes, out) != bytes)
		goto fail;
	while (pad > 0) {
		size_t n = pad < sizeof(zeros) ? (size_t)pad : sizeof(zeros);

		if (fwrite(zeros, 1, n, out) != n)
			goto fail;
		pad -= n;
	}
	return 0;
fail:
	return err_set(err, errno ? -errno : -EIO, "cannot write the unified image: %s", strerror(errno ? errno : EIO));
}

static size_t added_list(const struct unified_parts *parts, struct added *ret_added)
{
	const uint32_t read_only = SECTION_INITIALIZED | SECTION_READ;
	/* Xen cuts the configuration into strings where it lies: firmware that protects sections must let it. */
	const struct added all[ADDED_MAX] = {
		{ ".sbat", &parts->sbat, read_only },
		{ ".config", &parts->config, read_only | SECTION_WRITE },
		{ ".kernel", &parts->kernel, read_only },
		{ ".ramdisk", &parts->ramdisk, read_only },
	};
	size_t n = 0;

	for (size_t i = 0; i < ADDED_MAX; i++)
		if (all[i].part->bytes > 0)
			ret_added[n++] = all[i];
	return n;
}

int unified_write(const struct unified_parts *parts, FILE *out, struct err *err)
{
	struct added added[ADDED_MAX];
	struct layout l = { .xen = parts->xen.data, .added = added };
	uint8_t *headers = NULL;
	int rc;

	if (parts->config.bytes == 0 || parts->kernel.bytes == 0)
		return err_set(err, -EINVAL, "a unified image needs a configuration and a kernel: one is empty");
	l.added_count = added_list(parts, added);
	rc = layout_make(&l, parts->xen.bytes, err);
	if (rc < 0)
		goto out;
	headers = calloc(1, l.new_headers);
	if (!headers) {
		rc = err_set(err, -ENOMEM, "out of memory for the headers of the unified image");
		goto out;
	}
	rc = headers_make(&l, parts->xen.bytes, headers, err);
	if (rc < 0)
		goto out;

	rc = piece_write(headers, l.new_headers, l.new_headers, out, err);
	if (rc < 0)
		goto out;
	rc = piece_write(l.xen + l.headers, l.body_end - l.headers, l.body_padded, out, err);
	for (size_t i = 0; rc == 0 && i < l.added_count; i++)
		rc = piece_write(added[i].part->data, added[i].part->bytes,
				 align_up(added[i].part->bytes, l.file_align), out, err);
out:
	free(headers);
	return rc;
}
