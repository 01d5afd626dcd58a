/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot entries in the memory of UEFI firmware. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "probe_parts.h"

#define ENTRY_MAX_BYTES (64u << 10)
#define EFIVARS "/sys/firmware/efi/efivars"

void probe_entries(const struct probe *p)
{
	struct machine *m = p->m;
	struct dirent **list;
	int n = probe_list(p, EFIVARS, &list);

	for (int i = 0; i < n && m->boot_entries < MACHINE_BOOT_ENTRIES; i++) {
		char path[PATH_MAX], *data;
		struct err e;
		size_t bytes;

		snprintf(path, sizeof(path), "%s" EFIVARS "/%s", p->root, list[i]->d_name);
		if (strncmp(list[i]->d_name, "Boot", 4) != 0 || file_read(path, ENTRY_MAX_BYTES, &data, &bytes, &e))
			continue;
		if (!boot_entry_read(list[i]->d_name, (const uint8_t *)data, bytes, &m->boot_entry[m->boot_entries]))
			m->boot_entries++;
		free(data);
	}
	probe_list_free(list, n);
}
