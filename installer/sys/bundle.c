/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "file.h"

int bundle_read(const char *medium, const char *boot_files, struct manifest *mf, struct xencfg *x, struct err *e)
{
	char path[512], *text = NULL;
	size_t n;
	int rc;

	snprintf(path, sizeof(path), "%s/dolmen/manifest", medium);
	rc = file_read(path, 4u << 20, &text, &n, e);
	if (!rc)
		rc = manifest_parse(mf, text, n, e);
	free(text);
	text = NULL;
	snprintf(path, sizeof(path), "%s/xen.cfg", boot_files);
	if (!rc)
		rc = file_read(path, 1u << 20, &text, &n, e);
	if (!rc)
		rc = xencfg_parse(x, text, n, e);
	free(text);
	return rc ? err_prefix(e, "medium: ") : 0;
}

int random_fill(struct random *r, const unsigned long long *seed, struct err *e)
{
	size_t n = 0;

	if (seed) {
		random_seed(r, *seed);
		return 0;
	}
	r->used = 0;
	while (n < sizeof(r->bytes)) {
		ssize_t k = getrandom(r->bytes + n, sizeof(r->bytes) - n, 0);

		if (k < 0 && errno != EINTR)
			return err_set(e, -errno, "random numbers: %s", strerror(errno));
		n += k > 0 ? (size_t)k : 0;
	}
	return 0;
}
