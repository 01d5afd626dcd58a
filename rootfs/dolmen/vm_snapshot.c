/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots of a machine's disks on thin storage: at one moment, also while it runs, and then with its memory when that is wanted.
 * The memory is a volume beside the first disk's snapshot, in the form of libvirt's saved machines.
 */
#include <limits.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "spec.h"
#include "storage.h"
#include "vm.h"
#include "vm_memory.h"

/* What every one of them works on. */
struct work {
	virConnectPtr conn;
	virDomainPtr machine;
	struct volumes volumes;
	const char *name, *snapshot;
	bool copied;			/* all its disks */
};

static void work_end(struct work *w)
{
	if (w->machine)
		virDomainFree(w->machine);
	if (w->conn)
		virConnectClose(w->conn);
}

static int work_begin(struct work *w, const struct call *c, struct err *e)
{
	w->conn = NULL;
	w->machine = NULL;
	w->name = c->argument[0];
	w->snapshot = c->argument[1] ? c->argument[1] : "";
	if (*w->snapshot && spec_name(w->snapshot, e))
		return e->code;
	return virt_open(&w->conn, e) || virt_machine(w->conn, w->name, &w->machine, e) || virt_volumes(w->machine, &w->volumes, e) ? e->code : 0;
}

static bool is_of(const struct volume *v, const char *snapshot)
{
	return !strcmp(v->snapshot, snapshot);
}

static bool exists(const struct work *w)
{
	for (unsigned i = 0; i < w->volumes.n; i++)
		if (is_of(&w->volumes.v[i], w->snapshot))
			return true;
	return false;
}

static int must_exist(const struct work *w, struct err *e)
{
	return exists(w) ? 0 : err_set(e, COMMAND_REFUSED, "%s has no snapshot `%s`", w->name, w->snapshot);
}

static void volume_name(const struct work *w, unsigned number, const char *snapshot, char ret[VOLUME_NAME])
{
	snprintf(ret, VOLUME_NAME, "vm-%s-%u%s%s", w->name, number, *snapshot ? "+" : "", snapshot);
}

/* Where the memory of the snapshot is; NULL: it has none. */
static const struct volume *memory_of(const struct work *w, const char *snapshot)
{
	char name[VOLUME_NAME];

	volume_name(w, 0, snapshot, name);
	snprintf(name + strlen(name), sizeof(name) - strlen(name), MEMORY_OF_SNAPSHOT);
	for (unsigned i = 0; i < w->volumes.n; i++)
		if (!strcmp(w->volumes.v[i].name, name))
			return &w->volumes.v[i];
	return NULL;
}

/* All that were made so far, after one could not be. */
static void drop(const struct work *w, unsigned disks)
{
	struct err ignored;
	char name[VOLUME_NAME];

	for (unsigned i = 0, made = 0; i < w->volumes.n && made < disks; i++)
		if (is_of(&w->volumes.v[i], "")) {
			volume_name(w, w->volumes.v[i].number, w->snapshot, name);
			storage_remove(w->volumes.v[i].pool, name, &ignored);
			made++;
		}
}

/* The disks of all, which nobody writes now. */
static int copy_disks(struct work *w, struct err *e)
{
	unsigned made = 0;
	char name[VOLUME_NAME];
	int rc = 0;

	for (unsigned i = 0; i < w->volumes.n && !rc; i++) {
		if (!is_of(&w->volumes.v[i], ""))
			continue;
		volume_name(w, w->volumes.v[i].number, w->snapshot, name);
		rc = storage_copy(w->volumes.v[i].pool, w->volumes.v[i].name, name, false, e);
		made += !rc;
	}
	if (rc)
		drop(w, made);
	return rc;
}

static int copy_all(void *user, struct err *e)
{
	struct work *w = user;
	int rc = copy_disks(w, e);

	w->copied = !rc;
	return rc;
}

static int copy_paused(struct work *w, struct err *e)
{
	int rc = virt_in_one_moment(w->machine, copy_all, w, e);

	/* All is there, but the machine does not go on. */
	if (rc && w->copied)
		drop(w, UINT_MAX);
	return rc;
}

