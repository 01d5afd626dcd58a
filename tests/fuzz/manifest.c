/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The medium's manifest. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct manifest m;
	struct err e;

	if (manifest_parse(&m, (const char *)data, n, &e))
		return 0;
	for (unsigned i = 0; i < m.n; i++)
		if (!manifest_find(&m, m.file[i].path) || m.file[i].path[0] == '/' || strstr(m.file[i].path, "..") ||
		    strlen(m.file[i].sha256) != 64 || m.file[i].bytes > INT64_MAX)
			abort();
	return 0;
}
