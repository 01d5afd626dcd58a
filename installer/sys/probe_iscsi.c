/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the firmware started from over iSCSI: the table iBFT, as the module iscsi_ibft shows it (in the kernel's sources
 * Documentation/ABI/testing/sysfs-ibft).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "probe_parts.h"

#define IBFT "/sys/firmware/ibft"

static void target_add(const struct probe *p, const char *folder)
{
	struct boot_target *t = &p->m->boot_target[p->m->boot_targets];
	char nic[16], mac[64];

	memset(t, 0, sizeof(*t));
	if (!probe_read(p, t->name, sizeof(t->name), IBFT "/%s/target-name", folder))
		return;
	probe_read(p, t->address, sizeof(t->address), IBFT "/%s/ip-addr", folder);
	probe_printable(t->name);
	probe_printable(t->address);
	if (probe_read(p, nic, sizeof(nic), IBFT "/%s/nic-assoc", folder) &&
	    probe_read(p, mac, sizeof(mac), IBFT "/ethernet%lu/mac", strtoul(nic, NULL, 10)))
		text_mac(mac, t->mac);
	p->m->boot_targets++;
}

void probe_iscsi(const struct probe *p)
{
	struct dirent **list;
	int n = probe_list(p, IBFT, &list);

	for (int i = 0; i < n && p->m->boot_targets < MACHINE_BOOT_TARGETS; i++)
		if (!strncmp(list[i]->d_name, "target", 6) && isdigit((unsigned char)list[i]->d_name[6]))
			target_add(p, list[i]->d_name);
	probe_list_free(list, n);
}
