/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The elements about the management network, name servers and time servers. */
#include <string.h>

#include "answers_reader.h"
#include "text.h"
#include "values.h"

/* Name and address by which an element names an interface; false: wrong, or neither is there. */
static bool take_nic(struct reader *r, struct answer_nic *n)
{
	const char *name = read_attr(r, "name"), *mac = read_attr(r, "hwaddr");
	bool good = true;
	struct err e;

	n->at = read_place(r);
	if (name && value_nic_name(name, n->name, &e)) {
		read_wrong_attr(r, "name", &e);
		good = false;
	}
	if (mac && value_mac(mac, n->mac, &e)) {
		read_wrong_attr(r, "hwaddr", &e);
		good = false;
	}
	if (!good)
		r->broken |= BROKEN_NICS;
	return good && (name || mac);
}

static void take_modes(struct reader *r)
{
	const char *proto = read_attr(r, "proto"), *protov6 = read_attr(r, "protov6");
	int i;

	if (!proto) {
		read_error(r, "<admin-interface> needs proto=\"dhcp\", \"static\" or \"none\"");
		r->broken |= BROKEN_ADDRESS;
	} else if ((i = read_pick(r, "proto=", proto, ipv4_mode_text, IPV4_MAX)) >= 0) {
		r->a->ipv4 = (enum ipv4_mode)i;
	} else {
		r->broken |= BROKEN_ADDRESS;
	}
	if (protov6 && (i = read_pick(r, "protov6=", protov6, ipv6_mode_text, IPV6_MAX)) >= 0)
		r->a->ipv6 = (enum ipv6_mode)i;
	else if (protov6)
		r->broken |= BROKEN_ADDRESS6;
}

void read_admin_interface(struct reader *r, const char *text)
{
	const char *vlan = read_attr(r, "vlan");
	struct err e;

	(void)text;
	if (r->admin_seen)
		return;		/* told already */
	r->admin_seen = true;
	take_nic(r, &r->a->nic[0]);
	take_modes(r);
	if (vlan && value_vlan(vlan, &r->a->vlan, &e))
		read_wrong_attr(r, "vlan", &e);
}

void read_bond(struct reader *r, const char *text)
{
	static const char *const modes[] = { "active-backup", "802.3ad", "balance-slb", "lacp" };
	const char *mode = read_attr(r, "mode");
	struct answers *a = r->a;
	int i;

	(void)text;
	if (a->bond != BOND_NONE)
		return;		/* told already */
	if (*a->nic[0].name || *a->nic[0].mac)
		read_error(r, "<bond>: its interfaces are named with <nic> in it; remove name= and hwaddr= from <admin-interface>");
	a->nics = 0;
	memset(a->nic, 0, sizeof(a->nic));
	a->nic[0].at = read_place(r);
	a->bond = BOND_ACTIVE_BACKUP;
	if (!mode) {
		read_error(r, "<bond> needs mode=\"active-backup\", \"802.3ad\" or \"balance-slb\"");
		return;
	}
	i = read_pick(r, "<bond> mode=", mode, modes, 4);
	if (i >= 0)
		a->bond = i == 3 ? BOND_LACP : (enum bond_mode)(BOND_ACTIVE_BACKUP + i);
}

void read_nic(struct reader *r, const char *text)
{
	struct answers *a = r->a;
	struct answer_nic n = { 0 };
	struct err e = { 0 };
	bool good;

	if (a->nics == ANSWERS_BOND_NICS) {
		read_error(r, "more than %d <nic> elements", ANSWERS_BOND_NICS);
		return;
	}
	good = take_nic(r, &n);
	if (*text)
		good = strlen(text) == 17 ? !value_mac(text, n.mac, &e) : !value_nic_name(text, n.name, &e);
	if (e.code)
		read_wrong(r, &e);
	else if (!good && !(r->broken & BROKEN_NICS))
		read_error(r, "<nic> names no interface; write <nic name=\"eth0\"/> or <nic hwaddr=\"xx:xx:xx:xx:xx:xx\"/>");
	if (good && !e.code)
		a->nic[a->nics++] = n;
	else
		r->broken |= BROKEN_NICS;
}

void read_address(struct reader *r, const char *text)
{
	struct err e;

	r->address_seen = true;
	r->address_at = read_place(r);
	if (!value_ipv4(text, r->a->address, &e))
		return;
	read_wrong(r, &e);
	r->broken |= BROKEN_ADDRESS;
}

void read_mask(struct reader *r, const char *text)
{
	struct err e;

	r->mask_seen = true;
	r->address_at = read_place(r);
	if (!value_netmask(text, &r->a->prefix, &e))
		return;
	read_wrong(r, &e);
	r->broken |= BROKEN_ADDRESS;
}

