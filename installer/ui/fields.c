/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

#include <stdio.h>
#include <string.h>

#include "core/values.h"
#include "i18n.h"

static bool say(bool right, const char *text, char *why, size_t size)
{
	if (!right)
		snprintf(why, size, "%s", text);
	return right;
}

bool field_vlan(const char *value, char *why, size_t size)
{
	struct err e;
	unsigned n;

	return say(!*value || !value_vlan(value, &n, &e), _("A VLAN is a number from 1 to 4094. Leave the field empty for none."), why, size);
}

bool field_ipv4(const char *value, char *why, size_t size)
{
	struct err e;
	char s[16];

	return say(!value_ipv4(value, s, &e), _("Not the IPv4 address of a host. Write one like 192.0.2.10."), why, size);
}

bool field_netmask(const char *value, char *why, size_t size)
{
	struct err e;
	unsigned n;

	return say(!value_netmask(value, &n, &e), _("Not a netmask. Write one like 255.255.255.0 or 24."), why, size);
}

bool field_gateway(const char *value, char *why, size_t size)
{
	return !*value || field_ipv4(value, why, size);
}

bool field_ipv6(const char *value, char *why, size_t size)
{
	struct err e;
	unsigned n;
	char s[46];

	return say(!value_ipv6_prefix(value, s, &n, &e), _("Not an IPv6 address with its prefix length. Write one like 2001:db8::10/64."), why, size);
}

bool field_gateway6(const char *value, char *why, size_t size)
{
	struct err e;
	char s[46];

	return say(!*value || !value_ipv6(value, s, &e), _("Not an IPv6 address. Write one like 2001:db8::1."), why, size);
}

bool field_hostname(const char *value, char *why, size_t size)
{
	struct err e;
	char s[254];

	return say(!value_hostname(value, s, &e), _("Not a host name. Letters, digits and hyphens, as in host1.example.org."), why, size);
}

bool field_name_server(const char *value, char *why, size_t size)
{
	struct err e;
	char s[46];

	return say(!*value || !value_server(value, s, &e), _("Not the address of a name server. Write one like 192.0.2.1 or 2001:db8::1."), why, size);
}

bool field_ntp_server(const char *value, char *why, size_t size)
{
	struct err e;
	char s[254];

	return say(!*value || !value_ntp_server(value, s, &e), _("Neither a host name nor an address. Write one like ntp1.example.org."), why, size);
}

bool field_password(const char *value, char *why, size_t size)
{
	struct err e;

	return say(!value_password(value, &e), _("A password has at least 6 characters."), why, size);
}

bool field_ssh_key(const char *value, char *why, size_t size)
{
	struct err e;
	char s[1024];

	return say(!value_ssh_key(value, s, &e), _("Not a public SSH key. It is one line that begins with ssh-ed25519 or ssh-rsa; the private key stays with you."), why, size);
}

bool field_url(const char *value, char *why, size_t size)
{
	struct err e;
	char s[1024];

	return say(!value_url(value, s, &e), _("Not an address that can be used. Write one like https://example.org/keys."), why, size);
}
