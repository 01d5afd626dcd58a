/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first partition of a disk may be the machine's vendor's (diagnostics that the firmware starts): it keeps its
 * sectors, number, GUID and attributes, and ours follow. On an MBR its type number is all that marks it, and GPT has no
 * place for that: such a disk is refused rather than half kept.
 */
#include "plan_parts.h"

#include <string.h>
#include <strings.h>

#include "gpt.h"
#include "text.h"

static const struct volume *find(const struct machine *m, const struct disk *d, bool whole)
{
	char first[40];

	machine_part_name(d->name, 1, first, sizeof(first));
	for (unsigned i = 0; i < m->volumes; i++)
		if (!strcmp(m->volume[i].node, whole ? d->name : first))
			return &m->volume[i];
	return NULL;
}

static bool is_utility(const struct volume *v)
{
	return (!strcmp(v->part_type, GPT_ESP) && !strcasecmp(v->part_label, "DELLUTILITY")) || !strcmp(v->part_type, "0xde");
}

static void keep(struct plan_target *t, const struct volume *v, const struct machine *m)
{
	struct plan_partition *pp = &t->part[0];

	text_copy(t->first_label, sizeof(t->first_label), v->part_label);
	text_copy(t->first_type, sizeof(t->first_type), v->part_type);
	pp->at = (struct layout_extent){ .label = t->first_label, .type_guid = t->first_type, .type_name = "not ours",
					 .start = v->start / t->disk.sector, .sectors = v->bytes / t->disk.sector };
	pp->number = 1;
	pp->flags = v->part_flags;
	text_copy(pp->guid, sizeof(pp->guid), v->part_guid);
	snprintf(pp->node, sizeof(pp->node), "/dev/%s", v->node);
	t->lost = (struct phrase){ 0 };
	machine_describe_rest(m, v->disk, v, &t->lost);
	phrase_add(&t->kept, "%s (\"%s\")", pp->node, v->part_label);
}

void plan_first(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	unsigned long line = a->primary.at.line, col = a->primary.at.col;

	for (unsigned i = 0; a->preserve_first != PRESERVE_NEVER && i < p->targets; i++) {
		struct plan_target *t = &p->target[i];
		const struct volume *v = find(m, &t->disk, false), *table = find(m, &t->disk, true);

		/* the first partition of a Dolmen of before is nothing of value */
		if (!v || !strncmp(v->part_label, "dolmen-", 7) || (a->preserve_first == PRESERVE_IF_UTILITY && !is_utility(v)))
			continue;
		if (strcmp(table->type, "gpt") != 0)
			diag_error(ds, line, col, N_("<primary-disk>: the first partition of %s%s cannot be kept, as its table is not GPT (%s); to erase it, write preserve-first-partition=\"no\" into an answer file"),
				   t->disk.path, is_utility(v) ? ", a utility partition of the machine's vendor," : "", table->type);
		else if (p->targets > 1)
			diag_error(ds, line, col, N_("<primary-disk>: the first partition of %s cannot be kept on a mirror; to erase it, write preserve-first-partition=\"no\" into an answer file"),
				   t->disk.path);
		else
			keep(t, v, m);
	}
}
