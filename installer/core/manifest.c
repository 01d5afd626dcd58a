/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool path_is_safe(const char *p)
{
	return *p && *p != '/' && !strstr(p, "..");
}

static int parse_file(struct manifest *m, char *rest, bool unified, unsigned line, struct err *e)
{
	char *save = NULL, *hash = strtok_r(rest, " ", &save), *bytes = strtok_r(NULL, " ", &save);
	char *path = strtok_r(NULL, "", &save), *end;
	struct manifest_file *f;

	if (!path || strlen(hash) != 64 || !text_only(hash, "0123456789abcdef") || !text_only(bytes, "0123456789") ||
	    !path_is_safe(path))
		return err_set(e, -EINVAL, "manifest, line %u: expected `SHA256 BYTES PATH`", line);
	if (m->n == MANIFEST_FILES)
		return err_set(e, -E2BIG, "manifest, line %u: more than %d files", line, MANIFEST_FILES);
	f = &m->file[m->n];
	f->unified = unified;
	text_copy(f->sha256, sizeof(f->sha256), hash);
	errno = 0;
	f->bytes = strtoull(bytes, &end, 10);
	if (errno || f->bytes > INT64_MAX || !text_copy(f->path, sizeof(f->path), path))
		return err_set(e, -ERANGE, "manifest, line %u: number or path too long", line);
	m->n++;
	return 0;
}

int manifest_parse(struct manifest *m, const char *text, size_t len, struct err *e)
{
	const char *end = text + len;
	unsigned line = 0;
	char buf[512];
	int rc;

	memset(m, 0, sizeof(*m));
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((nl ? nl : end) - text);

		line++;
		if (!nl)
			return err_set(e, -EINVAL, "manifest, line %u: cut off (no newline at its end)", line);
		if (n < sizeof(buf)) {
			memcpy(buf, text, n);
			buf[n] = 0;
			rc = 0;
			if (!strncmp(buf, "file ", 5))
				rc = parse_file(m, buf + 5, false, line, e);
			else if (!strncmp(buf, "unified ", 8))
				rc = parse_file(m, buf + 8, true, line, e);
			else if (!strncmp(buf, "version ", 8))
				text_copy(m->version, sizeof(m->version), buf + 8);
			if (rc)
				return rc;
		}
		text = nl + 1;
	}
	return 0;
}

const struct manifest_file *manifest_find(const struct manifest *m, const char *path)
{
	for (unsigned i = 0; i < m->n; i++)
		if (!strcmp(m->file[i].path, path))
			return &m->file[i];
	return NULL;
}
