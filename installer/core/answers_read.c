/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The XML is read by expat. There is no DTD in an answer file, hence no entities of its own, hence nothing that could
 * grow. What resembles a known name is an error with a suggestion, what resembles nothing a warning.
 */
#include "answers_read.h"

#include <errno.h>
#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static struct read_level *top(const struct reader *r)
{
	return (struct read_level *)&r->level[r->depth - 1];
}

struct answer_place read_place(const struct reader *r)
{
	return top(r)->at;
}

const char *read_name(const struct reader *r)
{
	return top(r)->el->name;
}

void read_wrong(struct reader *r, const char *fmt, ...)
{
	char buf[900];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	diag_error(r->ds, top(r)->at.line, top(r)->at.col, "%s", buf);
}

void read_warn(struct reader *r, const char *fmt, ...)
{
	char buf[900];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	diag_warning(r->ds, top(r)->at.line, top(r)->at.col, "%s", buf);
}

const char *read_attr(const struct reader *r, const char *name)
{
	const struct read_level *l = top(r);

	for (unsigned i = 0; i < READ_ATTRS && l->el->attrs[i]; i++)
		if (!strcmp(l->el->attrs[i], name))
			return *l->value[i] ? l->value[i] : NULL;
	return NULL;
}

static struct answer_place here(const struct reader *r)
{
	return (struct answer_place){ (unsigned long)XML_GetCurrentLineNumber64(r->xp),
				      (unsigned long)XML_GetCurrentColumnNumber64(r->xp) + 1 };
}

/* The element whose count of occurrences this one shares. */
static const struct element *counted(const struct element *el)
{
	for (const struct element *x = read_elements; el->same && x->name; x++)
		if (!strcmp(x->name, el->same))
			return x;
	return el;
}

bool read_seen(const struct reader *r, const char *name, struct answer_place *ret_at)
{
	for (const struct element *x = read_elements; x->name; x++)
		if (!strcmp(x->name, name) && r->seen[x - read_elements].line) {
			*ret_at = r->seen[x - read_elements];
			return true;
		}
	return false;
}

static bool is_inside(const struct reader *r, const char *name)
{
	for (unsigned i = 0; i < r->depth && i < READ_DEPTH; i++)
		if (r->level[i].el && !strcmp(r->level[i].el->name, name))
			return true;
	return false;
}

/* ---- names ---- */

static const char *nearest_element(const char *name)
{
	const char *list[READ_ELEMENTS + 1];
	unsigned n = 0;

	for (const struct element *x = read_elements; x->name && n < READ_ELEMENTS; x++)
		list[n++] = x->name;
	list[n] = NULL;
	return names_nearest_of(list, name);
}

/* NULL, and said why, for what is not known. Below an unknown element other unknown ones are passed over in silence. */
static const struct element *element_find(struct reader *r, const char *name, struct answer_place at)
{
	const char *belongs = NULL, *near;

	for (const struct element *x = read_elements; x->name; x++) {
		if (strcmp(x->name, name) != 0)
			continue;
		if (!x->inside || is_inside(r, x->inside))
			return x;
		belongs = x->inside;
	}
	near = belongs ? NULL : nearest_element(name);
	if (belongs)
		diag_error(r->ds, at.line, at.col, "<%s> belongs into <%s>", name, belongs);
	else if (near)
		diag_error(r->ds, at.line, at.col, "unknown element <%s>; did you mean <%s>?", name, near);
	else if (r->level[r->depth - 1].el)
		diag_warning(r->ds, at.line, at.col, "unknown element <%s> is ignored", name);
	return NULL;
}

static const struct element *root_find(struct reader *r, const char *name, struct answer_place at)
{
	for (const struct element *x = read_roots; x->name; x++)
		if (!strcmp(x->name, name))
			return x;
	diag_error(r->ds, at.line, at.col, "the root element is <%s>; an answer file starts with <installation>", name);
	return NULL;
}

/* The value goes where the name stands first; an old name's value to that of the name behind it. */
static void take_attr(struct reader *r, const char *name, const char *value)
{
	struct read_level *l = top(r);
	const char *plain[READ_ATTRS + 1], *near;
	unsigned i;

	for (i = 0; i < READ_ATTRS && l->el->attrs[i]; i++)
		plain[i] = l->el->attrs[i] + (*l->el->attrs[i] == '-');
	plain[i] = NULL;
	for (i = 0; plain[i] && strcmp(plain[i], name) != 0; i++)
		;
	if (!plain[i]) {
		near = names_nearest_of(plain, name);
		if (near)
			read_wrong(r, "<%s> has no attribute `%s`; did you mean `%s`?", l->el->name, name, near);
		else
			read_warn(r, "<%s>: unknown attribute `%s` is ignored", l->el->name, name);
		return;
	}
	if (*l->el->attrs[i] == '-') {
		const char *new_name = plain[i + 1];

		read_warn(r, "<%s>: `%s` is the old name of `%s`", l->el->name, name, new_name);
		for (i = 0; strcmp(plain[i], new_name) != 0; i++)
			;
	}
	if (*l->value[i] && strcmp(l->value[i], value) != 0)
		read_wrong(r, "<%s>: `%s` is given twice, with different values", l->el->name, l->el->attrs[i]);
	if (!text_copy(l->value[i], sizeof(l->value[i]), value))
		read_wrong(r, "<%s>: the value of `%s` is too long", l->el->name, name);
	text_trim(l->value[i]);
}

