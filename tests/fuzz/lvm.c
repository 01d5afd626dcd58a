/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LVM metadata as it stands on somebody's disk. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/lvm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char vg[64], pool[64];
	struct err e;

	if (!lvm_group(data, n, vg, pool, &e) && (!*vg || strlen(vg) > 63 || strlen(pool) > 63))
		abort();
	return 0;
}