/* Saved, so that its memory and its disks are of one moment; from there it goes on. */
static int copy_saved(struct work *w, const struct pool *p, struct err *e)
{
	char name[VOLUME_NAME], path[VOLUME_PATH];
	struct err ignored = { 0 }, why = { 0 };
	int rc;

	volume_name(w, 0, w->snapshot, name);
	snprintf(name + strlen(name), sizeof(name) - strlen(name), MEMORY_OF_SNAPSHOT);
	rc = vm_memory_make(p, w->machine, name, path, e);
	if (rc)
		return rc;
	if (virDomainSave(w->machine, path) < 0) {
		rc = virt_error(e, "%s cannot be saved", w->name);
		storage_remove(p, name, &ignored);
		return rc;
	}
	rc = copy_disks(w, e);
	if (virDomainRestore(w->conn, path) < 0) {
		virt_error(&why, "%s does not go on", w->name);
		if (!rc)
			return err_set(e, why.code, "%s; the snapshot is complete, `dolmen vm snapshot revert %s %s` tries again", why.msg, w->name,
				       w->snapshot);
		return err_suffix(e, "; and %s; its memory is in %s: virsh restore", why.msg, path);
	}
	if (rc)
		storage_remove(p, name, &ignored);
	return rc;
}

static int create(struct work *w, const struct call *c, struct err *e)
{
	const struct pool *p = NULL;
	int state = 0;

	if (exists(w))
		return err_set(e, COMMAND_REFUSED, "%s has a snapshot `%s` already", w->name, w->snapshot);
	if (strlen(w->snapshot) + strlen(MEMORY_OF_SNAPSHOT) >= sizeof(w->volumes.v[0].snapshot))
		return err_set(e, COMMAND_REFUSED, "`%s` is too long a name", w->snapshot);
	for (unsigned i = 0; i < w->volumes.n; i++)
		if (is_of(&w->volumes.v[i], "")) {
			if (w->volumes.v[i].pool->kind != POOL_THIN)
				return err_set(e, COMMAND_REFUSED, "snapshots need thin storage, which pool %s is not", w->volumes.v[i].pool->name);
			p = p ? p : w->volumes.v[i].pool;
		}
	if (!p)
		return err_set(e, COMMAND_REFUSED, "%s has no disks in this host's storage pools", w->name);
	if (call_option(c, "memory") && (virDomainGetState(w->machine, &state, NULL, 0) < 0 || state != VIR_DOMAIN_RUNNING))
		return err_set(e, COMMAND_REFUSED, "%s does not run: there is no memory to keep", w->name);
	command_begin();
	return call_option(c, "memory") ? copy_saved(w, p, e) : copy_paused(w, e);
}

/* No snapshot can have this name. */
#define FRESH ".revert"

static bool is_there(const struct work *w, const char *name)
{
	for (unsigned i = 0; i < w->volumes.n; i++)
		if (!strcmp(w->volumes.v[i].name, name))
			return true;
	return false;
}

/* The disk as it was, beside the one that is; then in its place. One that was cut off before can have left either. */
static int revert_disk(struct work *w, const struct volume *v, struct err *e)
{
	char disk[VOLUME_NAME], fresh[VOLUME_NAME];

	volume_name(w, v->number, "", disk);
	volume_name(w, v->number, FRESH, fresh);
	return (is_there(w, fresh) && storage_remove(v->pool, fresh, e)) || storage_copy(v->pool, v->name, fresh, true, e) ||
	       (is_there(w, disk) && storage_remove(v->pool, disk, e)) || storage_rename(v->pool, fresh, disk, e) ? e->code : 0;
}

static int revert(struct work *w, const struct call *c, struct err *e)
{
	const struct volume *memory = memory_of(w, w->snapshot);
	char path[VOLUME_PATH];
	int rc = must_exist(w, e);

	(void)c;
	if (!rc && virDomainIsActive(w->machine) == 1)
		rc = err_set(e, COMMAND_REFUSED, "%s runs; shut it down first, or turn it off (dolmen vm destroy %s)", w->name, w->name);
	if (!rc && vm_is_saved(w->machine))
		rc = err_set(e, COMMAND_REFUSED, "%s is saved: its memory would not fit its disks; start it and shut it down first", w->name);
	command_begin();
	for (unsigned i = 0; i < w->volumes.n && !rc; i++)
		if (is_of(&w->volumes.v[i], w->snapshot))
			rc = revert_disk(w, &w->volumes.v[i], e);
	if (rc || !memory)
		return rc;
	storage_path(memory->pool, memory->name, path);
	return virDomainRestore(w->conn, path) < 0 ? virt_error(e, "its disks are put back, but %s does not go on", w->name) : 0;
}