/* ---- expat's callbacks ---- */

static void element_open(struct reader *r)
{
	struct read_level *l = top(r);
	struct answer_place *seen;

	if (l->el->refused) {
		read_wrong(r, "<%s> %s", l->el->name, l->el->refused);
	} else if (l->el->ignored) {
		read_warn(r, "<%s> %s", l->el->name, l->el->ignored);
	} else if (r->depth > 1) {
		seen = &r->seen[counted(l->el) - read_elements];
		if (seen->line && !l->el->repeat)
			read_wrong(r, "a second <%s>; the first is on line %lu", l->el->name, seen->line);
		if (!seen->line)
			*seen = l->at;
	}
	if (l->el->old)
		read_warn(r, "<%s> is the old name of %s", l->el->name, l->el->old);
	if (l->el->start)
		l->el->start(r);
}

static void XMLCALL on_start(void *user, const char *name, const char **atts)
{
	struct reader *r = user;
	struct answer_place at = here(r);
	struct read_level *l;
	const struct element *el;

	if (r->depth >= READ_DEPTH) {
		if (r->depth++ == READ_DEPTH)
			diag_error(r->ds, at.line, at.col, "<%s> is nested deeper than %d levels", name, READ_DEPTH);
		return;
	}
	el = r->depth ? element_find(r, name, at) : root_find(r, name, at);
	l = &r->level[r->depth++];
	memset(l, 0, sizeof(*l));
	l->el = el;
	l->at = at;
	if (!el)
		return;
	/* What is ignored or refused as a whole needs no judgement of its parts. */
	for (; *atts && !el->ignored && !el->refused; atts += 2)
		take_attr(r, atts[0], atts[1]);
	element_open(r);
}

static void XMLCALL on_end(void *user, const char *name)
{
	struct reader *r = user;
	struct read_level *l;
	char *text;

	(void)name;
	if (r->depth > READ_DEPTH) {
		r->depth--;
		return;
	}
	l = top(r);
	if (l->el && !l->el->ignored && !l->el->refused) {
		text = text_trim(l->text);
		if (l->too_long)
			read_wrong(r, "<%s> contains more than %zu characters", l->el->name, sizeof(l->text) - 1);
		else if (!l->el->text && *text)
			read_wrong(r, "<%s> contains the text `%.40s`; it holds only elements", l->el->name, text);
		else if (l->el->end)
			l->el->end(r, text);
	}
	explicit_bzero(l->text, sizeof(l->text));
	r->depth--;
}

static void XMLCALL on_text(void *user, const char *s, int len)
{
	struct reader *r = user;
	struct read_level *l;
	size_t n;

	if (!r->depth || r->depth > READ_DEPTH)
		return;
	l = top(r);
	n = strlen(l->text);
	if (n + (size_t)len >= sizeof(l->text)) {
		l->too_long = true;
		return;
	}
	memcpy(l->text + n, s, (size_t)len);
	l->text[n + (size_t)len] = 0;
}

static void XMLCALL on_doctype(void *user, const char *name, const char *sysid, const char *pubid, int internal)
{
	struct reader *r = user;
	struct answer_place at = here(r);

	(void)name, (void)sysid, (void)pubid, (void)internal;
	diag_error(r->ds, at.line, at.col, "an answer file must not have a <!DOCTYPE>; remove it");
	XML_StopParser(r->xp, XML_FALSE);
}

static void read_all(struct reader *r, const char *xml, size_t len)
{
	struct answer_place at;

	XML_SetUserData(r->xp, r);
	XML_SetElementHandler(r->xp, on_start, on_end);
	XML_SetCharacterDataHandler(r->xp, on_text);
	XML_SetStartDoctypeDeclHandler(r->xp, on_doctype);
	if (XML_Parse(r->xp, xml, (int)len, 1) != XML_STATUS_ERROR) {
		read_finish(r);
		return;
	}
	at = here(r);
	if (XML_GetErrorCode(r->xp) != XML_ERROR_ABORTED)
		diag_error(r->ds, at.line, at.col, "not well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(r->xp)));
}

int answers_parse(struct answers *a, const char *xml, size_t len, const struct names *names, bool strict,
		  struct diags *ds)
{
	struct reader *r;

	answers_defaults(a);
	ds->strict = ds->strict || strict;
	if (len > ANSWERS_MAX_BYTES) {
		diag_error(ds, 0, 0, "the answer file has %zu bytes; at most %u are read", len, ANSWERS_MAX_BYTES);
		return -EINVAL;
	}
	r = calloc(1, sizeof(*r));
	if (r)
		r->xp = XML_ParserCreate(NULL);
	if (!r || !r->xp) {
		free(r);
		diag_error(ds, 0, 0, "out of memory");
		return -ENOMEM;
	}
	r->a = a;
	r->ds = ds;
	r->names = names;
	read_all(r, xml, len);
	XML_ParserFree(r->xp);
	explicit_bzero(r, sizeof(*r));
	free(r);
	return ds->errors ? -EINVAL : 0;
}
