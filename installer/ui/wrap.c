/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* The character at s: its length in bytes, at least 1; what cannot be printed counts as one column. */
static size_t character(const char *s, unsigned *ret_columns)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n = mbrtowc(&c, s, MB_CUR_MAX, &state);
	int w;

	*ret_columns = 1;
	if (n == 0 || n > MB_CUR_MAX)
		return 1;
	w = wcwidth(c);
	if (w >= 0)
		*ret_columns = (unsigned)w;
	return n;
}

unsigned wrap_width(const char *s)
{
	unsigned sum = 0, w;

	while (*s) {
		s += character(s, &w);
		sum += w;
	}
	return sum;
}

/* How many bytes of s fit into columns. */
static size_t fitting(const char *s, unsigned columns)
{
	const char *p = s;
	unsigned w;

	while (*p && *p != '\n') {
		size_t n = character(p, &w);

		if (w > columns)
			break;
		columns -= w;
		p += n;
	}
	return (size_t)(p - s);
}

const char *wrap_fit(const char *s, unsigned columns, char *buf, size_t size)
{
	if (wrap_width(s) <= columns)
		snprintf(buf, size, "%s", s);
	else
		snprintf(buf, size, "%.*s~", (int)fitting(s, columns - 1), s);
	return buf;
}

const char *wrap_pad(const char *s, unsigned columns, char *buf, size_t size)
{
	unsigned w = wrap_width(s);

	snprintf(buf, size, "%s%*s", s, w < columns ? (int)(columns - w) : 0, "");
	return buf;
}

char *wrap_text(const char *s, unsigned columns)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	while (*s) {
		size_t line = strcspn(s, "\n"), indent = strspn(s, " "), n = fitting(s, columns), lead;

		if (indent > columns / 2)
			indent = 0;
		lead = indent;
		while (n < line) {		/* the rest of this line goes on below */
			size_t at = n;

			while (at > lead && s[at] != ' ')
				at--;
			if (at <= lead)
				at = n ? n : 1;
			fprintf(out, "%.*s\n%*s", (int)at, s, (int)indent, "");
			s += at;
			line -= at;
			while (line && *s == ' ')
				s++, line--;
			n = fitting(s, columns - (unsigned)indent);
			lead = 0;
		}
		fprintf(out, "%.*s", (int)line, s);
		s += line;
		if (*s == '\n')
			putc(*s++, out);
	}
	return fclose(out) ? NULL : text;
}

unsigned wrap_lines(const char *s)
{
	unsigned n = *s ? 1 : 0;

	for (; *s; s++)
		n += *s == '\n' && s[1];
	return n;
}
