/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "url.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "text.h"

static const char *const variables[] = { "mac", "mac-hyphen", "serial", "uuid", NULL };

static const struct nic *first_nic(const struct machine *m)
{
	for (unsigned i = 0; i < m->nics; i++)
		if (m->nic[i].link)
			return &m->nic[i];
	return m->nics ? &m->nic[0] : NULL;
}

/* The value of variables[i], "" when the machine has none. */
static void value_of(unsigned i, const struct machine *m, char ret[64])
{
	const struct nic *nic = first_nic(m);

	text_copy(ret, 64, i == 2 ? m->serial : i == 3 ? m->uuid : nic ? nic->mac : "");
	for (char *p = ret; i < 2 && *p; p++)
		*p = i == 1 && *p == ':' ? '-' : (char)tolower((unsigned char)*p);
}

static bool add(char ret[URL_BYTES], size_t *n, const char *s, size_t len)
{
	if (*n + len >= URL_BYTES)
		return false;
	memcpy(ret + *n, s, len);
	*n += len;
	ret[*n] = 0;
	return true;
}

/* unreserved of RFC 3986, and `:`, which may stand in a path */
static bool add_encoded(char ret[URL_BYTES], size_t *n, const char *s)
{
	bool fits = true;
	char code[4];

	for (; *s && fits; s++) {
		if (isascii((unsigned char)*s) && (isalnum((unsigned char)*s) || strchr("-._~:", *s))) {
			fits = add(ret, n, s, 1);
		} else {
			snprintf(code, sizeof(code), "%%%02X", (unsigned char)*s);
			fits = add(ret, n, code, 3);
		}
	}
	return fits;
}

/* The variable at p, behind `${`: its number, and in *ret_len how long the name is; negative: an error. */
static int variable_at(const char *p, size_t *ret_len, struct err *e)
{
	const char *end = strchr(p, '}'), *near;
	char name[40];

	if (!end)
		return err_set(e, -EINVAL, "`${` without `}`");
	*ret_len = (size_t)(end - p);
	snprintf(name, sizeof(name), "%.*s", (int)(*ret_len < 39 ? *ret_len : 39), p);
	for (int i = 0; variables[i]; i++)
		if (!strcmp(name, variables[i]))
			return i;
	near = names_nearest_of(variables, name);
	if (near)
		return err_set(e, -EINVAL, "${%s} is unknown; did you mean ${%s}?", name, near);
	return err_set(e, -EINVAL, "${%s} is unknown; there are ${mac}, ${mac-hyphen}, ${serial} and ${uuid}", name);
}

int url_expand(const char *url, const struct machine *m, char ret[URL_BYTES], struct err *e)
{
	const char *p = url;
	char value[64];
	size_t n = 0;

	ret[0] = 0;
	for (const char *dollar; (dollar = strstr(p, "${")); ) {
		size_t len = 0;
		int i = variable_at(dollar + 2, &len, e);

		if (i < 0)
			return i;
		text_copy(value, sizeof(value), "");
		if (m)
			value_of((unsigned)i, m, value);
		if (m && !*value)
			return err_set(e, -ENODATA, "${%s}: this machine has none", variables[i]);
		if (!add(ret, &n, p, (size_t)(dollar - p)) || !add_encoded(ret, &n, value))
			return err_set(e, -E2BIG, "longer than %d characters", URL_BYTES - 1);
		p = dollar + 3 + len;
	}
	return add(ret, &n, p, strlen(p)) ? 0 : err_set(e, -E2BIG, "longer than %d characters", URL_BYTES - 1);
}

void url_shown(const char *url, char *ret, size_t size)
{
	const char *host = strstr(url, "://"), *at = NULL;
	size_t authority;

	if (!host) {
		text_copy(ret, size, url);
		return;
	}
	host += 3;
	authority = strcspn(host, "/?#");
	for (size_t i = 0; i < authority; i++)
		if (host[i] == '@')
			at = host + i;
	snprintf(ret, size, "%.*s%s%s", (int)(host - url), url, at ? "***" : "", at ? at : host);
}
