/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmdline.h"

#include <ctype.h>
#include <string.h>

bool cmdline_get(const char *line, const char *name, char *ret_value, size_t size)
{
	size_t n = strlen(name);
	const char *p = line;
	bool found = false;

	while (*p) {
		const char *word;
		bool quoted = false;
		size_t len = 0;

		while (isspace((unsigned char)*p))
			p++;
		word = p;
		for (; *p && (quoted || !isspace((unsigned char)*p)); p++)
			if (*p == '"')
				quoted = !quoted;
		if (*word == '"')
			word++;
		if (strncmp(word, name, n) != 0 || word[n] != '=')
			continue;
		found = true;
		for (const char *v = word + n + 1; v < p; v++) {
			if (*v == '"')
				continue;
			if (len + 1 >= size)
				return false;
			ret_value[len++] = *v;
		}
		ret_value[len] = 0;
	}
	return found;
}
