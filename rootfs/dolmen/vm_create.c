/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything is looked at before anything is made, and what was made goes when a later step fails. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json.h"
#include "core/text.h"
#include "import.h"
#include "iso.h"
#include "spec.h"
#include "storage.h"
#include "virt.h"

static int check_file(const char *option, const char *path, struct err *e)
{
	struct stat st;

	if (!*path)
		return 0;
	if (stat(path, &st) < 0 || access(path, R_OK) < 0)
		return err_set(e, COMMAND_REFUSED, "--%s %.200s: %s", option, path, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return err_set(e, COMMAND_REFUSED, "--%s %.200s: this is not a file", option, path);
	return 0;
}

static int check_memory(virConnectPtr conn, const struct vm_spec *s, bool start, struct err *e)
{
	char want[32], have[32];
	uint64_t room = 0;
	virNodeInfo node;

	if (start)
		room = virNodeGetFreeMemory(conn);
	else if (!virNodeGetInfo(conn, &node))
		room = (uint64_t)node.memory * 1024;
	if (room && s->memory_bytes > room)
		return err_set(e, COMMAND_REFUSED, "there is no room for %s of memory: %s %s", text_size(s->memory_bytes, want, sizeof(want)),
			       text_size(room, have, sizeof(have)), start ? "are free" : "are all that this host has");
	return 0;
}

static int check(virConnectPtr conn, const struct pool *pool, struct vm_spec *s, struct import *import, const struct call *c, struct err *e)
{
	uint64_t bytes = 0;
	int rc = virt_is_free(conn, s->name, e) || check_file("kernel", s->kernel, e) || check_file("initrd", s->initrd, e) ||
		 check_file("cdrom", s->cdrom, e) || check_file("import", s->import, e) || import_open(import, s, c, e) ||
		 check_memory(conn, s, call_option(c, "start"), e) ? e->code : 0;

	for (unsigned i = 0; i < s->nets && !rc; i++)
		if (!virt_has_bridge(s->net[i].bridge))
			rc = err_set(e, COMMAND_REFUSED, "there is no bridge `%s`", s->net[i].bridge);
	for (unsigned i = 0; i < s->disks; i++)
		bytes += s->disk[i].bytes;
	return rc || storage_room(pool, bytes, e) || import_room(import, pool, e) ? e->code : 0;
}

/* Takes away what a failed creation left, but not below a machine that there is all the same. The reason stays in the error. */
static void undo(const struct pool *pool, const struct vm_spec *s, unsigned disks, virDomainPtr d)
{
	struct err ignored;
	char name[VOLUME_NAME];

	if (d && (virDomainIsActive(d) != 0 || virDomainUndefine(d) < 0))
		return;
	for (unsigned i = 0; i < disks; i++) {
		snprintf(name, sizeof(name), "vm-%s-%u", s->name, i);
		storage_remove(pool, name, &ignored);
	}
}

static virDomainPtr define(virConnectPtr conn, const struct vm_spec *s, struct err *e)
{
	virDomainPtr d = NULL;
	char *xml = NULL;
	size_t n;
	FILE *f = open_memstream(&xml, &n);

	if (f) {
		spec_write_xml(s, f);
		fclose(f);
		d = virDomainDefineXML(conn, xml);
	}
	if (!d)
		virt_error(e, "%s cannot be defined", s->name);
	free(xml);
	return d;
}

static int make(virConnectPtr conn, const struct pool *pool, struct vm_spec *s, const struct import *import, const struct call *c, struct err *e)
{
	virDomainPtr d = NULL;
	unsigned made = 0;
	int rc = 0;

	command_begin();
	while (made < s->disks && !rc) {
		s->disk[made].file = pool_has_files(pool);
		rc = storage_create(pool, s->name, made, s->disk[made].bytes, s->disk[made].path, e);
		made += !rc;
	}
	if (!rc)
		rc = import_fill(import, s, e);
	if (!rc && !(d = define(conn, s, e)))
		rc = e->code;
	if (!rc && call_option(c, "autostart") && virDomainSetAutostart(d, 1) < 0)
		rc = virt_error(e, "%s cannot be made to start with the host", s->name);
	if (!rc && call_option(c, "start") && virDomainCreate(d) < 0)
		rc = virt_error(e, "%s does not start", s->name);
	if (rc)
		undo(pool, s, made, d);
	if (d)
		virDomainFree(d);
	return rc;
}

static void print(const struct call *c, const struct vm_spec *s)
{
	struct json j = { .out = c->out };
	bool start = call_option(c, "start");

	if (!c->json) {
		fprintf(c->out, start ? "%s was created and started\n" : "%s was created; start it: dolmen vm start %s\n", s->name, s->name);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", s->name);
	json_text(&j, "type", vm_type_text[s->type]);
	json_array(&j, "disks");
	for (unsigned i = 0; i < s->disks; i++)
		json_text(&j, NULL, s->disk[i].path);
	json_array_end(&j);
	json_bool(&j, "started", start);
	json_object_end(&j);
	json_end(&j);
}

static int create_run(struct call *c, struct err *e)
{
	static struct import import;
	virConnectPtr conn = NULL;
	struct pool pool;
	struct vm_spec s;
	int rc = spec_fill(&s, c, e) || iso_resolve(s.cdrom, e) || pool_open(call_option(c, "storage"), &pool, e) || virt_open(&conn, e) ||
		 check(conn, &pool, &s, &import, c, e) || make(conn, &pool, &s, &import, c, e) ? e->code : 0;

	if (!rc)
		print(c, &s);
	if (conn)
		virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "memory", "SIZE", "512M, 2G; 1G when not given" },
	{ "memory-max", "SIZE", "what `vm set --memory` may give it while it runs" },
	{ "vcpus", "N", "processors; 1 when not given" },
	{ "vcpus-max", "N", "what `vm set --vcpus` may give it while it runs" },
	{ "disk", "SIZE", "a disk, made in the storage pool; may be given again" },
	{ "storage", "POOL", "where its disks are made; see `dolmen storage list`" },
	{ "net", "BRIDGE", "a network interface on a bridge: xenbr0; may be given again" },
	{ "cdrom", "ISO", "a CD, booted while the disk is empty: a file, or an ISO of a pool" },
	{ "kernel", "FILE", "boot this Linux kernel" },
	{ "initrd", "FILE", "with this initramfs" },
	{ "cmdline", "WORDS", "and this kernel command line" },
	{ "import", "FILE", "make its disk of an image (qcow2, raw, vmdk, vdi, vhd), or of an OVA" },
	{ "type", "TYPE", "pv, pvh or hvm; pvh with --kernel, else hvm" },
	{ "uefi", NULL, "boot by UEFI instead of BIOS" },
	{ "autostart", NULL, "start it with the host" },
	{ "start", NULL, "start it now" },
	{ 0 }
};

const struct command command_vm_create = { "vm create", "NAME", "create a virtual machine",
	"  dolmen vm create web --memory 2G --vcpus 2 --disk 20G --net xenbr0 --cdrom /storage/debian.iso --start\n"
	"Nothing is made when something is wrong.\n", options, create_run };
