/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmdline.h"

#include <ctype.h>
#include <string.h>

/* Appends c; false when it does not fit. */
static bool put(char *buf, size_t size, size_t *n, char c)
{
	if (*n + 1 >= size)
		return false;
	buf[(*n)++] = c;
	buf[*n] = 0;
	return true;
}

bool cmdline_next(const char *line, size_t *at, struct cmdline_word *ret)
{
	size_t i = *at, n = 0, v = 0;
	bool quoted = false;

	while (isspace((unsigned char)line[i]))
		i++;
	*ret = (struct cmdline_word){ .col = i + 1 };
	for (; line[i] && (quoted || !isspace((unsigned char)line[i])); i++) {
		if (line[i] == '"')
			quoted = !quoted;
		else if (ret->has_value)
			ret->too_long = !put(ret->value, sizeof(ret->value), &v, line[i]) || ret->too_long;
		else if (line[i] == '=')
			ret->has_value = true;
		else
			put(ret->name, sizeof(ret->name), &n, line[i]);
	}
	*at = i;
	return i + 1 > ret->col;
}

bool cmdline_get(const char *line, const char *name, char *ret_value, size_t size)
{
	struct cmdline_word w;
	bool found = false;

	for (size_t at = 0; cmdline_next(line, &at, &w); ) {
		size_t n = strlen(w.value);

		if (!w.has_value || strcmp(w.name, name) != 0)
			continue;
		if (w.too_long || n >= size)
			return false;
		memcpy(ret_value, w.value, n + 1);
		found = true;
	}
	return found;
}
