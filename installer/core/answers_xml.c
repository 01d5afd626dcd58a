/* SPDX-License-Identifier: GPL-2.0-or-later */
/* There is no DTD in an answer file, hence no entities of its own, hence nothing that could grow. */
#include "answers_xml.h"

#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct building {
	XML_Parser xp;
	struct xml_doc *doc;
	struct diags *ds;
	struct xml_node *open;
	bool stopped;
};

static void stop(struct building *b, const char *why)
{
	if (!b->stopped)
		diag_error(b->ds, (unsigned long)XML_GetCurrentLineNumber64(b->xp), (unsigned long)XML_GetCurrentColumnNumber64(b->xp) + 1,
			   "%s", why);
	b->stopped = true;
	XML_StopParser(b->xp, XML_FALSE);
}

/* What is empty is not there: templates are filled in so. A safeguard that a template lost is none, and is told. */
static bool attr_is_void(const char *name, const char *value)
{
	return !*value && strcmp(name, "confirm-serial") != 0;
}

static bool take_attrs(struct xml_node *n, const char **atts)
{
	unsigned count = 0;

	while (atts[2 * count])
		count++;
	n->attr = calloc(count + 1, sizeof(*n->attr));
	for (; n->attr && *atts; atts += 2) {
		char *name, *value;

		if (attr_is_void(atts[0], atts[1]))
			continue;
		name = strdup(atts[0]);
		value = strdup(atts[1]);
		n->attr[n->attrs].name = name;
		n->attr[n->attrs++].value = value;
		if (!name || !value)
			return false;
		text_trim(value);
	}
	return n->attr;
}

static void XMLCALL on_start(void *user, const char *name, const char **atts)
{
	struct building *b = user;
	struct xml_node *n;

	if (b->stopped)
		return;
	if (b->doc->n == XML_NODES) {
		stop(b, "there are more elements than an answer file can have");
		return;
	}
	n = calloc(1, sizeof(*n));
	if (n) {
		b->doc->node[b->doc->n++] = n;
		n->line = (unsigned long)XML_GetCurrentLineNumber64(b->xp);
		n->col = (unsigned long)XML_GetCurrentColumnNumber64(b->xp) + 1;
		n->parent = b->open;
		n->name = strdup(name);
		n->text = strdup("");
	}
	if (!n || !n->name || !n->text || !take_attrs(n, atts)) {
		stop(b, "out of memory");
		return;
	}
	if (b->open)
		b->open->children++;
	b->open = n;
}

static void XMLCALL on_end(void *user, const char *name)
{
	struct building *b = user;

	(void)name;
	if (b->stopped)
		return;
	text_trim(b->open->text);
	b->open = (struct xml_node *)b->open->parent;
}

/* Not realloc(), which would leave a copy of a password behind. */
static bool text_grow(struct xml_node *n, size_t more)
{
	size_t size = 2 * (n->text_n + more + 1);
	char *text;

	if (n->text_n + more < n->text_size)
		return true;
	text = malloc(size);
	if (!text)
		return false;
	memcpy(text, n->text, n->text_n + 1);
	explicit_bzero(n->text, n->text_n);
	free(n->text);
	n->text = text;
	n->text_size = size;
	return true;
}

static void XMLCALL on_text(void *user, const char *s, int len)
{
	struct building *b = user;
	struct xml_node *n = b->open;

	if (b->stopped || !n)
		return;
	if (n->text_n + (size_t)len > XML_TEXT) {
		stop(b, "an element holds more text than any answer can have");
	} else if (!text_grow(n, (size_t)len)) {
		stop(b, "out of memory");
	} else {
		memcpy(n->text + n->text_n, s, (size_t)len);
		n->text_n += (size_t)len;
		n->text[n->text_n] = 0;
	}
}

static void XMLCALL on_doctype(void *user, const char *name, const char *sysid, const char *pubid, int internal)
{
	(void)name, (void)sysid, (void)pubid, (void)internal;
	stop(user, "an answer file must not have a <!DOCTYPE>; remove it");
}

struct xml_doc *xml_read(const char *xml, size_t len, struct diags *ds)
{
	struct building b = { .ds = ds, .doc = calloc(1, sizeof(*b.doc)), .xp = XML_ParserCreate(NULL) };
	bool good = b.doc && b.xp;

	if (!good)
		diag_error(ds, 0, 0, "out of memory");
	if (good) {
		XML_SetUserData(b.xp, &b);
		XML_SetElementHandler(b.xp, on_start, on_end);
		XML_SetCharacterDataHandler(b.xp, on_text);
		XML_SetStartDoctypeDeclHandler(b.xp, on_doctype);
		good = XML_Parse(b.xp, xml, (int)len, 1) != XML_STATUS_ERROR;
		if (!good && !b.stopped)
			diag_error(ds, (unsigned long)XML_GetCurrentLineNumber64(b.xp), (unsigned long)XML_GetCurrentColumnNumber64(b.xp) + 1,
				   "not well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(b.xp)));
	}
	if (b.xp)
		XML_ParserFree(b.xp);
	if (good)
		return b.doc;
	xml_free(b.doc);
	return NULL;
}

void xml_free(struct xml_doc *d)
{
	for (unsigned i = 0; d && i < d->n; i++) {
		struct xml_node *n = d->node[i];

		for (unsigned k = 0; k < n->attrs; k++) {
			free(n->attr[k].name);
			free(n->attr[k].value);
		}
		if (n->text)
			explicit_bzero(n->text, n->text_n);
		free(n->attr);
		free(n->text);
		free(n->name);
		free(n);
	}
	free(d);
}

bool xml_is_inside(const struct xml_node *n, const char *name)
{
	for (n = n->parent; n; n = n->parent)
		if (!strcmp(n->name, name))
			return true;
	return false;
}
