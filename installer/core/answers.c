/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defaults, the words of the answers, and what must fit together. */
#include "answers.h"

#include <arpa/inet.h>
#include <string.h>

#include "answers_reader.h"
#include "text.h"

const char *const install_mode_text[MODE_MAX] = { "fresh", "reinstall", "upgrade" };
const char *const storage_type_text[STORAGE_TYPE_MAX] = { "lvm", "thin", "ext" };
const char *const preserve_first_text[PRESERVE_MAX] = { "if-utility", "yes", "no" };
const char *const bond_mode_text[BOND_MAX] = { "none", "active-backup", "802.3ad", "balance-slb" };
const char *const ipv4_mode_text[IPV4_MAX] = { "dhcp", "static", "none" };
const char *const ipv6_mode_text[IPV6_MAX] = { "none", "autoconf", "dhcp", "static" };
const char *const ntp_source_text[NTP_MAX] = { "dhcp", "default", "manual", "none" };
const char *const script_stage_text[STAGE_MAX] = { "installation-start", "packages-installed", "filesystem-populated",
						   "installation-complete" };

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

bool answers_same_disk(const char *a, const char *b)
{
	a += strncmp(a, "/dev/", 5) ? 0 : 5;
	b += strncmp(b, "/dev/", 5) ? 0 : 5;
	return !strcmp(a, b);
}

/* An element that had errors is told about there. */
#define AT(place) (place).line, (place).col

static void check_storage(const struct answers *a, struct diags *ds)
{
	unsigned places = a->guest_disks + (a->guest_storage ? 1 : 0);

	if (!places)
		diag_warning(ds, AT(a->primary.at), N_("guest-storage=\"no\" and no <guest-disk>: the host will have no storage for guests"));
	if (a->storage == STORAGE_EXT && places > 1)
		diag_error(ds, AT(a->guest_disk[0].at), N_("sr-type=\"ext\" uses one place only: the rest of the primary disk (guest-storage) or one <guest-disk>"));
	for (unsigned i = 1; i < a->guest_disks; i++)
		for (unsigned k = 0; k < i; k++)
			if (answers_same_disk(a->guest_disk[i].name, a->guest_disk[k].name)) {
				diag_error(ds, AT(a->guest_disk[i].at), N_("<guest-disk>: %s is named twice"), a->guest_disk[i].name);
				break;
			}
}

static void check_disks(const struct answers *a, unsigned broken, struct diags *ds)
{
	if (broken & BROKEN_DISKS)
		return;
	if (!*a->primary.name)
		diag_error(ds, AT(a->mode_at), N_("the mandatory element <%s> is missing"), a->mode == MODE_UPGRADE ? "existing-installation" : "primary-disk");
	else if (*a->mirror.name && answers_same_disk(a->primary.name, a->mirror.name))
		diag_error(ds, AT(a->mirror.at), N_("<primary-disk>: a mirror needs two disks; %s is named twice"), a->mirror.name);
	if (a->mode == MODE_FRESH)
		check_storage(a, ds);
}

static bool same_nic(const struct answer_nic *x, const struct answer_nic *y)
{
	return (*x->name && !strcmp(x->name, y->name)) || (*x->mac && !strcmp(x->mac, y->mac));
}

static void check_nics(const struct answers *a, unsigned broken, struct diags *ds)
{
	if (broken & BROKEN_NICS)
		return;
	if (a->bond != BOND_NONE && a->nics < 2)
		diag_error(ds, AT(a->nic[0].at), N_("<bond>: a bond needs at least two network interfaces; name a second one with <nic>, or leave the bond out"));
	else if (!a->nics || (!*a->nic[0].name && !*a->nic[0].mac))
		diag_error(ds, AT(a->mode_at), N_("the mandatory element <admin-interface> is missing"));
	for (unsigned i = 1; i < a->nics; i++)
		for (unsigned k = 0; k < i; k++)
			if (same_nic(&a->nic[i], &a->nic[k])) {
				diag_error(ds, AT(a->nic[i].at), N_("<nic>: %s is in the bond twice"), *a->nic[i].name ? a->nic[i].name : a->nic[i].mac);
				break;
			}
}

