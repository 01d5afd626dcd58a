/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Volumes that people bring files on, and take files away. */
#include "screens.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "wrap.h"

/* Indexes into m->volume. */
static unsigned carriers_find(const struct machine *m, unsigned ret_index[MACHINE_VOLUMES])
{
	static const char *const types[] = { "vfat", "ext2", "ext3", "ext4" };
	unsigned n = 0;

	for (unsigned i = 0; i < m->volumes; i++)
		for (unsigned t = 0; t < sizeof(types) / sizeof(types[0]); t++)
			if (!strcmp(m->volume[i].type, types[t]) && !m->disk[m->volume[i].disk].boot_medium)
				ret_index[n++] = i;
	return n;
}

static void carrier_row(const struct machine *m, unsigned volume, char *buf, size_t size)
{
	const struct volume *v = &m->volume[volume];
	const struct disk *d = &m->disk[v->disk];
	char bytes[32], row[400];

	snprintf(row, sizeof(row), "%-10s %10s  %-5s %s  %s", v->node, text_size(v->bytes, bytes, sizeof(bytes)), v->type, v->label,
		 *d->model ? d->model : d->vendor);
	wrap_fit(row, FRONT_WIDTH - 4, buf, size);
}

enum front_answer screen_carrier(struct session *s, const struct front_page *p, const char *none, const struct volume **ret_volume)
{
	static struct front_item items[MACHINE_VOLUMES];
	static char rows[MACHINE_VOLUMES][400];
	unsigned index[MACHINE_VOLUMES], n;
	enum front_answer answer;
	size_t chosen = 0;

	*ret_volume = NULL;
	s->services->probe(s);
	n = carriers_find(s->machine, index);
	for (unsigned i = 0; i < n; i++) {
		carrier_row(s->machine, index[i], rows[i], sizeof(rows[i]));
		items[i] = (struct front_item){ .text = rows[i] };
	}
	if (!n)
		return screen_say(s, p->title, none);
	answer = s->front->calls->menu(s->front, p, items, n, &chosen);
	if (answer == FRONT_NEXT)
		*ret_volume = &s->machine->volume[index[chosen]];
	return answer;
}
