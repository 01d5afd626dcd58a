/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The medium's manifest: what is on it, one record a line, fields separated by one blank.
 *     version TEXT
 *     file SHA256 BYTES PATH        a file of the medium
 *     unified SHA256 BYTES PATH     what assembling the unified image must give
 * Records of other kinds are skipped: newer media may have them.
 */
#ifndef DOLMEN_CORE_MANIFEST_H
#define DOLMEN_CORE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define MANIFEST_FILES 32

struct manifest_file {
	bool unified;
	char sha256[65];	/* lower case hex */
	uint64_t bytes;
	char path[128];
};

struct manifest {
	char version[64];
	unsigned n;
	struct manifest_file file[MANIFEST_FILES];
};

/* text need not end in a NUL. Errors name the line. */
int manifest_parse(struct manifest *m, const char *text, size_t len, struct err *e);
const struct manifest_file *manifest_find(const struct manifest *m, const char *path);

#endif
