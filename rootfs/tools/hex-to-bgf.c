/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * hex-to-bgf RANGE ... <unifont.hex >font.bgf: at build time, make the font of the frame buffer terminal bterm. A RANGE is
 * two hexadecimal code points, FIRST-LAST; glyphs outside of all are left out.
 *
 * Input is Unifont's text: `CODE:BITS`, 16 rows of 8 or 16 pixels. Output is the memory image that libbogl's
 * bogl_mmap_font() expects on x86-64: "BGF1", struct font with file offsets in place of pointers, then its tables.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEIGHT 16
#define BUCKETS 256		/* glyphs are found by the last 8 bits of their code point */
#define GLYPHS_MAX 65536

struct font {			/* libbogl's struct bogl_font */
	uint64_t name;
	int32_t height, index_mask;
	uint64_t offset;	/* BUCKETS numbers: where each bucket begins in index */
	uint64_t index;		/* pairs (code without its last 8 bits | width, place in content); 0 ends a bucket */
	uint64_t content;	/* a row is 32 bits, the leftmost pixel the highest */
	int32_t default_char, unused;
};

struct glyph {
	uint32_t code, width;
	uint32_t row[HEIGHT];
};

static struct glyph glyph[GLYPHS_MAX];
static unsigned glyphs;

static bool wanted(unsigned long code, char **range)
{
	for (; *range; range++) {
		char *end;
		unsigned long first = strtoul(*range, &end, 16), last = *end == '-' ? strtoul(end + 1, &end, 16) : 0;

		if (*end || last < first) {
			fprintf(stderr, "hex-to-bgf: error: `%s` is no range\n", *range);
			exit(2);
		}
		if (code >= first && code <= last)
			return true;
	}
	return false;
}

/* One line; false when it is none of Unifont's. */
static bool glyph_read(const char *line, char **ranges)
{
	struct glyph *g = &glyph[glyphs];
	char *bits, digits[5] = "";
	unsigned long code = strtoul(line, &bits, 16);
	size_t n, row_digits;

	if (*bits++ != ':')
		return false;
	n = strspn(bits, "0123456789ABCDEFabcdef");
	row_digits = n / HEIGHT;
	if (n % HEIGHT || (row_digits != 2 && row_digits != 4) || (bits[n] != '\n' && bits[n]))
		return false;
	if (!wanted(code, ranges))
		return true;
	if (glyphs == GLYPHS_MAX)
		return false;
	g->code = (uint32_t)code;
	g->width = (uint32_t)row_digits * 4;
	for (unsigned i = 0; i < HEIGHT; i++) {
		memcpy(digits, bits + i * row_digits, row_digits);
		g->row[i] = (uint32_t)strtoul(digits, NULL, 16) << (32 - g->width);
	}
	glyphs++;
	return true;
}

static void font_write(FILE *out)
{
	static const char name[4] = "uni";
	static uint32_t offset[BUCKETS], index[2 * GLYPHS_MAX + BUCKETS];
	struct font f = { .height = HEIGHT, .index_mask = BUCKETS - 1, .default_char = ' ' };
	uint32_t n = 0;

	for (uint32_t b = 0; b < BUCKETS; b++) {
		offset[b] = n;
		for (unsigned i = 0; i < glyphs; i++) {
			if (glyph[i].code % BUCKETS != b)
				continue;
			index[n++] = (glyph[i].code & ~(uint32_t)(BUCKETS - 1)) | glyph[i].width;
			index[n++] = i * HEIGHT;
		}
		index[n++] = 0;
	}
	f.name = 4 + sizeof(f);
	f.offset = f.name + sizeof(name);
	f.index = f.offset + sizeof(offset);
	f.content = f.index + n * sizeof(index[0]);
	fwrite("BGF1", 4, 1, out);
	fwrite(&f, sizeof(f), 1, out);
	fwrite(name, sizeof(name), 1, out);
	fwrite(offset, sizeof(offset), 1, out);
	fwrite(index, sizeof(index[0]), n, out);
	for (unsigned i = 0; i < glyphs; i++)
		fwrite(glyph[i].row, sizeof(glyph[i].row), 1, out);
}

int main(int argc, char **argv)
{
	char line[512];
	unsigned long number = 0;

	(void)argc;
	while (fgets(line, sizeof(line), stdin)) {
		number++;
		if (!glyph_read(line, argv + 1)) {
			fprintf(stderr, "hex-to-bgf: error: line %lu is no glyph: %s", number, line);
			return 1;
		}
	}
	if (!glyphs) {
		fprintf(stderr, "hex-to-bgf: error: no glyph is in these ranges\n");
		return 1;
	}
	font_write(stdout);
	return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
