/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A boot entry in the memory of UEFI firmware. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/bootentry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct boot_entry b;

	memset(&b, 0xff, sizeof(b));
	if (!boot_entry_read("Boot0000-8be4df61-93ca-11d2-aa0d-00e098032b8c", data, n, &b) &&
	    (strnlen(b.label, sizeof(b.label)) == sizeof(b.label) || strnlen(b.part_guid, sizeof(b.part_guid)) != 36))
		abort();
	return 0;
}
