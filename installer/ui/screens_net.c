/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The management network: how the host is reached. */
#include "screens.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/values.h"
#include "fields.h"
#include "i18n.h"

/* The ports of the machine as rows of a list; link states are looked at again while it is shown. */
struct port_list {
	struct session *s;
	struct front_item item[MACHINE_NICS];
	char row[MACHINE_NICS][160], details[MACHINE_NICS][400];
};

static bool ports_refresh(void *user)
{
	struct port_list *l = user;
	struct machine *m = l->s->machine;

	for (unsigned i = 0; i < m->nics; i++) {
		struct nic *nic = &m->nic[i];
		char link[64];

		l->s->services->nic_refresh(nic, l->s->machine_root);
		if (nic->link && nic->speed)
			snprintf(link, sizeof(link), _("link, %u Mbit/s"), nic->speed);
		else
			snprintf(link, sizeof(link), "%s", nic->link ? _("link") : _("no link"));
		snprintf(l->row[i], sizeof(l->row[i]), "eth%-2u %s  %-12.12s %s", i, nic->mac, nic->driver, link);
		snprintf(l->details[i], sizeof(l->details[i]), "eth%u\n\nMAC: %s\n%s: %s\n%s: %s\n%s: %s\n%s: %s", i, nic->mac, _("Place"), nic->pci,
			 _("Driver"), *nic->driver ? nic->driver : _("unknown"), _("Link"), link, _("The kernel calls it"), nic->kernel);
		l->item[i].text = l->row[i];
		l->item[i].detail = l->details[i];
	}
	return true;
}

static void port_blink(void *user, size_t item)
{
	struct port_list *l = user;
	struct session *s = l->s;
	struct front_page p = { .title = _("Network port") };
	char text[200];
	struct err e;

	snprintf(text, sizeof(text), _("The light of eth%zu blinks for 5 seconds."), item);
	s->front->calls->progress(s->front, &p, -1, text);
	if (s->machine->recorded || s->services->nic_blink(&s->machine->nic[item], 5, &e))
		screen_say(s, p.title, _("This port cannot make its light blink. Pull its cable and see which line says `no link`."));
}

static void ports_list(struct port_list *l, struct session *s)
{
	memset(l, 0, sizeof(*l));
	l->s = s;
	ports_refresh(l);
}

/* The port that an answer means, or -1. */
static int port_index(const struct machine *m, const struct answer_nic *n)
{
	for (unsigned i = 0; i < m->nics; i++)
		if (*n->mac && !strcmp(n->mac, m->nic[i].mac))
			return (int)i;
	return -1;
}

static void port_keep(const struct machine *m, size_t port, struct answer_nic *n)
{
	snprintf(n->name, sizeof(n->name), "eth%zu", port);
	text_copy(n->mac, sizeof(n->mac), m->nic[port].mac);
}

enum front_answer screen_bond(struct session *s)
{
	struct front_page p = {
		.title = _("Management network"), .text = _("How is the host connected to the network you manage it over?"),
		.help = _("A bond joins ports so that the loss of one cable or switch is survived.\n\nactive-backup: one port works, the others wait. Needs nothing from the switch.\n\n802.3ad (LACP): all ports work. The switch must be set up for it.\n\nbalance-slb: the name XenServer's files use. It runs as active-backup."),
	};
	struct front_item items[BOND_MAX] = {
		[BOND_NONE] = { .text = _("One port") },
		[BOND_ACTIVE_BACKUP] = { .text = _("Bond, active-backup: the others wait") },
		[BOND_LACP] = { .text = _("Bond, 802.3ad (LACP): the switch takes part") },
		[BOND_BALANCE_SLB] = { .text = _("Bond, balance-slb: runs as active-backup") },
	};
	size_t chosen = s->a.bond;
	enum front_answer answer = s->front->calls->menu(s->front, &p, items, BOND_MAX, &chosen);

	if (answer == FRONT_NEXT) {
		s->a.bond = (enum bond_mode)chosen;
		if (s->a.bond == BOND_NONE && s->a.nics > 1)
			s->a.nics = 1;
	}
	return answer;
}

