/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's configuration file: what comes out goes into GRUB's script. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/xencfg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct xencfg x;
	struct err e;

	if (!xencfg_parse(&x, (const char *)data, n, &e) && (strpbrk(x.options, "\n'\"$;{}\\") || strpbrk(x.kernel, "\n'\"$;{}\\")))
		abort();
	return 0;
}
