/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "answers.h"

#include <arpa/inet.h>
#include <string.h>

#include "text.h"

void answers_defaults(struct answers *a)
{
	memset(a, 0, sizeof(*a));
	a->guest_storage = true;
	a->nics = 1;
	text_copy(a->hostname, sizeof(a->hostname), "dolmen");
	text_copy(a->timezone, sizeof(a->timezone), "UTC");
	text_copy(a->keymap, sizeof(a->keymap), "us");
	text_copy(a->language, sizeof(a->language), "en");
}

#define WRONG(...) diag_error(ds, a->nic[0].at.line, a->nic[0].at.col, "<admin-interface>: " __VA_ARGS__)

static void check_ipv4(const struct answers *a, struct diags *ds)
{
	uint32_t ip, gw, mask;

	if (!*a->address)
		WRONG("proto=\"static\" needs an address: <ip>");
	if (!a->prefix)
		WRONG("proto=\"static\" needs a netmask: <subnet-mask>");
	if (!text_ipv4(a->address, &ip) || !a->prefix || a->prefix > 31)
		return;
	mask = UINT32_MAX << (32 - a->prefix);
	if (a->prefix < 31 && ((ip & ~mask) == 0 || (ip & ~mask) == ~mask))
		WRONG("%s is the network's or the broadcast address of its subnet (/%u)", a->address, a->prefix);
	if (!text_ipv4(a->gateway, &gw))
		return;
	if ((ip & mask) != (gw & mask))
		WRONG("the gateway %s is not in the subnet of %s/%u", a->gateway, a->address, a->prefix);
	else if (ip == gw)
		WRONG("the gateway %s is the machine's own address", a->gateway);
}

static void check_ipv6(const struct answers *a, struct diags *ds)
{
	if (!*a->address6)
		WRONG("protov6=\"static\" needs an address: <ipv6>");
	else if (!strcmp(a->address6, a->gateway6))
		WRONG("the gateway %s is the machine's own address", a->gateway6);
}

static void check_network(const struct answers *a, struct diags *ds)
{
	if (a->ipv4 == IPV4_NONE && a->ipv6 == IPV6_NONE)
		WRONG("with neither IPv4 nor IPv6 nobody reaches the host; write proto=\"dhcp\" or the like");
	if (a->ipv4 == IPV4_STATIC)
		check_ipv4(a, ds);
	if (a->ipv6 == IPV6_STATIC)
		check_ipv6(a, ds);
	if (a->bond != BOND_NONE && a->nics < 2)
		WRONG("a bond needs at least two interfaces: <nic>eth0</nic><nic>eth1</nic>");
	if (a->ntp_source == NTP_MANUAL && !a->ntp_n)
		WRONG("<ntp source=\"manual\"> needs at least one <ntp-server>");
	if (a->ntp_source != NTP_MANUAL && a->ntp_n)
		WRONG("<ntp-server> is used with <ntp source=\"manual\"/> only, not with \"%s\"", ntp_source_text[a->ntp_source]);
	if (a->ntp_source == NTP_DHCP && a->ipv4 != IPV4_DHCP)
		WRONG("<ntp source=\"dhcp\"> needs proto=\"dhcp\"");
}

static void check_storage(const struct answers *a, struct diags *ds)
{
	unsigned places = a->guest_disks + (a->guest_storage ? 1 : 0);
	const struct answer_place *at = &a->mode_at;

	if (!places)
		diag_warning(ds, at->line, at->col, "guest-storage=\"no\" and no <guest-disk>: the host will have no storage for guests");
	if (a->storage == STORAGE_EXT && places > 1)
		diag_error(ds, at->line, at->col, "sr-type=\"ext\" uses one place only: the rest of the primary disk or one <guest-disk>");
	for (unsigned i = 0; i < a->guest_disks; i++)
		for (unsigned k = 0; k < i; k++)
			if (!strcmp(a->guest_disk[i].name, a->guest_disk[k].name))
				diag_error(ds, a->guest_disk[i].at.line, a->guest_disk[i].at.col, "<guest-disk>: %s is named twice", a->guest_disk[i].name);
}

void answers_check(const struct answers *a, struct diags *ds)
{
	if (a->mode == MODE_UPGRADE)
		return;		/* disk and settings are what they are */
	check_network(a, ds);
	if (a->mode == MODE_FRESH)
		check_storage(a, ds);
	if (a->password_type == PASSWORD_NONE && !(a->ssh == SSH_ON && a->ssh_keys))
		diag_warning(ds, a->mode_at.line, a->mode_at.col, "the root account will be locked and no SSH key is given: nobody can log in");
}
