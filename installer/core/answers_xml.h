/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An XML document as a list of its elements, in the order in which they begin. Text is what stands directly in an element,
 * without white space at its ends; attributes without a value count as absent.
 */
#ifndef DOLMEN_CORE_ANSWERS_XML_H
#define DOLMEN_CORE_ANSWERS_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

#define XML_NODES 4096
#define XML_TEXT 65536

struct xml_attr {
	char *name, *value;
};

struct xml_node {
	char *name, *text;		/* text: never NULL once the document is read */
	const struct xml_node *parent;	/* NULL: the root element */
	unsigned attrs;
	struct xml_attr *attr;
	unsigned children;
	bool skip;			/* of the reader: it and what is below it is ignored */
	unsigned long line, col;
	size_t text_n, text_size;
};

struct xml_doc {
	unsigned n;
	struct xml_node *node[XML_NODES];
};

/* NULL, with the reason in ds, when it is not well-formed, too large, or has a DOCTYPE. */
struct xml_doc *xml_read(const char *xml, size_t len, struct diags *ds);
/* Texts are overwritten: there may be passwords. */
void xml_free(struct xml_doc *d);
/* Whether an element of that name is above. */
bool xml_is_inside(const struct xml_node *n, const char *name);

#endif
