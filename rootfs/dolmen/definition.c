/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "definition.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/text.h"
#include "core/xml_write.h"

#define DEPTH 16

struct reader {
	struct definition *d;
	struct err *e;
	unsigned depth;
	char name[DEPTH][32];		/* of the elements that are open */
	char text[256];			/* of the innermost */
	bool cdrom;			/* of the disk that is read */
	char path[256];
	bool file;
};

static const char *attribute(const char **list, const char *name)
{
	for (; *list; list += 2)
		if (!strcmp(list[0], name))
			return list[1];
	return "";
}

static bool inside(const struct reader *r, const char *parent)
{
	return r->depth > 1 && r->depth <= DEPTH && !strcmp(r->name[r->depth - 2], parent);
}

static void too_much(struct reader *r, const char *what)
{
	if (!r->e->code)
		err_set(r->e, COMMAND_REFUSED, "its definition has %s", what);
}

static void add_file(struct reader *r, const char *path)
{
	struct definition *d = r->d;

	if (!*path)
		return;
	if (d->files == DEFINITION_FILES || !text_copy(d->file[d->files], sizeof(d->file[0]), path))
		too_much(r, "too many files, or too long names");
	else
		d->files++;
}

static void begin(void *user, const char *name, const char **list)
{
	struct reader *r = user;

	if (r->depth++ < DEPTH)
		text_copy(r->name[r->depth - 1], sizeof(r->name[0]), name);
	r->text[0] = 0;
	if (!strcmp(name, "disk") && inside(r, "devices")) {
		r->cdrom = !strcmp(attribute(list, "device"), "cdrom") || !strcmp(attribute(list, "device"), "floppy");
		r->file = !strcmp(attribute(list, "type"), "file");
		r->path[0] = 0;
		if (!r->file && strcmp(attribute(list, "type"), "block") != 0)
			too_much(r, "a disk that is neither a file nor a device of the host");
	} else if (!strcmp(name, "source") && inside(r, "disk")) {
		if (!text_copy(r->path, sizeof(r->path), attribute(list, r->file ? "file" : "dev")))
			too_much(r, "a disk with too long a name");
	} else if (!strcmp(name, "source") && inside(r, "interface")) {
		if (r->d->nets == DEFINITION_NETS || !*attribute(list, "bridge") ||
		    !text_copy(r->d->net[r->d->nets], sizeof(r->d->net[0]), attribute(list, "bridge")))
			too_much(r, "too many network interfaces, or one that is on no bridge");
		else
			r->d->nets++;
	} else if (!strcmp(name, "hostdev")) {
		r->d->devices = true;
	} else if (!strcmp(name, "graphics") && !strcmp(attribute(list, "type"), "vnc")) {
		text_copy(r->d->vnc_port, sizeof(r->d->vnc_port), attribute(list, "port"));
	} else if (!strcmp(name, "console") && inside(r, "devices") && !*r->d->tty) {
		text_copy(r->d->tty, sizeof(r->d->tty), attribute(list, "tty"));
	}
}

static void characters(void *user, const char *s, int n)
{
	struct reader *r = user;
	size_t have = strlen(r->text);

	snprintf(r->text + have, sizeof(r->text) - have, "%.*s", n, s);
}

static void end_disk(struct reader *r)
{
	struct definition *d = r->d;

	if (r->cdrom) {
		add_file(r, r->path);
	} else if (d->disks == DEFINITION_DISKS || !*r->path) {
		too_much(r, "too many disks, or one without a source");
	} else {
		text_copy(d->disk[d->disks].path, sizeof(d->disk[0].path), r->path);
		d->disk[d->disks++].file = r->file;
	}
}

static void end(void *user, const char *name)
{
	struct reader *r = user;

	if (!strcmp(name, "disk") && inside(r, "devices"))
		end_disk(r);
	if (inside(r, "os") && (!strcmp(name, "kernel") || !strcmp(name, "initrd") || !strcmp(name, "loader")))
		add_file(r, text_trim(r->text));
	r->text[0] = 0;
	r->depth--;
}

int definition_read(struct definition *ret, const char *xml, struct err *e)
{
	XML_Parser p = XML_ParserCreate(NULL);
	struct reader r = { .d = ret, .e = e };

	*ret = (struct definition){ 0 };
	e->code = 0;
	if (!p)
		return err_set(e, -1, "no memory");
	XML_SetUserData(p, &r);
	XML_SetElementHandler(p, begin, end);
	XML_SetCharacterDataHandler(p, characters);
	if (XML_Parse(p, xml, (int)strlen(xml), 1) != XML_STATUS_OK && !e->code)
		err_set(e, -1, "its definition cannot be read: %s", XML_ErrorString(XML_GetErrorCode(p)));
	XML_ParserFree(p);
	return e->code;
}

/* As libvirt writes an attribute: between single quotes. */
static bool quoted(char *buf, size_t size, const char *path)
{
	FILE *f = fmemopen(buf, size, "w");

	if (!f)
		return false;
	fputc('\'', f);
	xml_put(f, path);
	fputc('\'', f);
	return !fclose(f) && strlen(buf) + 1 < size;
}

char *definition_move(const char *xml, const char *from, const char *to)
{
	char old[1024] = "", new[1024] = "", *copy = NULL;
	const char *at;
	size_t size;
	FILE *f;

	if (!quoted(old, sizeof(old), from) || !quoted(new, sizeof(new), to) || !(at = strstr(xml, old)) || !(f = open_memstream(&copy, &size)))
		return NULL;
	fprintf(f, "%.*s%s%s", (int)(at - xml), xml, new, at + strlen(old));
	if (fclose(f)) {
		free(copy);
		return NULL;
	}
	return copy;
}
