/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ask.h"
#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "hostconf.h"
#include "pool_disk.h"
#include "pool_start.h"
#include "pool_virt.h"
#include "storage.h"

static int find(const char *name, struct pool *ret, struct err *e)
{
	struct pools all;

	if (pool_list(&all, e))
		return e->code;
	for (unsigned i = 0; i < all.n; i++)
		if (!strcmp(all.p[i].name, name)) {
			*ret = all.p[i];
			return strcmp(name, POOL_LOCAL) ? 0 : err_set(e, COMMAND_REFUSED, "pool local is the host's own, made by the installer");
		}
	return err_set(e, COMMAND_REFUSED, "there is no storage pool `%.60s`; see: dolmen storage list", name);
}

/* A machine's disk, an ISO in its drive; another pool on a volume of this one. */
static int check_unused(virConnectPtr conn, const struct pool *p, struct err *e)
{
	char begins[VOLUME_PATH];
	struct pools all;

	storage_path(p, "", begins);
	if (virt_path_unused(conn, begins, e) || pool_list(&all, e))
		return e->code;
	for (unsigned i = 0; i < all.n && !pool_has_files(p); i++)
		if (all.p[i].kind == POOL_EXT && pool_is_up(&all.p[i]) && pool_is_on(&all.p[i], p))
			return err_set(e, COMMAND_REFUSED, "pool %s is on a volume of pool %s; remove it first", all.p[i].name, p->name);
	return 0;
}

static int forget(const struct pool *p, struct err *e)
{
	struct hostconf h;
	int rc = hostconf_edit(&h, e);

	if (!rc && hostconf_remove(&h, "pool", p->name))
		rc = hostconf_write(&h, e);
	hostconf_close(&h);
	return rc;
}

/* What is not down is not forgotten, and what is not forgotten is not erased. */
static int remove_pool(virConnectPtr conn, const struct pool *p, bool erase, struct err *e)
{
	struct err ignored;

	command_begin();
	if (pool_stop(p, e))
		return e->code;
	if (forget(p, e)) {
		pool_start(p, &ignored);
		return e->code;
	}
	pool_undefine(conn, p);
	if (erase && pool_disk_erase(p, e))
		return err_prefix(e, "pool %s is no pool of this host any more, but not erased: ", p->name);
	return pool_leave(p, e);
}

static void print(const struct call *c, const struct pool *p, bool erase)
{
	struct json j = { .out = c->out };

	if (!c->json) {
		fprintf(c->out, erase ? "pool %s was removed and erased\n" : "pool %s was removed; what is in it stays there\n", p->name);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", p->name);
	json_bool(&j, "erased", erase);
	json_object_end(&j);
	json_end(&j);
}

static int remove_run(struct call *c, struct err *e)
{
	bool erase = call_option(c, "erase");
	virConnectPtr conn = NULL;
	struct pool p;
	int rc = find(c->argument[0], &p, e);

	if (!rc && erase && p.kind == POOL_NFS)
		rc = err_set(e, COMMAND_REFUSED, "pool %s is on a server, where it stays; only its files can be deleted", p.name);
	if (!rc && (virt_open(&conn, e) || check_unused(conn, &p, e)))
		rc = e->code;
	if (!rc && !call_option(c, "yes"))
		rc = erase ? ask_yes(e, "Remove pool %s and ERASE all that is in it?", p.name) :
			     ask_yes(e, "Remove pool %s? What is in it stays there.", p.name);
	if (!rc)
		rc = remove_pool(conn, &p, erase, e);
	if (!rc)
		print(c, &p, erase);
	if (conn)
		virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "erase", NULL, "erase what is in it, and its disks" },
	{ "yes", NULL, "do not ask" },
	{ 0 }
};

const struct command command_storage_remove = { "storage remove", "NAME", "remove a storage pool that no machine uses",
	"What is in it stays, and comes back by `dolmen storage add NAME KIND SOURCE --keep`, unless --erase is given.\n", options, remove_run };
