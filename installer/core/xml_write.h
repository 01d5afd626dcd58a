/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text as XML has it, also between double quotes. */
#ifndef DOLMEN_CORE_XML_WRITE_H
#define DOLMEN_CORE_XML_WRITE_H

#include <stdio.h>

void xml_put(FILE *out, const char *s);
/* ` NAME="VALUE"`; nothing for "". */
void xml_attr(FILE *out, const char *name, const char *value);
/* An element on a line of its own; none for "". */
void xml_element(FILE *out, const char *indent, const char *name, const char *text);

#endif
