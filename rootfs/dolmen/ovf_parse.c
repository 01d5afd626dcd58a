/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names are looked at without their prefix: it differs from writer to writer. There is no DTD in an OVF file. */
#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/text.h"
#include "ovf.h"

#define DEPTH 32
#define FILES 64
#define TEXT 512
#define ID 96

/* ResourceType, of CIM_ResourceAllocationSettingData. What holds a disk is called this way or that. */
enum { PROCESSOR = 3, MEMORY = 4, ETHERNET = 10, DISK = 17, STORAGE_EXTENT = 19, LOGICAL_DISK = 31 };

struct parsing {
	XML_Parser xp;
	struct ovf *o;
	struct err *e;
	unsigned depth;
	char open[DEPTH][64], text[TEXT];
	unsigned files, disks, systems;
	struct file { char id[ID], href[256]; uint64_t bytes; } file[FILES];
	struct disk { char id[ID], file[ID]; uint64_t bytes; } disk[FILES];
	/* The Item that is open, and what the disks among those before said where they are. */
	struct item { bool bound; unsigned type; uint64_t quantity; char units[64], connection[64], host[ID]; } item;
	char host[OVF_DISKS][ID];
};

static void refuse(struct parsing *p, const char *fmt, const char *what)
{
	if (!p->e->code)
		err_set(p->e, COMMAND_REFUSED, fmt, what);
	XML_StopParser(p->xp, XML_FALSE);
}

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static const char *attr(const char **atts, const char *name)
{
	for (; *atts; atts += 2)
		if (!strcmp(local(atts[0]), name))
			return atts[1];
	return "";
}

static bool parent_is(const struct parsing *p, const char *name)
{
	return p->depth >= 1 && !strcmp(p->open[p->depth - 1], name);
}

/* `byte * 2^20`, and the words of the first writers; "" is otherwise. 0: it is none that is known. */
static uint64_t unit(const char *text, uint64_t otherwise)
{
	static const struct { const char *name; unsigned shift; } known[] = {
		{ "byte", 0 }, { "bytes", 0 }, { "KiloBytes", 10 }, { "KB", 10 }, { "MegaBytes", 20 }, { "MB", 20 }, { "GigaBytes", 30 },
		{ "GB", 30 }, { "TeraBytes", 40 },
	};
	unsigned power;

	if (!*text)
		return otherwise;
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(text, known[i].name))
			return UINT64_C(1) << known[i].shift;
	return sscanf(text, "byte * 2 ^ %u", &power) == 1 && power < 50 ? UINT64_C(1) << power : 0;
}

static uint64_t quantity(const char *text)
{
	return text_only(text, "0123456789") && strlen(text) < 20 ? strtoull(text, NULL, 10) : 0;
}

/* n of a unit, in bytes; 0: that is no size. */
static uint64_t size_of(uint64_t n, const char *units, uint64_t otherwise)
{
	uint64_t bytes;

	return __builtin_mul_overflow(n, unit(units, otherwise), &bytes) || bytes > INT64_MAX / 2 ? 0 : bytes;
}

static void take_file(struct parsing *p, const char **atts)
{
	const char *href = attr(atts, "href"), *compression = attr(atts, "compression");
	struct file *f = &p->file[p->files];

	if (p->files == FILES)
		refuse(p, "it names too many files%s", "");
	else if (*compression && strcmp(compression, "identity") != 0)
		refuse(p, "its file %.100s is compressed beyond its format; unpack it first", href);
	else if (*attr(atts, "chunkSize"))
		refuse(p, "its file %.100s is in pieces; join them first", href);
	else if (!*href || strpbrk(href, "/:\\") || *href == '.')
		refuse(p, "its file `%.100s` is not beside it", href);
	else if (!text_copy(f->href, sizeof(f->href), href) || !text_copy(f->id, sizeof(f->id), attr(atts, "id")))
		refuse(p, "the name of its file `%.100s` is too long", href);
	else
		p->file[p->files++].bytes = quantity(attr(atts, "size"));
}

