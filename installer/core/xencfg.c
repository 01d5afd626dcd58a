/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xencfg.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* The value is handed to GRUB inside a script: nothing in it may mean something there. */
static bool value_is_safe(const char *s)
{
	return !*s || text_only(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:=_/+@%-");
}

int xencfg_parse(struct xencfg *x, const char *text, size_t len, struct err *e)
{
	char section[64] = "", wanted[64] = "", buf[700], *v;
	bool have_kernel = false;
	const char *p = text, *end = text + len;

	memset(x, 0, sizeof(*x));
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl ? nl : end) - p);

		if (n >= sizeof(buf))
			return err_set(e, -E2BIG, "xen.cfg: a line of %zu characters", n);
		memcpy(buf, p, n);
		buf[n] = 0;
		p += n + 1;
		text_trim(buf);
		if (!*buf || *buf == '#')
			continue;
		if (*buf == '[') {
			buf[strcspn(buf, "]")] = 0;
			text_copy(section, sizeof(section), buf + 1);
			continue;
		}
		v = strchr(buf, '=');
		if (!v)
			return err_set(e, -EINVAL, "xen.cfg: `%.60s` is not NAME=VALUE", buf);
		*v++ = 0;
		if (!strcmp(section, "global") && !strcmp(buf, "default"))
			text_copy(wanted, sizeof(wanted), v);
		if (!*wanted || strcmp(section, wanted) != 0)
			continue;
		if (!strcmp(buf, "options")) {
			text_copy(x->options, sizeof(x->options), v);
		} else if (!strcmp(buf, "kernel")) {
			have_kernel = true;
			v += strcspn(v, " ");
			text_copy(x->kernel, sizeof(x->kernel), v);
			text_trim(x->kernel);
		}
	}
	if (!have_kernel)
		return err_set(e, -EINVAL, "xen.cfg: no default section with a kernel= line");
	if (!value_is_safe(x->options) || !value_is_safe(x->kernel))
		return err_set(e, -EINVAL, "xen.cfg: options= or kernel= contain characters GRUB would interpret");
	return 0;
}
