/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool names_has(const struct name_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->name[i], name))
			return true;
	return false;
}

/* Letters and digits only, in one case: `America/LosAngeles` and `america/los_angeles` are alike. */
static unsigned plain_copy(const char *s, char *buf, unsigned size)
{
	unsigned n = 0;

	for (; *s && n + 1 < size; s++)
		if (isalnum((unsigned char)*s))
			buf[n++] = (char)tolower((unsigned char)*s);
	buf[n] = 0;
	return n;
}

/* Damerau's distance with neighbours swapped counted once, of two short words. */
static unsigned distance(const char *a, unsigned na, const char *b, unsigned nb)
{
	unsigned row[3][65];

	for (unsigned k = 0; k <= nb; k++)
		row[0][k] = k;
	for (unsigned i = 1; i <= na; i++) {
		unsigned *now = row[i % 3], *before = row[(i - 1) % 3], *two = row[(i + 1) % 3];

		now[0] = i;
		for (unsigned k = 1; k <= nb; k++) {
			unsigned best = before[k - 1] + (a[i - 1] != b[k - 1]);

			best = before[k] + 1 < best ? before[k] + 1 : best;
			best = now[k - 1] + 1 < best ? now[k - 1] + 1 : best;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] && two[k - 2] + 1 < best)
				best = two[k - 2] + 1;
			now[k] = best;
		}
	}
	return row[na % 3][nb];
}

/* The better of best and candidate for a wanted word; *best_far is how far off the best is. */
static void consider(const char *candidate, const char *wanted, unsigned n, const char **best, unsigned *best_far)
{
	char c[65];
	unsigned nc = plain_copy(candidate, c, sizeof(c)), far;

	if (nc > n + *best_far || n > nc + *best_far)
		return;
	far = distance(wanted, n, c, nc);
	if (far < *best_far) {
		*best_far = far;
		*best = candidate;
	}
}

/* A third of the letters may be off, at most three. */
static unsigned tolerance(unsigned n)
{
	return (n / 3 < 3 ? n / 3 : 3) + 1;
}

const char *names_nearest(const struct name_list *l, const char *name)
{
	const char *best = NULL;
	char wanted[65];
	unsigned n = plain_copy(name, wanted, sizeof(wanted)), far = tolerance(n);

	for (size_t i = 0; n && i < l->n; i++)
		consider(l->name[i], wanted, n, &best, &far);
	return best;
}

const char *names_nearest_of(const char *const *list, const char *name)
{
	const char *best = NULL;
	char wanted[65];
	unsigned n = plain_copy(name, wanted, sizeof(wanted)), far = tolerance(n);

	for (; n && *list; list++)
		consider(*list, wanted, n, &best, &far);
	return best;
}
