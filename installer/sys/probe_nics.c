/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network interfaces: Ethernet hardware in the order of its place on the bus. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "nic.h"
#include "probe_parts.h"

/* pci0000:00/0000:00:03.0/virtio0/net/ens3 -> 0000:00:03.0, the last PCI address on the way */
static void place_to_pci(const char *place, char *buf, size_t size)
{
	char copy[PATH_MAX], *save = NULL;
	unsigned a, b, c, d;
	int end = 0;

	buf[0] = 0;
	text_copy(copy, sizeof(copy), place);
	for (char *t = strtok_r(copy, "/", &save); t; t = strtok_r(NULL, "/", &save))
		if (sscanf(t, "%x:%x:%x.%x%n", &a, &b, &c, &d, &end) == 4 && !t[end])
			text_copy(buf, size, t);
	if (!*buf)	/* no PCI: after all that have one */
		snprintf(buf, size, "~%.60s", place);
}

void probe_nics(const struct probe *p)
{
	struct dirent **list;
	int n = probe_list(p, "/sys/class/net", &list);
	char path[300], place[PATH_MAX], link[PATH_MAX], text[64];

	for (int i = 0; i < n && p->m->nics < MACHINE_NICS; i++) {
		const char *name = list[i]->d_name;
		struct nic *nic = &p->m->nic[p->m->nics];
		ssize_t k;

		if (name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%.200s", name);
		probe_place(p, path, place, sizeof(place));
		if (!*place || !strncmp(place, "virtual/", 8))
			continue;
		if (probe_read(p, text, sizeof(text), "/sys/class/net/%s/type", name) && strcmp(text, "1") != 0)
			continue;	/* not Ethernet */
		memset(nic, 0, sizeof(*nic));
		text_copy(nic->kernel, sizeof(nic->kernel), name);
		if (!probe_read(p, text, sizeof(text), "/sys/class/net/%s/address", name) || !text_mac(text, nic->mac))
			continue;
		place_to_pci(place, nic->pci, sizeof(nic->pci));
		snprintf(path, sizeof(path), "%.80s/sys/class/net/%.100s/device/driver", p->root, name);
		k = readlink(path, link, sizeof(link) - 1);
		if (k > 0) {
			link[k] = 0;
			text_copy(nic->driver, sizeof(nic->driver), strrchr(link, '/') ? strrchr(link, '/') + 1 : link);
		}
		nic_refresh(nic, p->root);
		p->m->nics++;
	}
	probe_list_free(list, n);
	machine_sort_nics(p->m);
}
