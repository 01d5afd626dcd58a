/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything is looked at before anything is made, and what was made goes when a later step fails. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json.h"
#include "core/text.h"
#include "iso.h"
#include "spec.h"
#include "storage.h"
#include "sys/file.h"
#include "virt.h"

#define MIB (UINT64_C(1024) * 1024)

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

/* A raw image; the disk is as large, or larger when --disk says so. */
static int check_import(struct vm_spec *s, struct err *e)
{
	char head[4] = "", size[32];
	struct spec_disk *d = &s->disk[0];
	uint64_t bytes;
	int fd = *s->import ? open(s->import, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return 0;
	bytes = (uint64_t)lseek(fd, 0, SEEK_END);
	if (pread(fd, head, 4, 0) == 4 && !memcmp(head, "QFI\xfb", 4))
		err_set(e, COMMAND_REFUSED, "--import %.200s: this is qcow2; make it raw first: qemu-img convert -O raw", s->import);
	else if (d->bytes && d->bytes < bytes)
		err_set(e, COMMAND_REFUSED, "--import %.200s: its %s do not fit into --disk", s->import, text_size(bytes, size, sizeof(size)));
	close(fd);
	if (!d->bytes)
		d->bytes = (bytes + MIB - 1) / MIB * MIB;
	return e->code;
}

static int check_bridge(const char *bridge, struct err *e)
{
	const char *root = getenv("DOLMEN_ROOT");
	char path[300];

	snprintf(path, sizeof(path), "%s/sys/class/net/%s/bridge", root ? root : "", bridge);
	return access(path, F_OK) < 0 ? err_set(e, COMMAND_REFUSED, "there is no bridge `%s`", bridge) : 0;
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

static int check_name(virConnectPtr conn, const char *name, struct err *e)
{
	virDomainPtr d = virDomainLookupByName(conn, name);
	static struct volumes volumes;
	int rc;

	if (d) {
		virDomainFree(d);
		return err_set(e, COMMAND_REFUSED, "there is a virtual machine `%s` already", name);
	}
	rc = storage_list(name, &volumes, e);
	if (!rc && volumes.n)
		rc = err_set(e, COMMAND_REFUSED, "there is a disk %s already, of a machine that is gone", volumes.v[0].name);
	return rc;
}

static int check(virConnectPtr conn, const struct pool *pool, struct vm_spec *s, bool start, struct err *e)
{
	uint64_t bytes = 0;
	int rc = check_name(conn, s->name, e) || check_file("kernel", s->kernel, e) || check_file("initrd", s->initrd, e) ||
		 check_file("cdrom", s->cdrom, e) || check_file("import", s->import, e) || check_import(s, e) ||
		 check_memory(conn, s, start, e) ? e->code : 0;

	for (unsigned i = 0; i < s->nets && !rc; i++)
		rc = check_bridge(s->net[i].bridge, e);
	for (unsigned i = 0; i < s->disks; i++)
		bytes += s->disk[i].bytes;
	return rc ? rc : storage_room(pool, bytes, e);
}

static bool is_zero(const char *p, size_t n)
{
	return n == 0 || (!*p && !memcmp(p, p + 1, n - 1));
}

static int copy_all(int from, int to, uint64_t bytes, bool sparse, const struct vm_spec *s, char *block, struct err *e)
{
	for (uint64_t at = 0; at < bytes; at += MIB) {
		size_t n = bytes - at < MIB ? (size_t)(bytes - at) : MIB;

		if (command_stopped)
			return err_set(e, -EINTR, "%s: given up", s->import);
		if (file_pread_all(from, block, n, at, s->import, e))
			return e->code;
		if (!(sparse && is_zero(block, n)) && file_pwrite_all(to, block, n, at, s->disk[0].path, e))
			return e->code;
	}
	return fsync(to) < 0 ? err_set(e, -errno, "%s: %s", s->disk[0].path, strerror(errno)) : 0;
}

/* sparse: the disk is all zeros, so zeros need no room. */
static int fill_first_disk(const struct vm_spec *s, bool sparse, struct err *e)
{
	int from, to, rc;
	char *block;

	if (!*s->import)
		return 0;
	from = open(s->import, O_RDONLY | O_CLOEXEC);
	to = open(s->disk[0].path, O_WRONLY | O_CLOEXEC);
	block = malloc(MIB);
	if (from < 0 || to < 0 || !block)
		rc = err_set(e, -errno, "%.200s to %s: %s", s->import, s->disk[0].path, strerror(errno));
	else
		rc = copy_all(from, to, (uint64_t)lseek(from, 0, SEEK_END), sparse, s, block, e);
	free(block);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return rc;
}

/* Takes away what a failed creation left, but not below a machine that there is all the same. The reason stays in the error. */
static void undo(const struct pool *pool, const struct vm_spec *s, unsigned disks, virDomainPtr d)
{
	struct err ignored;
	char name[VOLUME_NAME];

	if (d && (virDomainUndefine(d) < 0 || virDomainIsActive(d) != 0))
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

static int make(virConnectPtr conn, const struct pool *pool, struct vm_spec *s, bool autostart, bool start, struct err *e)
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
		rc = fill_first_disk(s, pool->kind != POOL_THICK, e);
	if (!rc && !(d = define(conn, s, e)))
		rc = e->code;
	if (!rc && autostart && virDomainSetAutostart(d, 1) < 0)
		rc = virt_error(e, "%s cannot be made to start with the host", s->name);
	if (!rc && start && virDomainCreate(d) < 0)
		rc = virt_error(e, "%s does not start", s->name);
	if (rc)
		undo(pool, s, made, d);
	if (d)
		virDomainFree(d);
	return rc;
}

static void print(const struct call *c, const struct vm_spec *s, bool start)
{
	struct json j = { .out = c->out };

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
	bool start = call_option(c, "start"), autostart = call_option(c, "autostart");
	virConnectPtr conn = NULL;
	struct pool pool;
	struct vm_spec s;
	int rc = spec_fill(&s, c, e) || iso_resolve(s.cdrom, e) || pool_open(call_option(c, "storage"), &pool, e) || virt_open(&conn, e) || check(conn, &pool, &s, start, e) ||
		 make(conn, &pool, &s, autostart, start, e) ? e->code : 0;

	if (!rc)
		print(c, &s, start);
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
	{ "import", "FILE", "fill the first disk from a raw image" },
	{ "type", "TYPE", "pv, pvh or hvm; pvh with --kernel, else hvm" },
	{ "uefi", NULL, "boot by UEFI instead of BIOS" },
	{ "autostart", NULL, "start it with the host" },
	{ "start", NULL, "start it now" },
	{ 0 }
};

const struct command command_vm_create = { "vm create", "NAME", "create a virtual machine",
	"  dolmen vm create web --memory 2G --vcpus 2 --disk 20G --net xenbr0 --cdrom /storage/debian.iso --start\n"
	"Nothing is made when something is wrong.\n", options, create_run };