enum front_answer screen_nic(struct session *s)
{
	static struct port_list l;
	struct front_page p = {
		.title = _("Management port"), .text = _("Which network port is the host managed over? Guests can use it, too."),
		.help = _("The list shows at once when a cable is plugged in or pulled. F5 tells more about a port, F6 makes its light blink."),
		.refresh = ports_refresh, .key_text = _("blink"), .key = port_blink, .user = &l,
	};
	const struct machine *m = s->machine;
	enum front_answer answer;
	size_t chosen = 0;
	int before;

	ports_list(&l, s);
	if (!m->nics) {
		screen_say(s, p.title, _("There is no network port, and a host needs one. Add a network card that Linux knows and start the machine again."));
		return FRONT_BACK;
	}
	before = port_index(m, &s->a.nic[0]);
	for (unsigned i = m->nics; before < 0 && i-- > 0;)
		if (m->nic[i].link)
			chosen = i;
	if (before >= 0)
		chosen = (size_t)before;
	answer = s->front->calls->menu(s->front, &p, l.item, m->nics, &chosen);
	if (answer == FRONT_NEXT) {
		s->a.nics = 1;
		port_keep(m, chosen, &s->a.nic[0]);
	}
	return answer;
}

enum front_answer screen_members(struct session *s)
{
	static struct port_list l;
	struct front_page p = {
		.title = _("Ports of the bond"), .text = _("Which network ports does the bond join? At least two."),
		.help = _("The space bar marks a line. F5 tells more about a port, F6 makes its light blink. At most 8 ports."),
		.refresh = ports_refresh, .key_text = _("blink"), .key = port_blink, .user = &l,
	};
	const struct machine *m = s->machine;
	enum front_answer answer;

	ports_list(&l, s);
	for (unsigned i = 0; i < s->a.nics; i++) {
		int port = port_index(m, &s->a.nic[i]);

		if (port >= 0)
			l.item[port].on = true;
	}
	answer = s->front->calls->checklist(s->front, &p, l.item, m->nics, 2);
	s->a.nics = 0;
	for (unsigned i = 0; i < m->nics && s->a.nics < ANSWERS_BOND_NICS; i++)
		if (l.item[i].on)
			port_keep(m, i, &s->a.nic[s->a.nics++]);
	return answer;
}

enum front_answer screen_vlan(struct session *s)
{
	struct front_page p = {
		.title = "VLAN", .text = _("Does the management network have a VLAN tag? Leave the field empty when you do not know of one."),
		.help = _("With a number the host sends and expects frames with this tag (802.1Q) on the management port. The port of the switch must carry it tagged."),
	};
	struct front_field field = { .label = _("VLAN (1 to 4094)"), .value = s->vlan, .size = sizeof(s->vlan), .check = field_vlan };
	enum front_answer answer = s->front->calls->form(s->front, &p, &field, 1);
	struct err e;

	if (answer == FRONT_NEXT && (!*s->vlan || value_vlan(s->vlan, &s->a.vlan, &e)))
		s->a.vlan = 0;
	return answer;
}

enum front_answer screen_ipv4(struct session *s)
{
	struct front_page p = {
		.title = "IPv4", .text = _("How does the host get its IPv4 address?"),
		.help = _("DHCP: from a server on the network. Give the host a fixed address there, or you will have to look for it.\n\nBy hand: you type address, netmask and gateway."),
	};
	struct front_item items[IPV4_MAX] = {
		[IPV4_DHCP] = { .text = _("Automatically (DHCP)") },
		[IPV4_STATIC] = { .text = _("By hand (static)") },
		[IPV4_NONE] = { .text = _("No IPv4") },
	};
	size_t chosen = s->a.ipv4;
	enum front_answer answer = s->front->calls->menu(s->front, &p, items, IPV4_MAX, &chosen);

	if (answer == FRONT_NEXT)
		s->a.ipv4 = (enum ipv4_mode)chosen;
	return answer;
}