void read_gateway(struct reader *r, const char *text)
{
	struct err e;

	r->gateway_seen = true;
	r->address_at = read_place(r);
	if (!value_ipv4(text, r->a->gateway, &e))
		return;
	read_wrong(r, &e);
	r->broken |= BROKEN_GATEWAY;
}

void read_address6(struct reader *r, const char *text)
{
	struct err e;

	r->address6_seen = true;
	if (!value_ipv6_prefix(text, r->a->address6, &r->a->prefix6, &e))
		return;
	read_wrong(r, &e);
	r->broken |= BROKEN_ADDRESS6;
}

void read_gateway6(struct reader *r, const char *text)
{
	struct err e;

	r->gateway6_seen = true;
	if (!value_ipv6(text, r->a->gateway6, &e))
		return;
	read_wrong(r, &e);
	r->broken |= BROKEN_GATEWAY6;
}

void read_name_server(struct reader *r, const char *text)
{
	struct answers *a = r->a;
	struct err e;

	if (a->dns_n == ANSWERS_SERVERS)
		read_error(r, "more than %d name servers", ANSWERS_SERVERS);
	else if (value_server(text, a->dns[a->dns_n], &e))
		read_wrong(r, &e);
	else
		a->dns_n++;
}

void read_ntp(struct reader *r, const char *text)
{
	const char *source = read_attr(r, "source");
	int i = -1;

	(void)text;
	r->ntp_seen = true;
	if (!source)
		read_error(r, "<ntp> needs source=\"dhcp\", \"default\", \"manual\" or \"none\"");
	else
		i = read_pick(r, "<ntp> source=", source, ntp_source_text, NTP_MAX);
	if (i >= 0)
		r->a->ntp_source = (enum ntp_source)i;
	else
		r->broken |= BROKEN_NTP;
}

void read_ntp_server(struct reader *r, const char *text)
{
	struct answers *a = r->a;
	struct err e;

	if (a->ntp_n == ANSWERS_SERVERS)
		read_error(r, "more than %d NTP servers", ANSWERS_SERVERS);
	else if (value_ntp_server(text, a->ntp[a->ntp_n], &e)) {
		read_wrong(r, &e);
		r->broken |= BROKEN_NTP;
	} else {
		a->ntp_n++;
	}
}

void read_network_backend(struct reader *r, const char *text)
{
	static const char *const words[] = { "bridge", "openvswitch", "vswitch" };

	if (read_pick(r, "<network-backend>", text, words, 3) > 0)
		read_warning(r, "<network-backend>: %s is ignored: guests' networks are Linux bridges", text);
}

static void end_addresses(struct reader *r)
{
	struct answers *a = r->a;
	bool ipv4 = r->address_seen || r->mask_seen || r->gateway_seen;

	if (a->ipv4 != IPV4_STATIC && ipv4 && !(r->broken & BROKEN_ADDRESS)) {
		diag_error(r->ds, r->address_at.line, r->address_at.col,
			   "<admin-interface> has proto=\"%s\" and an address; write proto=\"static\" to use it", ipv4_mode_text[a->ipv4]);
		a->address[0] = a->gateway[0] = 0;
		a->prefix = 0;
	}
	if (a->ipv6 != IPV6_STATIC && (r->address6_seen || r->gateway6_seen) && !(r->broken & BROKEN_ADDRESS6)) {
		diag_error(r->ds, a->nic[0].at.line, a->nic[0].at.col,
			   "<admin-interface> has protov6=\"%s\" and <ipv6> or <gatewayv6>; write protov6=\"static\" to use it", ipv6_mode_text[a->ipv6]);
		a->address6[0] = a->gateway6[0] = 0;
		a->prefix6 = 0;
	}
}

void read_network_end(struct reader *r)
{
	struct answers *a = r->a;

	end_addresses(r);
	if (r->admin_seen && a->bond == BOND_NONE && !*a->nic[0].name && !*a->nic[0].mac && !(r->broken & BROKEN_NICS)) {
		diag_error(r->ds, a->nic[0].at.line, a->nic[0].at.col, "<admin-interface> needs name=\"eth0\" or hwaddr=\"xx:xx:xx:xx:xx:xx\", or a <bond> in it");
		r->broken |= BROKEN_NICS;
	}
	if (!r->ntp_seen)
		a->ntp_source = a->ntp_n ? NTP_MANUAL : a->ipv4 == IPV4_DHCP || a->ipv6 == IPV6_DHCP ? NTP_DHCP : NTP_DEFAULT;
}
