/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "pool.h"

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((double)part * 100 / (double)whole + 0.5) : 0;
}

static unsigned fullness(const struct pool *p, const struct pool_usage *u)
{
	if (p->kind != POOL_THIN)
		return percent(u->total_bytes - u->free_bytes, u->total_bytes);
	return u->data_percent > u->metadata_percent ? u->data_percent : u->metadata_percent;
}

static void print_row(FILE *out, const struct pool *p, bool up, const struct pool_usage *u)
{
	char size[32], room[32], promised[32], full[16] = "-";

	if (up)
		snprintf(full, sizeof(full), "%u %%", fullness(p, u));
	fprintf(out, "%-16s %-5s %-5s %10s %10s %6s  %s", p->name, pool_kind_text[p->kind], up ? "up" : "away",
		up ? text_size(u->total_bytes, size, sizeof(size)) : "-", up ? text_size(u->free_bytes, room, sizeof(room)) : "-", full,
		p->kind == POOL_NFS ? p->source : pool_has_files(p) ? p->folder : p->group);
	if (up && p->kind == POOL_THIN)
		fprintf(out, " (%s promised, metadata %u %%)", text_size(u->promised_bytes, promised, sizeof(promised)), u->metadata_percent);
	fputc('\n', out);
}

static void print_json(struct json *j, const struct pool *p, bool up, const struct pool_usage *u)
{
	json_object(j, NULL);
	json_text(j, "name", p->name);
	json_text(j, "kind", pool_kind_text[p->kind]);
	json_bool(j, "up", up);
	json_bool(j, "shared", pool_is_shared(p));
	if (pool_has_files(p)) {
		json_text(j, "source", p->source);
		json_text(j, "folder", p->folder);
	} else {
		json_text(j, "group", p->group);
	}
	if (p->kind == POOL_THIN)
		json_text(j, "thin_pool", p->thin);
	if (up) {
		json_number(j, "total_bytes", u->total_bytes);
		json_number(j, "free_bytes", u->free_bytes);
		json_number(j, "full_percent", fullness(p, u));
	}
	if (up && p->kind == POOL_THIN) {
		json_number(j, "promised_bytes", u->promised_bytes);
		json_number(j, "data_percent", u->data_percent);
		json_number(j, "metadata_percent", u->metadata_percent);
	}
	json_object_end(j);
}

static int list_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct pools all;
	int rc = pool_list(&all, e);

	if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-16s %-5s %-5s %10s %10s %6s  %s\n", "NAME", "KIND", "STATE", "SIZE", "FREE", "FULL", "WHERE");
	for (unsigned i = 0; i < all.n; i++) {
		struct pool_usage u = { 0 };
		struct err why = { 0 };
		bool up = !pool_measure(&all.p[i], &u, &why);

		if (c->json)
			print_json(&j, &all.p[i], up, &u);
		else
			print_row(c->out, &all.p[i], up, &u);
	}
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return rc;
}

const struct command command_storage_list = { "storage list", "", "list the storage pools and how full they are",
	"Of a thin pool, FULL is the fuller one of its data and its metadata.\n", NULL, list_run };
