/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_MANIFEST_H
#define DOLMEN_MANIFEST_H

#include <stdint.h>

#include "core/err.h"

#define MANIFEST_HEX 129	/* of SHA512 */

/* The hash of a part of a file, in hexadecimal; algorithm as a manifest has it: SHA256. command_stopped ends it. */
int manifest_hash(const char *algorithm, int fd, uint64_t at, uint64_t bytes, const char *name, char ret[MANIFEST_HEX], struct err *e);

#endif