static int delete_one(struct work *w, const struct call *c, struct err *e)
{
	const struct volume *memory = memory_of(w, w->snapshot);
	int rc = must_exist(w, e);

	(void)c;
	command_begin();
	/* First: without it the snapshot is still one. */
	if (!rc && memory)
		rc = storage_remove(memory->pool, memory->name, e);
	for (unsigned i = 0; i < w->volumes.n && !rc; i++)
		if (is_of(&w->volumes.v[i], w->snapshot))
			rc = storage_remove(w->volumes.v[i].pool, w->volumes.v[i].name, e);
	return rc;
}

/* The first disk's snapshots stand for those of all. */
static int list(struct work *w, const struct call *c, struct err *e)
{
	struct json j = { .out = c->out };

	(void)e;
	if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-24s %-24s  %s\n", "NAME", "CREATED", "MEMORY");
	for (unsigned i = 0; i < w->volumes.n; i++) {
		const struct volume *v = &w->volumes.v[i];
		time_t t = (time_t)v->made;
		char when[32];

		if (!*v->snapshot || *v->snapshot == '.' || strchr(v->snapshot, '+') || v->number != w->volumes.v[0].number)
			continue;
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S%z", localtime(&t));
		if (!c->json) {
			fprintf(c->out, "%-24s %-24s  %s\n", v->snapshot, when, memory_of(w, v->snapshot) ? "yes" : "no");
			continue;
		}
		json_object(&j, NULL);
		json_text(&j, "name", v->snapshot);
		json_text(&j, "created", when);
		json_bool(&j, "memory", memory_of(w, v->snapshot));
		json_object_end(&j);
	}
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return 0;
}

static void print(const struct call *c, const char *done)
{
	struct json j = { .out = c->out };

	if (!c->json) {
		fprintf(c->out, "snapshot %s of %s was %s\n", c->argument[1], c->argument[0], done);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", c->argument[0]);
	json_text(&j, "snapshot", c->argument[1]);
	json_text(&j, "result", done);
	json_object_end(&j);
	json_end(&j);
}

static const struct act {
	const char *command;
	int (*act)(struct work *w, const struct call *c, struct err *e);
	const char *done;	/* NULL: it printed by itself */
} acts[] = {
	{ "vm snapshot create", create, "created" },
	{ "vm snapshot list", list, NULL },
	{ "vm snapshot revert", revert, "put back" },
	{ "vm snapshot delete", delete_one, "deleted" },
};

static int snapshot_run(struct call *c, struct err *e)
{
	const struct act *a = acts;
	static struct work w;
	int rc = work_begin(&w, c, e);

	while (strcmp(a->command, c->command->name) != 0)
		a++;
	if (!rc)
		rc = a->act(&w, c, e);
	if (!rc && a->done)
		print(c, a->done);
	work_end(&w);
	return rc;
}

static const struct option create_options[] = { { "memory", NULL, "and its memory: it stops as long as that is written" }, { 0 } };

const struct command command_vm_snapshot_create = { "vm snapshot create", "NAME SNAPSHOT", "remember its disks as they are now", NULL,
						    create_options, snapshot_run };
const struct command command_vm_snapshot_list = { "vm snapshot list", "NAME", "list its snapshots", NULL, NULL, snapshot_run };
const struct command command_vm_snapshot_revert = { "vm snapshot revert", "NAME SNAPSHOT", "put its disks back, and its memory; it must be off", NULL, NULL,
						    snapshot_run };
const struct command command_vm_snapshot_delete = { "vm snapshot delete", "NAME SNAPSHOT", "forget a snapshot", NULL, NULL, snapshot_run };
