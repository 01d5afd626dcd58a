/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

static void list_free(struct name_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	*l = (struct name_list){ 0 };
}

static int list_load(struct name_list *l, const char *dir, const char *file, struct err *e)
{
	char path[512], *text = NULL, *save = NULL;
	size_t len;
	int rc;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	rc = file_read(path, 1u << 20, &text, &len, e);
	for (char *line = rc ? NULL : strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char **more = reallocarray(l->name, l->n + 1, sizeof(*more));

		if (more)
			l->name = more;
		if (!more || !(l->name[l->n] = strdup(line))) {
			rc = err_set(e, -ENOMEM, "out of memory");
			break;
		}
		l->n++;
	}
	free(text);
	return rc;
}

int names_load(struct names *n, const char *dir, struct err *e)
{
	int rc = list_load(&n->timezones, dir, "timezones", e);

	if (!rc)
		rc = list_load(&n->keymaps, dir, "keymaps", e);
	if (rc)
		names_free(n);
	return rc;
}

void names_free(struct names *n)
{
	list_free(&n->timezones);
	list_free(&n->keymaps);
}
