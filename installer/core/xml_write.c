/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xml_write.h"

void xml_put(FILE *out, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		default: fputc(*s, out);
		}
}

void xml_attr(FILE *out, const char *name, const char *value)
{
	if (!*value)
		return;
	fprintf(out, " %s=\"", name);
	xml_put(out, value);
	fputc('"', out);
}

void xml_element(FILE *out, const char *indent, const char *name, const char *text)
{
	if (!*text)
		return;
	fprintf(out, "%s<%s>", indent, name);
	xml_put(out, text);
	fprintf(out, "</%s>\n", name);
}