static void check_ipv4(const struct answers *a, unsigned broken, struct diags *ds)
{
	const struct answer_place *at = &a->nic[0].at;
	uint32_t ip = 0, gw = 0, mask;

	if (a->ipv4 != IPV4_STATIC || (broken & BROKEN_ADDRESS))
		return;
	if (!*a->address)
		diag_error(ds, AT(*at), N_("<admin-interface> with proto=\"static\" needs <ip>"));
	if (!a->prefix)
		diag_error(ds, AT(*at), N_("<admin-interface> with proto=\"static\" needs <subnet-mask>"));
	if (!text_ipv4(a->address, &ip) || !a->prefix)
		return;
	mask = UINT32_MAX << (32 - a->prefix);
	if (a->prefix < 31 && ((ip & ~mask) == 0 || (ip & ~mask) == ~mask))
		diag_error(ds, AT(*at), N_("<ip> %s is the network's or the broadcast address of its subnet (/%u)"), a->address, a->prefix);
	if ((broken & BROKEN_GATEWAY) || !text_ipv4(a->gateway, &gw))
		return;
	if ((ip & mask) != (gw & mask))
		diag_error(ds, AT(*at), N_("<gateway> %s is not in the subnet of %s/%u"), a->gateway, a->address, a->prefix);
	else if (ip == gw)
		diag_error(ds, AT(*at), N_("<gateway> %s is the machine's own address"), a->gateway);
}

static bool same_prefix(const struct in6_addr *x, const struct in6_addr *y, unsigned prefix)
{
	for (unsigned bit = 0; bit < prefix; bit++)
		if ((x->s6_addr[bit / 8] ^ y->s6_addr[bit / 8]) & (0x80 >> bit % 8))
			return false;
	return true;
}

static void check_ipv6(const struct answers *a, unsigned broken, struct diags *ds)
{
	const struct answer_place *at = &a->nic[0].at;
	struct in6_addr ip, gw;

	if (a->ipv6 != IPV6_STATIC || (broken & BROKEN_ADDRESS6))
		return;
	if (!*a->address6)
		diag_error(ds, AT(*at), N_("<admin-interface> with protov6=\"static\" needs <ipv6>"));
	if ((broken & BROKEN_GATEWAY6) || inet_pton(AF_INET6, a->address6, &ip) != 1 || inet_pton(AF_INET6, a->gateway6, &gw) != 1)
		return;
	if (!memcmp(&ip, &gw, sizeof(ip)))
		diag_error(ds, AT(*at), N_("<gatewayv6> %s is the machine's own address"), a->gateway6);
	else if (!IN6_IS_ADDR_LINKLOCAL(&gw) && !same_prefix(&ip, &gw, a->prefix6))
		diag_error(ds, AT(*at), N_("<gatewayv6> %s is neither in the network of %s/%u nor link-local"), a->gateway6, a->address6, a->prefix6);
}

static void check_network(const struct answers *a, unsigned broken, struct diags *ds)
{
	check_nics(a, broken, ds);
	check_ipv4(a, broken, ds);
	check_ipv6(a, broken, ds);
	if (a->ipv4 == IPV4_NONE && a->ipv6 == IPV6_NONE && !(broken & BROKEN_NICS))
		diag_warning(ds, AT(a->nic[0].at), N_("<admin-interface>: neither IPv4 nor IPv6: the host can be reached at its console only"));
	if (broken & BROKEN_NTP)
		return;
	if (a->ntp_source == NTP_MANUAL && !a->ntp_n)
		diag_error(ds, AT(a->mode_at), N_("<ntp source=\"manual\"> needs an <ntp-server>"));
	else if (a->ntp_source != NTP_MANUAL && a->ntp_n)
		diag_error(ds, AT(a->mode_at), N_("<ntp source=\"%s\"> and <ntp-server> contradict each other; write source=\"manual\", or no <ntp-server>"),
			   ntp_source_text[a->ntp_source]);
	if (a->ntp_source == NTP_DHCP && a->ipv4 != IPV4_DHCP && a->ipv6 != IPV6_DHCP)
		diag_warning(ds, AT(a->mode_at), N_("<ntp source=\"dhcp\">: no address comes from DHCP, so no NTP server does"));
}

static void check_login(const struct answers *a, unsigned broken, struct diags *ds)
{
	if (broken & BROKEN_PASSWORD)
		return;
	if (a->password_type == PASSWORD_NONE && !(a->ssh == SSH_ON && a->ssh_keys))
		diag_warning(ds, AT(a->mode_at), N_("the root account is locked, and SSH with a key is not set up: nobody will be able to log in"));
	if (a->ssh == SSH_OFF && a->ssh_keys)
		diag_warning(ds, AT(a->mode_at), N_("there is an <ssh-key>, but SSH is off; write <ssh-mode>on</ssh-mode>"));
}

void answers_check_rest(const struct answers *a, unsigned broken, struct diags *ds)
{
	check_disks(a, broken, ds);
	if (a->mode == MODE_UPGRADE)	/* which keeps everything else */
		return;
	check_network(a, broken, ds);
	check_login(a, broken, ds);
}

void answers_check(const struct answers *a, struct diags *ds)
{
	answers_check_rest(a, 0, ds);
}