static void take_disk(struct parsing *p, const char **atts)
{
	struct disk *d = &p->disk[p->disks];

	if (p->disks == FILES)
		refuse(p, "it has too many disks%s", "");
	else if (*attr(atts, "parentRef"))
		refuse(p, "its disk %.90s is the difference to another one; export it without snapshots", attr(atts, "diskId"));
	else if (!text_copy(d->id, sizeof(d->id), attr(atts, "diskId")) || !text_copy(d->file, sizeof(d->file), attr(atts, "fileRef")))
		refuse(p, "the name of its disk `%.90s` is too long", attr(atts, "diskId"));
	else
		p->disk[p->disks++].bytes = size_of(quantity(attr(atts, "capacity")), attr(atts, "capacityAllocationUnits"), 1);
}

static void take_ours(struct ovf *o, const char **atts)
{
	text_copy(o->type, sizeof(o->type), attr(atts, "type"));
	text_copy(o->kernel, sizeof(o->kernel), attr(atts, "kernel"));
	text_copy(o->initrd, sizeof(o->initrd), attr(atts, "initrd"));
	text_copy(o->cmdline, sizeof(o->cmdline), attr(atts, "cmdline"));
}

static bool is_item(const char *name)
{
	return !strcmp(name, "Item") || !strcmp(name, "StorageItem") || !strcmp(name, "EthernetPortItem");
}

static void XMLCALL on_start(void *user, const char *full, const char **atts)
{
	struct parsing *p = user;
	const char *name = local(full);

	if (p->e->code)
		return;
	if (!strcmp(name, "File") && parent_is(p, "References"))
		take_file(p, atts);
	else if (!strcmp(name, "Disk") && parent_is(p, "DiskSection"))
		take_disk(p, atts);
	else if (!strcmp(name, "VirtualSystem") && p->systems++)
		refuse(p, "it is of more than one machine%s", "");
	else if (!strcmp(name, "VirtualSystem"))
		text_copy(p->o->name, sizeof(p->o->name), attr(atts, "id"));
	else if (is_item(name))	/* a range of what it may have is not what it has */
		p->item = (struct item){ .bound = *attr(atts, "bound") };
	else if (!strcmp(name, "Config") && !strcmp(attr(atts, "key"), "firmware"))
		p->o->uefi = !strcmp(attr(atts, "value"), "efi");
	else if (!strcmp(name, "Firmware") && !strncmp(attr(atts, "type"), "EFI", 3))
		p->o->uefi = true;
	else if (!strcmp(name, "MachineSection"))
		take_ours(p->o, atts);
	if (p->depth == DEPTH)
		refuse(p, "its elements are nested too deep%s", "");
	else
		text_copy(p->open[p->depth++], sizeof(p->open[0]), name);
	p->text[0] = 0;
}

static bool is_disk(const struct item *i)
{
	return *i->host && (i->type == DISK || i->type == STORAGE_EXTENT || i->type == LOGICAL_DISK);
}

static void end_item(struct parsing *p)
{
	const struct item *i = &p->item;
	struct ovf *o = p->o;

	/* What comes later is another choice of the same (ovf:configuration). */
	if (i->bound)
		return;
	if (i->type == PROCESSOR && !o->vcpus && i->quantity <= 512)
		o->vcpus = (unsigned)i->quantity;
	else if (i->type == MEMORY && !o->memory_bytes)
		o->memory_bytes = size_of(i->quantity, i->units, UINT64_C(1) << 20);
	else if (i->type == ETHERNET && o->nets == OVF_NETS)
		refuse(p, "it has more network interfaces than a machine can have here%s", "");
	else if (i->type == ETHERNET)
		text_copy(o->net[o->nets++].network, sizeof(o->net[0].network), i->connection);
	else if (is_disk(i) && o->disks == OVF_DISKS)
		refuse(p, "it has more disks than a machine can have here%s", "");
	else if (is_disk(i))
		text_copy(p->host[o->disks++], ID, i->host);
}

