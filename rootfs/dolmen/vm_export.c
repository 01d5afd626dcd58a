/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of a machine that runs are exported from snapshots, which are made in one moment and go at the end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json.h"
#include "core/text.h"
#include "domain.h"
#include "ova_write.h"
#include "virt.h"

/* No snapshot of a person's has this name. */
#define SNAPSHOT ".export"

/* Of one call; the volumes are large. */
static struct work {
	virConnectPtr conn;
	virDomainPtr machine;
	char path[IMAGE_PATH];
	struct vm_spec spec;
	struct volumes volumes;
	struct image image[SPEC_DISKS];
	/* of a machine that runs: of which volume a snapshot was made, where it is */
	const struct volume *made[SPEC_DISKS];
	char from[SPEC_DISKS][VOLUME_PATH];
} work;

/* Where it is to go: a file that is not there yet, in a folder that is. */
static int check_path(struct work *w, const char *path, const char *name, struct err *e)
{
	struct stat st;
	bool folder = !stat(path, &st) && S_ISDIR(st.st_mode);
	char in[IMAGE_PATH];

	if (*path != '/')
		return err_set(e, COMMAND_REFUSED, "%.100s: write the whole path, from /", path);
	if ((size_t)snprintf(w->path, sizeof(w->path), folder ? "%s/%s.ova" : "%s", path, name) >= sizeof(w->path) - 32)
		return err_set(e, COMMAND_REFUSED, "%.100s: the path is too long", path);
	if (!stat(w->path, &st))
		return err_set(e, COMMAND_REFUSED, "%s is there already", w->path);
	snprintf(in, sizeof(in), "%.*s", (int)(strrchr(w->path, '/') + 1 - w->path), w->path);
	return access(in, W_OK) < 0 ? err_set(e, COMMAND_REFUSED, "%s: %s", in, strerror(errno)) : 0;
}

/* The volume that is a disk of the definition; NULL: it is not one of ours. */
static const struct volume *volume_of(const struct work *w, const char *path)
{
	char at[VOLUME_PATH];

	for (unsigned i = 0; i < w->volumes.n; i++) {
		storage_path(w->volumes.v[i].pool, w->volumes.v[i].name, at);
		if (!*w->volumes.v[i].snapshot && !strcmp(at, path))
			return &w->volumes.v[i];
	}
	return NULL;
}

static void snapshot_name(const struct volume *v, char ret[VOLUME_NAME])
{
	snprintf(ret, VOLUME_NAME, "%s+" SNAPSHOT, v->name);
}

static void drop_snapshots(struct work *w)
{
	char name[VOLUME_NAME];
	struct err ignored;

	for (unsigned i = 0; i < w->spec.disks; i++)
		if (w->made[i]) {
			snapshot_name(w->made[i], name);
			storage_remove(w->made[i]->pool, name, &ignored);
		}
}

static int take_snapshot(struct work *w, unsigned i, struct err *e)
{
	const struct volume *v = volume_of(w, w->spec.disk[i].path);
	char name[VOLUME_NAME];
	struct err ignored;

	snapshot_name(v, name);
	storage_path(v->pool, name, w->from[i]);
	/* An export that was cut off left one. */
	for (unsigned k = 0; k < w->volumes.n; k++)
		if (!strcmp(w->volumes.v[k].name, name))
			storage_remove(v->pool, name, &ignored);
	if (!storage_copy(v->pool, v->name, name, true, e))
		w->made[i] = v;
	return e->code;
}

static int take_snapshots(void *user, struct err *e)
{
	struct work *w = user;
	int rc = 0;

	for (unsigned i = 0; i < w->spec.disks && !rc; i++)
		rc = take_snapshot(w, i, e);
	return rc;
}

static int check_disks(struct work *w, bool runs, struct err *e)
{
	for (unsigned i = 0; i < w->spec.disks; i++) {
		const char *path = w->spec.disk[i].path;
		const struct volume *v = volume_of(w, path);

		if (runs && (!v || v->pool->kind != POOL_THIN))
			return err_set(e, COMMAND_REFUSED, "%s runs, and its disks are not on thin storage; shut it down first", w->spec.name);
		text_copy(w->from[i], sizeof(w->from[i]), path);
		if (access(path, R_OK) < 0)
			return err_set(e, COMMAND_REFUSED, "%s: %s", path, strerror(errno));
	}
	return 0;
}

static void describe(const struct vm_spec *s, struct ovf *o)
{
	*o = (struct ovf){ .memory_bytes = s->memory_bytes, .vcpus = s->vcpus, .uefi = s->uefi, .disks = s->disks, .nets = s->nets };
	text_copy(o->name, sizeof(o->name), s->name);
	for (unsigned i = 0; i < s->nets; i++)
		text_copy(o->net[i].network, sizeof(o->net[i].network), s->net[i].bridge);
	text_copy(o->type, sizeof(o->type), vm_type_text[s->type]);
	text_copy(o->kernel, sizeof(o->kernel), s->kernel);
	text_copy(o->initrd, sizeof(o->initrd), s->initrd);
	text_copy(o->cmdline, sizeof(o->cmdline), s->cmdline);
}

static int check(struct work *w, const struct call *c, bool *ret_runs, struct err *e)
{
	char *xml = NULL;
	int rc;

	if (virt_open(&w->conn, e) || virt_machine(w->conn, c->argument[0], &w->machine, e) || check_path(w, c->argument[1], c->argument[0], e))
		return e->code;
	*ret_runs = virDomainIsActive(w->machine) == 1;
	xml = virDomainGetXMLDesc(w->machine, VIR_DOMAIN_XML_INACTIVE);
	rc = !xml ? virt_error(e, "%s", c->argument[0]) : domain_read(xml, &w->spec, e) || virt_volumes(w->machine, &w->volumes, e) ||
	     check_disks(w, *ret_runs, e) ? e->code : 0;
	free(xml);
	return rc;
}

static int export(struct work *w, const struct call *c, struct err *e)
{
	struct ovf ovf;
	bool runs = false;
	int rc = check(w, c, &runs, e);

	if (rc)
		return rc;
	command_begin();
	if (runs)
		rc = virt_in_one_moment(w->machine, take_snapshots, w, e);
	for (unsigned i = 0; i < w->spec.disks && !rc; i++)
		rc = image_of_disk(&w->image[i], w->from[i], e);
	describe(&w->spec, &ovf);
	if (!rc)
		rc = ova_write(w->path, &ovf, w->image, e);
	drop_snapshots(w);
	return rc;
}

static int export_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct work *w = &work;
	struct stat st = { 0 };
	char size[32];
	int rc = export(w, c, e);

	if (!rc)
		stat(w->path, &st);
	if (!rc && !c->json)
		fprintf(c->out, "%s was exported: %s, %s\n", c->argument[0], w->path, text_size((uint64_t)st.st_size, size, sizeof(size)));
	if (!rc && c->json) {
		json_object(&j, NULL);
		json_text(&j, "name", c->argument[0]);
		json_text(&j, "file", w->path);
		json_number(&j, "bytes", (uint64_t)st.st_size);
		json_object_end(&j);
		json_end(&j);
	}
	if (w->machine)
		virDomainFree(w->machine);
	if (w->conn)
		virConnectClose(w->conn);
	return rc;
}

const struct command command_vm_export = { "vm export", "NAME FILE", "write it and its disks into an OVA",
	"FILE may be a folder. `vm import` reads it, here or on another host, and so do others: the disks are compressed vmdk. On thin storage\n"
	"this may be done while it runs: its disks are then as after a power cut. Elsewhere it must be off. Snapshots are not exported.\n",
	NULL, export_run };
