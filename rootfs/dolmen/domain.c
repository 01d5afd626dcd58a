/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "domain.h"

#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/xml_write.h"

struct walk {
	XML_Parser xp;
	struct err *e;
	char at[512];		/* `/domain/devices/disk/source` */
	char text[1024];
	bool is_disk;		/* the <disk> that is open is no CD */
	struct vm_spec *spec;	/* when it is read */
	/* when it is copied */
	FILE *out;
	const char *name, *const *from, *const *to;
	unsigned n;
};

static int stop(struct walk *w, const char *fmt, const char *what)
{
	XML_StopParser(w->xp, XML_FALSE);
	return err_set(w->e, COMMAND_REFUSED, fmt, what);
}

static const char *attr(const char **atts, const char *name)
{
	for (; *atts; atts += 2)
		if (!strcmp(atts[0], name))
			return atts[1];
	return "";
}

static bool is(const struct walk *w, const char *path)
{
	return !strcmp(w->at, path);
}

static void enter(struct walk *w, const char *name, const char **atts)
{
	size_t n = strlen(w->at);

	if (n + strlen(name) + 2 > sizeof(w->at)) {
		stop(w, "the definition is nested too deep%s", "");
		return;
	}
	snprintf(w->at + n, sizeof(w->at) - n, "/%s", name);
	if (is(w, "/domain/devices/disk"))
		w->is_disk = strcmp(attr(atts, "device"), "cdrom") != 0 && strcmp(attr(atts, "device"), "floppy") != 0;
}

static void leave(struct walk *w)
{
	*strrchr(w->at, '/') = 0;
}

static const char *source_of(const char **atts)
{
	const char *file = attr(atts, "file");

	return *file ? file : attr(atts, "dev");
}

static void XMLCALL read_start(void *user, const char *name, const char **atts)
{
	struct walk *w = user;
	struct vm_spec *s = w->spec;

	if (w->e->code)
		return;
	enter(w, name, atts);
	w->text[0] = 0;
	if (is(w, "/domain/devices/disk") && w->is_disk) {
		if (s->disks == SPEC_DISKS)
			stop(w, "it has too many disks%s", "");
		else
			s->disks++;
	} else if (is(w, "/domain/devices/disk/source") && w->is_disk && !w->e->code) {
		text_copy(s->disk[s->disks - 1].path, sizeof(s->disk[0].path), source_of(atts));
	} else if (is(w, "/domain/devices/disk") && !strcmp(attr(atts, "device"), "cdrom")) {
		s->cdrom_drive = true;
	} else if (is(w, "/domain/devices/disk/source") && !w->is_disk) {
		text_copy(s->cdrom, sizeof(s->cdrom), source_of(atts));
	} else if (is(w, "/domain/devices/interface/source") && s->nets < SPEC_NETS) {
		text_copy(s->net[s->nets++].bridge, sizeof(s->net[0].bridge), attr(atts, "bridge"));
	} else if (is(w, "/domain/os/type")) {
		s->type = !strcmp(attr(atts, "machine"), "xenpvh") ? VM_PVH : !strcmp(attr(atts, "machine"), "xenpv") ? VM_PV : VM_HVM;
	} else if (is(w, "/domain/vcpu")) {
		s->vcpus = (unsigned)strtoul(attr(atts, "current"), NULL, 10);
	}
}

static void XMLCALL read_end(void *user, const char *name)
{
	struct walk *w = user;
	struct vm_spec *s = w->spec;
	const char *text = text_trim(w->text);

	(void)name;
	if (w->e->code)
		return;
	if (is(w, "/domain/name"))
		text_copy(s->name, sizeof(s->name), text);
	else if (is(w, "/domain/memory"))
		s->memory_max_bytes = strtoull(text, NULL, 10) * 1024;
	else if (is(w, "/domain/currentMemory"))
		s->memory_bytes = strtoull(text, NULL, 10) * 1024;
	else if (is(w, "/domain/vcpu"))
		s->vcpus_max = (unsigned)strtoul(text, NULL, 10);
	else if (is(w, "/domain/os/loader"))
		s->uefi = strstr(text, "OVMF");
	else if (is(w, "/domain/os/kernel"))
		text_copy(s->kernel, sizeof(s->kernel), text);
	else if (is(w, "/domain/os/initrd"))
		text_copy(s->initrd, sizeof(s->initrd), text);
	else if (is(w, "/domain/os/cmdline"))
		text_copy(s->cmdline, sizeof(s->cmdline), text);
	leave(w);
	w->text[0] = 0;
}