static void XMLCALL on_end(void *user, const char *full)
{
	struct parsing *p = user;
	const char *name = local(full), *text;
	struct item *i = &p->item;

	if (p->e->code)
		return;
	p->depth--;
	text = text_trim(p->text);
	if (!strcmp(name, "Name") && parent_is(p, "VirtualSystem") && *text)
		text_copy(p->o->name, sizeof(p->o->name), text);
	else if (is_item(name))
		end_item(p);
	else if (!p->depth || !is_item(p->open[p->depth - 1]))
		;
	else if (!strcmp(name, "ResourceType"))
		i->type = (unsigned)quantity(text);
	else if (!strcmp(name, "VirtualQuantity"))
		i->quantity = quantity(text);
	else if (!strcmp(name, "AllocationUnits"))
		text_copy(i->units, sizeof(i->units), text);
	else if (!strcmp(name, "Connection"))
		text_copy(i->connection, sizeof(i->connection), text);
	else if (!strcmp(name, "HostResource"))
		text_copy(i->host, sizeof(i->host), text);
	p->text[0] = 0;
}

/* Longer ones are of elements that nobody here reads. */
static void XMLCALL on_text(void *user, const char *s, int len)
{
	struct parsing *p = user;
	size_t have = strlen(p->text), n = sizeof(p->text) - 1 - have;

	if ((size_t)len < n)
		n = (size_t)len;
	memcpy(p->text + have, s, n);
	p->text[have + n] = 0;
}

static void XMLCALL on_doctype(void *user, const char *name, const char *sysid, const char *pubid, int internal)
{
	(void)name, (void)sysid, (void)pubid, (void)internal;
	refuse(user, "it has a <!DOCTYPE>, which OVF has not%s", "");
}

static int find_file(struct parsing *p, const char *id, struct ovf_disk *ret)
{
	for (unsigned i = 0; i < p->files; i++)
		if (!strcmp(p->file[i].id, id)) {
			text_copy(ret->file, sizeof(ret->file), p->file[i].href);
			ret->file_bytes = p->file[i].bytes;
			return 0;
		}
	return err_set(p->e, COMMAND_REFUSED, "it names no file `%.90s`, which a disk of it is", id);
}

/* `ovf:/disk/ID` or `ovf:/file/ID` */
static int find_disk(struct parsing *p, const char *host, struct ovf_disk *ret)
{
	const char *id = strrchr(host, '/');

	if (id && strstr(host, "/file/"))
		return find_file(p, id + 1, ret);
	for (unsigned i = 0; id && i < p->disks; i++)
		if (!strcmp(p->disk[i].id, id + 1)) {
			ret->bytes = p->disk[i].bytes;
			return *p->disk[i].file ? find_file(p, p->disk[i].file, ret) : 0;
		}
	return err_set(p->e, COMMAND_REFUSED, "it has no disk `%.90s`, which its machine has", host);
}

int ovf_parse(struct ovf *ret, const char *xml, size_t n, struct err *e)
{
	struct parsing *p = calloc(1, sizeof(*p));
	int rc = 0;

	*ret = (struct ovf){ 0 };
	if (p)
		*p = (struct parsing){ .o = ret, .e = e, .xp = XML_ParserCreate(NULL) };
	if (!p || !p->xp) {
		free(p);
		return err_set(e, -ENOMEM, "out of memory");
	}
	XML_SetUserData(p->xp, p);
	XML_SetElementHandler(p->xp, on_start, on_end);
	XML_SetCharacterDataHandler(p->xp, on_text);
	XML_SetStartDoctypeDeclHandler(p->xp, on_doctype);
	if (XML_Parse(p->xp, xml, (int)n, 1) == XML_STATUS_ERROR && !e->code)
		err_set(e, COMMAND_REFUSED, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber64(p->xp), XML_ErrorString(XML_GetErrorCode(p->xp)));
	if (!e->code && !p->systems)
		err_set(e, COMMAND_REFUSED, "it is not the description of a machine");
	for (unsigned i = 0; i < ret->disks && !e->code; i++)
		find_disk(p, p->host[i], &ret->disk[i]);
	rc = e->code;
	XML_ParserFree(p->xp);
	free(p);
	return rc;
}
