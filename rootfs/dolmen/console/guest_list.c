/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest_list.h"

#include <stdlib.h>
#include <string.h>

#include "../vm.h"
#include "core/text.h"

/* False: it went in between, is the host, or only arrives: nothing can be done with it yet. */
static bool guest_read(virDomainPtr d, struct guest *g)
{
	virDomainInfo info;
	int autostart = 0;

	if (virDomainGetID(d) == 0 || virt_is_arriving(d) || virDomainGetInfo(d, &info) < 0)
		return false;
	virDomainGetAutostart(d, &autostart);
	*g = (struct guest){ .memory = (uint64_t)info.maxMem * 1024, .vcpus = info.nrVirtCpu, .autostart = autostart };
	text_copy(g->name, sizeof(g->name), virDomainGetName(d));
	text_copy(g->state_text, sizeof(g->state_text), vm_state(d, info.state));
	if (virDomainIsActive(d) == 1)
		g->state = info.state == VIR_DOMAIN_PAUSED ? STATE_PAUSED : STATE_RUNNING;
	else
		g->state = strcmp(g->state_text, "saved") != 0 ? STATE_OFF : STATE_SAVED;
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct guest *)a)->name, ((const struct guest *)b)->name);
}

int guests_read(struct guests *ret, struct err *e)
{
	virDomainPtr *all = NULL;
	virConnectPtr conn;
	int n, rc = virt_open(&conn, e);

	if (rc)
		return rc;
	n = virConnectListAllDomains(conn, &all, 0);
	if (n < 0)
		rc = virt_error(e, "the virtual machines cannot be listed");
	ret->n = 0;
	for (int i = 0; i < n; i++) {
		if (ret->n < GUESTS && guest_read(all[i], &ret->guest[ret->n]))
			ret->n++;
		virDomainFree(all[i]);
	}
	free(all);
	virConnectClose(conn);
	qsort(ret->guest, ret->n, sizeof(ret->guest[0]), compare);
	return rc;
}
