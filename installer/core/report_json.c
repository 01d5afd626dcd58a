/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

static const char *const result_text[REPORT_RESULT_MAX] = { "complete", "failed", "refused" };

/* The length of the UTF-8 character at s (RFC 3629); 0: it is none. */
static size_t utf8_length(const unsigned char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
	uint32_t c = n < 2 ? s[0] : s[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return n && (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) ? 0 : n;
}

static void write_string(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', out);
	while (*s) {
		size_t n = utf8_length(s);

		if (n == 0)
			fputs("\\ufffd", out);
		else if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(out, "\\u%04x", *s);
		else
			fwrite(s, 1, n, out);
		s += n ? n : 1;
	}
	fputc('"', out);
}

static void write_member(FILE *out, const char *name, const char *value)
{
	write_string(out, name);
	fputc(':', out);
	write_string(out, value);
	fputc(',', out);
}

void report_fill(struct report *r, const struct answers *a, const struct plan *p)
{
	text_copy(r->url, sizeof(r->url), a->report_url);
	text_copy(r->hostname, sizeof(r->hostname), a->mode == MODE_UPGRADE ? "" : a->hostname);	/* which keeps its own */
	text_copy(r->disk, sizeof(r->disk), p && p->targets ? p->target[0].disk.path : a->primary.name);
	r->addresses = 0;
	if (a->ipv4 == IPV4_STATIC && *a->address)
		text_copy(r->address[r->addresses++], sizeof(r->address[0]), a->address);
	if (a->ipv6 == IPV6_STATIC && *a->address6)
		text_copy(r->address[r->addresses++], sizeof(r->address[0]), a->address6);
}

void report_write(const struct report *r, FILE *out)
{
	fputc('{', out);
	write_member(out, "product", "Dolmen");
	write_member(out, "version", r->version);
	write_member(out, "result", result_text[r->result]);
	write_member(out, "error", r->error);
	if (*r->hostname)
		write_member(out, "hostname", r->hostname);
	fputs("\"addresses\":[", out);
	for (unsigned i = 0; i < r->addresses; i++) {
		if (i)
			fputc(',', out);
		write_string(out, r->address[i]);
	}
	fputs("],", out);
	write_member(out, "disk", r->disk);
	if (*r->ssh_fingerprint)
		write_member(out, "ssh_fingerprint", r->ssh_fingerprint);
	fprintf(out, "\"seconds\":%lu}\n", r->seconds);
}