/* True when the gateway can be reached from the address; the rest is said. */
static bool gateway_fits(struct session *s)
{
	uint32_t address, gateway, mask = UINT32_MAX << (32 - s->a.prefix);
	char text[200];

	text_ipv4(s->a.address, &address);
	if (s->a.prefix < 31 && ((address & ~mask) == 0 || (address & ~mask) == ~mask)) {
		snprintf(text, sizeof(text), _("%s is the address of the network itself or of its broadcast. Take another one."), s->a.address);
	} else if (!*s->a.gateway || !text_ipv4(s->a.gateway, &gateway)) {
		return true;
	} else if ((address & mask) != (gateway & mask)) {
		snprintf(text, sizeof(text), _("The gateway %s is not in the network of %s/%u. Look at all three."), s->a.gateway, s->a.address, s->a.prefix);
	} else if (address == gateway) {
		snprintf(text, sizeof(text), _("%s is both the host and its gateway. Change one of them."), s->a.address);
	} else {
		return true;
	}
	screen_say(s, "IPv4", text);
	return false;
}

enum front_answer screen_address(struct session *s)
{
	char address[16], gateway[16];
	struct front_page p = {
		.title = "IPv4", .text = _("The address of the host."),
		.help = _("The netmask can be written as 255.255.255.0 or as 24. Without a gateway the host reaches only its own network."),
	};
	struct front_field fields[] = {
		{ .label = _("Address"), .value = address, .size = sizeof(address), .check = field_ipv4 },
		{ .label = _("Netmask"), .value = s->netmask, .size = sizeof(s->netmask), .check = field_netmask },
		{ .label = _("Gateway (may be empty)"), .value = gateway, .size = sizeof(gateway), .check = field_gateway },
	};
	enum front_answer answer;
	struct err e;

	do {
		text_copy(address, sizeof(address), s->a.address);
		text_copy(gateway, sizeof(gateway), s->a.gateway);
		answer = s->front->calls->form(s->front, &p, fields, 3);
		text_copy(s->a.address, sizeof(s->a.address), address);
		text_copy(s->a.gateway, sizeof(s->a.gateway), gateway);
		if (value_netmask(s->netmask, &s->a.prefix, &e))
			s->a.prefix = 0;
	} while (answer == FRONT_NEXT && !gateway_fits(s));
	return answer;
}

enum front_answer screen_ipv6(struct session *s)
{
	struct front_page p = {
		.title = "IPv6", .text = _("How does the host get an IPv6 address?"),
		.help = _("Router advertisements: the router tells the network, the host makes its address of it (SLAAC).\n\nDHCPv6: from a server.\n\nBy hand: you type address and gateway."),
	};
	struct front_item items[IPV6_MAX] = {
		[IPV6_NONE] = { .text = _("No IPv6") },
		[IPV6_AUTO] = { .text = _("Automatically, from router advertisements") },
		[IPV6_DHCP] = { .text = _("Automatically, from a server (DHCPv6)") },
		[IPV6_STATIC] = { .text = _("By hand (static)") },
	};
	size_t chosen = s->a.ipv6;
	enum front_answer answer;

	for (;;) {
		answer = s->front->calls->menu(s->front, &p, items, IPV6_MAX, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		s->a.ipv6 = (enum ipv6_mode)chosen;
		if (s->a.ipv4 != IPV4_NONE || s->a.ipv6 != IPV6_NONE)
			return answer;
		screen_say(s, "IPv6", _("Without IPv4 the host needs IPv6, or nobody reaches it. Choose one here, or go back to IPv4."));
	}
}

enum front_answer screen_address6(struct session *s)
{
	char gateway[46];
	struct front_page p = {
		.title = "IPv6", .text = _("The IPv6 address of the host."),
		.help = _("The address is written with the length of its prefix, as 2001:db8::10/64."),
	};
	struct front_field fields[] = {
		{ .label = _("Address/length"), .value = s->address6, .size = sizeof(s->address6), .check = field_ipv6 },
		{ .label = _("Gateway (may be empty)"), .value = gateway, .size = sizeof(gateway), .check = field_gateway6 },
	};
	enum front_answer answer;
	struct err e;

	text_copy(gateway, sizeof(gateway), s->a.gateway6);
	answer = s->front->calls->form(s->front, &p, fields, 2);
	if (answer == FRONT_NEXT)
		value_ipv6_prefix(s->address6, s->a.address6, &s->a.prefix6, &e);
	text_copy(s->a.gateway6, sizeof(s->a.gateway6), gateway);
	return answer;
}
