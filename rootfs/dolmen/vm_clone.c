/* SPDX-License-Identifier: GPL-2.0-or-later */
/* On thin storage a clone shares its blocks with the machine that it is of, elsewhere they are copied. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"
#include "domain.h"
#include "image.h"
#include "virt.h"

/* Of one call; the volumes are large. */
static struct work {
	virConnectPtr conn;
	virDomainPtr machine;
	const char *name, *clone;
	bool runs;
	struct volumes volumes;		/* the disks alone */
	unsigned made;
	char from[SPEC_DISKS][VOLUME_PATH], to[SPEC_DISKS][VOLUME_PATH];
} work;

static bool is_thin(const struct volume *v)
{
	return v->pool->kind == POOL_THIN;
}

/* Its disks without their snapshots; whether there is room for copies of those that are to be copied. */
static int check_disks(struct work *w, struct err *e)
{
	struct volumes *l = &w->volumes;
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++)
		if (!*l->v[i].snapshot)
			l->v[n++] = l->v[i];
	l->n = n;
	if (n > SPEC_DISKS)
		return err_set(e, COMMAND_REFUSED, "%s has more than %d disks", w->name, SPEC_DISKS);
	for (unsigned i = 0; i < n && !e->code; i++) {
		uint64_t bytes = 0;

		if (!is_thin(&l->v[i]) && w->runs)
			return err_set(e, COMMAND_REFUSED, "%s runs, and its disks are not on thin storage; shut it down first", w->name);
		/* The first of its pool reckons for the others in it. */
		for (unsigned k = i; k < n; k++)
			bytes += l->v[k].pool == l->v[i].pool ? l->v[k].bytes : 0;
		if (!is_thin(&l->v[i]))
			storage_room(l->v[i].pool, bytes, e);
	}
	return e->code;
}

static int copy_disk(struct work *w, unsigned i, struct err *e)
{
	const struct volume *v = &w->volumes.v[i];
	char name[VOLUME_NAME], what[32];
	struct image image;

	storage_path(v->pool, v->name, w->from[i]);
	snprintf(name, sizeof(name), "vm-%s-%u", w->clone, v->number);
	storage_path(v->pool, name, w->to[i]);
	if (is_thin(v)) {
		if (storage_copy(v->pool, v->name, name, true, e))
			return e->code;
		w->made++;
		return 0;
	}
	if (storage_create(v->pool, w->clone, v->number, v->bytes, w->to[i], e))
		return e->code;
	w->made++;
	snprintf(what, sizeof(what), "disk %u of %u", i + 1, w->volumes.n);
	return image_of_disk(&image, w->from[i], e) || image_copy(&image, w->to[i], what, e) ? e->code : 0;
}

static int copy_disks(void *user, struct err *e)
{
	struct work *w = user;
	int rc = 0;

	for (unsigned i = 0; i < w->volumes.n && !rc; i++)
		rc = copy_disk(w, i, e);
	return rc;
}

static int define(struct work *w, const char *xml, struct err *e)
{
	const char *from[SPEC_DISKS], *to[SPEC_DISKS];
	virDomainPtr d = NULL;
	char *copy;

	for (unsigned i = 0; i < w->volumes.n; i++) {
		from[i] = w->from[i];
		to[i] = w->to[i];
	}
	if (!domain_copy(xml, w->clone, from, to, w->volumes.n, &copy, e) && !(d = virDomainDefineXML(w->conn, copy)))
		virt_error(e, "%s cannot be defined", w->clone);
	free(copy);
	if (d)
		virDomainFree(d);
	return e->code;
}

static void drop_disks(struct work *w)
{
	char name[VOLUME_NAME];
	struct err ignored;

	while (w->made-- > 0) {
		const struct volume *v = &w->volumes.v[w->made];

		snprintf(name, sizeof(name), "vm-%s-%u", w->clone, v->number);
		storage_remove(v->pool, name, &ignored);
	}
}

/* The copy of the definition is tried before a disk is copied: what it refuses is refused before anything is made. */
static int try_definition(struct work *w, const char *xml, struct err *e)
{
	const char *path[SPEC_DISKS];
	char *copy;
	int rc;

	for (unsigned i = 0; i < w->volumes.n; i++) {
		storage_path(w->volumes.v[i].pool, w->volumes.v[i].name, w->from[i]);
		path[i] = w->from[i];
	}
	rc = domain_copy(xml, w->clone, path, path, w->volumes.n, &copy, e);
	free(copy);
	return rc;
}

static int clone(struct work *w, struct err *e)
{
	char *xml = NULL;
	int rc = virt_open(&w->conn, e) || virt_machine(w->conn, w->name, &w->machine, e) || spec_machine_name(w->clone, e) || virt_is_free(w->conn, w->clone, e) ||
		 virt_volumes(w->machine, &w->volumes, e) ? e->code : 0;

	if (!rc) {
		w->runs = virDomainIsActive(w->machine) == 1;
		xml = virDomainGetXMLDesc(w->machine, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
		rc = !xml ? virt_error(e, "%s", w->name) : check_disks(w, e) || try_definition(w, xml, e) ? e->code : 0;
	}
	if (!rc) {
		command_begin();
		rc = virt_in_one_moment(w->machine, copy_disks, w, e) || define(w, xml, e) ? e->code : 0;
		if (rc)
			drop_disks(w);
	}
	free(xml);
	return rc;
}

static int clone_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct work *w = &work;
	int rc;

	w->name = c->argument[0];
	w->clone = c->argument[1];
	rc = clone(w, e);
	if (!rc && !c->json)
		fprintf(c->out, "%s was cloned from %s; start it: dolmen vm start %s\n", w->clone, w->name, w->clone);
	if (!rc && c->json) {
		json_object(&j, NULL);
		json_text(&j, "name", w->clone);
		json_text(&j, "of", w->name);
		json_array(&j, "disks");
		for (unsigned i = 0; i < w->volumes.n; i++)
			json_text(&j, NULL, w->to[i]);
		json_array_end(&j);
		json_object_end(&j);
		json_end(&j);
	}
	if (w->machine)
		virDomainFree(w->machine);
	if (w->conn)
		virConnectClose(w->conn);
	return rc;
}

const struct command command_vm_clone = { "vm clone", "NAME NEW", "copy it; the copy has its own UUID and MAC addresses",
	"On thin storage this takes an instant, also while it runs: the copy then has its disks as after a power cut. Elsewhere it must be off,\n"
	"and its disks are copied. Snapshots are not cloned, nor is the start with the host.\n", NULL, clone_run };
