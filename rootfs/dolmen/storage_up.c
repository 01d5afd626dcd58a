/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the boot step and for `watch`: a line per pool that was down, `NAME up` or `NAME away REASON`. */
#include <string.h>

#include "command.h"
#include "core/json.h"
#include "pool_start.h"
#include "pool_virt.h"

static int up_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	unsigned away = 0;
	struct pools all;
	int rc = pool_list(&all, e);

	if (c->json)
		json_array(&j, NULL);
	for (unsigned i = 0; i < all.n && !rc; i++) {
		const struct pool *p = &all.p[i];
		struct err why = { 0 }, ignored;
		bool down;

		if (c->arguments && strcmp(c->argument[0], p->name) != 0)
			continue;
		pool_define_file(p, &ignored);
		/* The step that brings up the host's own storage is another one. */
		down = strcmp(p->name, POOL_LOCAL) && !pool_is_active(p);
		if (!down)
			continue;
		if (pool_start(p, &why))
			away++;
		if (!c->json)
			fprintf(c->out, "%s %s%s%s\n", p->name, why.code ? "away" : "up", why.code ? " " : "", why.msg);
		if (c->json) {
			json_object(&j, NULL);
			json_text(&j, "name", p->name);
			json_bool(&j, "up", !why.code);
			json_text(&j, "reason", why.code ? why.msg : NULL);
			json_object_end(&j);
		}
	}
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return away ? err_set(e, -1, "%u storage pools are not there", away) : rc;
}

const struct command command_storage_up = { "storage up", "[NAME]", "bring up the pools that are away, as the boot does",
	"Pools that are away are tried again each minute by themselves.\n", NULL, up_run };