static void XMLCALL read_text(void *user, const char *s, int len)
{
	struct walk *w = user;
	size_t n = strlen(w->text);

	snprintf(w->text + n, sizeof(w->text) - n, "%.*s", len, s);
}

static int walk(struct walk *w, const char *xml, XML_StartElementHandler start, XML_EndElementHandler end, XML_CharacterDataHandler text,
		struct err *e)
{
	w->xp = XML_ParserCreate(NULL);
	w->e = e;
	if (!w->xp)
		return err_set(e, -ENOMEM, "out of memory");
	XML_SetUserData(w->xp, w);
	XML_SetElementHandler(w->xp, start, end);
	XML_SetCharacterDataHandler(w->xp, text);
	if (XML_Parse(w->xp, xml, (int)strlen(xml), 1) == XML_STATUS_ERROR && !e->code)
		err_set(e, -EINVAL, "the definition: %s", XML_ErrorString(XML_GetErrorCode(w->xp)));
	XML_ParserFree(w->xp);
	return e->code;
}

int domain_read(const char *xml, struct vm_spec *ret, struct err *e)
{
	struct walk w = { .spec = ret };
	int rc;

	*ret = (struct vm_spec){ 0 };
	rc = walk(&w, xml, read_start, read_end, read_text, e);
	if (!ret->vcpus)
		ret->vcpus = ret->vcpus_max;
	if (!ret->memory_bytes)
		ret->memory_bytes = ret->memory_max_bytes;
	return rc;
}

static const char *replaced(const struct walk *w, const char *path)
{
	for (unsigned i = 0; i < w->n; i++)
		if (!strcmp(path, w->from[i]))
			return w->to[i];
	return NULL;
}

/* What libvirt chooses anew, or what is only known where it was running. */
static bool is_own(const struct walk *w)
{
	return is(w, "/domain/uuid") || is(w, "/domain/devices/interface/mac") || is(w, "/domain/devices/interface/target");
}

static void XMLCALL copy_start(void *user, const char *name, const char **atts)
{
	struct walk *w = user;
	bool source;

	if (w->e->code)
		return;
	enter(w, name, atts);
	source = is(w, "/domain/devices/disk/source") && w->is_disk;
	if (source && !replaced(w, source_of(atts))) {
		stop(w, "its disk %s is not in a storage pool; two machines cannot share it", source_of(atts));
		return;
	}
	if (is_own(w))
		return;
	fprintf(w->out, "<%s", name);
	for (; *atts; atts += 2) {
		const char *path = source ? replaced(w, atts[1]) : NULL;

		fprintf(w->out, " %s=\"", atts[0]);
		xml_put(w->out, path ? path : atts[1]);
		fputc('"', w->out);
	}
	fputc('>', w->out);
	if (is(w, "/domain/name"))
		xml_put(w->out, w->name);
}

static void XMLCALL copy_end(void *user, const char *name)
{
	struct walk *w = user;

	if (w->e->code)
		return;
	if (!is_own(w))
		fprintf(w->out, "</%s>", name);
	leave(w);
}

static void XMLCALL copy_text(void *user, const char *s, int len)
{
	struct walk *w = user;

	if (is_own(w) || is(w, "/domain/name"))
		return;
	for (int i = 0; i < len; i++)
		xml_put(w->out, (const char[]){ s[i], 0 });
}

int domain_copy(const char *xml, const char *name, const char *const from[], const char *const to[], unsigned n, char **ret, struct err *e)
{
	struct walk w = { .name = name, .from = from, .to = to, .n = n };
	size_t size;
	int rc;

	*ret = NULL;
	w.out = open_memstream(ret, &size);
	if (!w.out)
		return err_set(e, -ENOMEM, "out of memory");
	rc = walk(&w, xml, copy_start, copy_end, copy_text, e);
	fclose(w.out);
	return rc;
}
