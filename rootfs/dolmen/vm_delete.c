/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "ask.h"
#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "storage.h"
#include "virt.h"

static int ask(const char *name, const struct volumes *l, bool keep, struct err *e)
{
	uint64_t bytes = 0;
	char size[32];

	for (unsigned i = 0; i < l->n; i++)
		bytes += l->v[i].bytes;
	if (keep || !l->n)
		return ask_yes(e, "Delete %s?", name);
	return ask_yes(e, "Delete %s, its disks and snapshots (%u, %s in all)?", name, l->n, text_size(bytes, size, sizeof(size)));
}

/* The definition first: a machine without disks would be worse than disks without a machine. */
static int delete_machine(virDomainPtr d, const struct volumes *l, bool keep, struct err *e)
{
	int rc = 0;

	command_begin();
	if (virDomainUndefineFlags(d, VIR_DOMAIN_UNDEFINE_MANAGED_SAVE) < 0)
		return virt_error(e, "%s cannot be deleted", virDomainGetName(d));
	for (unsigned i = l->n; i-- > 0 && !keep && !rc; )
		rc = storage_remove(l->v[i].pool, l->v[i].name, e);
	return rc ? err_prefix(e, "the machine is deleted, a disk is left: ") : 0;
}

static void print(const struct call *c, const char *name, const struct volumes *l, bool keep)
{
	struct json j = { .out = c->out };

	if (!c->json) {
		fprintf(c->out, "%s was deleted%s\n", name, keep && l->n ? "; its disks are kept" : "");
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", name);
	json_array(&j, keep ? "kept" : "deleted");
	for (unsigned i = 0; i < l->n; i++)
		json_text(&j, NULL, l->v[i].name);
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

static int delete_run(struct call *c, struct err *e)
{
	bool keep = call_option(c, "keep-disks"), yes = call_option(c, "yes");
	const char *name = c->argument[0];
	static struct volumes volumes;
	virConnectPtr conn;
	virDomainPtr d = NULL;
	int rc = virt_open(&conn, e);

	if (rc)
		return rc;
	rc = virt_machine(conn, name, &d, e);
	if (!rc && virDomainIsActive(d) == 1)
		rc = err_set(e, COMMAND_REFUSED, "%s runs; shut it down first, or turn it off (dolmen vm destroy %s)", name, name);
	if (!rc && (virt_volumes(d, &volumes, e) || (!yes && ask(name, &volumes, keep, e))))
		rc = e->code;
	if (!rc)
		rc = delete_machine(d, &volumes, keep, e);
	if (!rc)
		print(c, name, &volumes, keep);
	if (d)
		virDomainFree(d);
	virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "keep-disks", NULL, "only the machine: its disks stay" },
	{ "yes", NULL, "do not ask" },
	{ 0 }
};

const struct command command_vm_delete = { "vm delete", "NAME", "delete it, its disks and its snapshots", NULL, options, delete_run };
