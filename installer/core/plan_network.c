/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The management network: its NICs by name or address, bond, addresses. */
#include "plan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Name, address, or both, which must agree then. */
static bool nic_find(const struct answer_nic *want, const struct machine *m, unsigned *ret, struct diags *ds)
{
	unsigned long line = want->at.line, col = want->at.col;
	unsigned by_name = UINT32_MAX, by_mac = UINT32_MAX;
	char list[700];

	machine_list_nics(m, list, sizeof(list));
	if (*want->name) {
		by_name = (unsigned)strtoul(want->name + 3, NULL, 10);
		if (by_name >= m->nics) {
			diag_error(ds, line, col, N_("<admin-interface>: there is no %s; network interfaces of this machine: %s"), want->name, list);
			return false;
		}
	}
	for (unsigned i = 0; *want->mac && i < m->nics; i++)
		if (!strcmp(m->nic[i].mac, want->mac))
			by_mac = i;
	if (*want->mac && by_mac == UINT32_MAX) {
		diag_error(ds, line, col, N_("<admin-interface>: no interface has the address %s; network interfaces of this machine: %s"),
			   want->mac, list);
		return false;
	}
	if (*want->mac && *want->name && by_mac != by_name) {
		diag_error(ds, line, col, N_("<admin-interface>: %s is not eth%u; give the name or the address, not both"), want->mac, by_name);
		return false;
	}
	*ret = by_mac != UINT32_MAX ? by_mac : by_name != UINT32_MAX ? by_name : 0;
	return true;
}

static void bond_choose(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	unsigned idx;

	if (a->nics < 2)
		diag_error(ds, a->nic[0].at.line, a->nic[0].at.col, N_("<admin-interface>: a bond needs at least two network interfaces; name a second one, or leave the bond out"));
	for (unsigned i = 0; i < a->nics; i++) {
		bool twice = false;

		if (!nic_find(&a->nic[i], m, &idx, ds))
			continue;
		for (unsigned k = 0; k < p->bond_nics; k++)
			twice = twice || p->bond_nic[k] == idx;
		if (twice)
			diag_error(ds, a->nic[i].at.line, a->nic[i].at.col, N_("<admin-interface>: eth%u (%s) is in the bond twice"), idx,
				   m->nic[idx].mac);
		else
			p->bond_nic[p->bond_nics++] = idx;
	}
	p->bond = a->bond;
	text_copy(p->management, sizeof(p->management), "bond0");
}

void plan_network(struct plan *p, const struct answers *a, const struct machine *m, struct diags *ds)
{
	unsigned idx = 0;

	p->nics = m->nics;
	memcpy(p->nic, m->nic, sizeof(p->nic));
	if (a->bond != BOND_NONE) {
		bond_choose(p, a, m, ds);
	} else {
		if (a->nics > 1)
			diag_error(ds, a->nic[1].at.line, a->nic[1].at.col, N_("<admin-interface>: %u network interfaces but no bond; name one, or say how they are bonded"), a->nics);
		nic_find(&a->nic[0], m, &idx, ds);
		snprintf(p->management, sizeof(p->management), "eth%u", idx);
	}
	p->vlan = a->vlan;
	p->ipv4 = a->ipv4;
	text_copy(p->address, sizeof(p->address), a->address);
	text_copy(p->gateway, sizeof(p->gateway), a->gateway);
	p->prefix = a->prefix;
	p->ipv6 = a->ipv6;
	text_copy(p->address6, sizeof(p->address6), a->address6);
	text_copy(p->gateway6, sizeof(p->gateway6), a->gateway6);
	p->prefix6 = a->prefix6;
	p->dns_n = a->dns_n;
	memcpy(p->dns, a->dns, sizeof(p->dns));
	p->ntp_source = a->ntp_source;
	p->ntp_n = a->ntp_n;
	memcpy(p->ntp, a->ntp, sizeof(p->ntp));
}
