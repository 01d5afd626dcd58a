/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of networks: interfaces, addresses, servers. */
#include "values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Digits only, low..high. */
static bool number(const char *text, unsigned low, unsigned high, unsigned *ret)
{
	unsigned long n;

	if (!text_only(text, "0123456789") || strlen(text) > 5)
		return false;
	n = strtoul(text, NULL, 10);
	if (n < low || n > high)
		return false;
	*ret = (unsigned)n;
	return true;
}

int value_nic_name(const char *text, char ret[32], struct err *e)
{
	unsigned n;

	if (strncmp(text, "eth", 3) != 0 || !number(text + 3, 0, 999, &n))
		return err_set(e, -EINVAL, "`%.30s`: interfaces are eth0, eth1, ... in the order of their PCI addresses", text);
	snprintf(ret, 32, "eth%u", n);
	return 0;
}

int value_mac(const char *text, char ret[18], struct err *e)
{
	char mac[18];

	if (!text_mac(text, mac))
		return err_set(e, -EINVAL, "`%.40s` is not an Ethernet address like 52:54:00:12:34:56", text);
	if (strchr("13579bdf", mac[1]) || !strcmp(mac, "00:00:00:00:00:00"))
		return err_set(e, -EINVAL, "%s is not the address of one network interface", mac);
	text_copy(ret, 18, mac);
	return 0;
}

int value_vlan(const char *text, unsigned *ret, struct err *e)
{
	if (!number(text, 1, 4094, ret))
		return err_set(e, -EINVAL, "`%.40s` is not a VLAN; write a number from 1 to 4094", text);
	return 0;
}

int value_ipv4(const char *text, char ret[16], struct err *e)
{
	uint32_t a;

	if (!text_ipv4(text, &a))
		return err_set(e, -EINVAL, "`%.60s` is not an IPv4 address like 192.0.2.10", text);
	if (a >> 24 == 0 || a >> 24 == 127 || a >> 28 >= 0xe)
		return err_set(e, -EINVAL, "%s is not the address of a host", text);
	text_copy(ret, 16, text);
	return 0;
}

int value_netmask(const char *text, unsigned *ret_prefix, struct err *e)
{
	unsigned n = 0;

	if (number(*text == '/' ? text + 1 : text, 1, 31, ret_prefix))
		return 0;
	if (!text_netmask(text, &n) || n < 1 || n > 31)
		return err_set(e, -EINVAL, "`%.60s` is not a netmask like 255.255.255.0", text);
	*ret_prefix = n;
	return 0;
}

int value_ipv6(const char *text, char ret[46], struct err *e)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		return err_set(e, -EINVAL, "`%.60s` is not an IPv6 address like 2001:db8::10", text);
	if (IN6_IS_ADDR_UNSPECIFIED(&a) || IN6_IS_ADDR_LOOPBACK(&a) || IN6_IS_ADDR_MULTICAST(&a) || IN6_IS_ADDR_V4MAPPED(&a))
		return err_set(e, -EINVAL, "%.60s is not the address of a host", text);
	inet_ntop(AF_INET6, &a, ret, 46);
	return 0;
}

int value_ipv6_prefix(const char *text, char ret[46], unsigned *ret_prefix, struct err *e)
{
	char address[64];
	const char *slash = strchr(text, '/');

	if (!slash || !number(slash + 1, 4, 128, ret_prefix))
		return err_set(e, -EINVAL, "`%.60s`: write the address with the length of its prefix, like 2001:db8::10/64", text);
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text < 60 ? slash - text : 60), text);
	return value_ipv6(address, ret, e);
}

int value_server(const char *text, char ret[46], struct err *e)
{
	char v4[16];

	if (strchr(text, ':'))
		return value_ipv6(text, ret, e);
	if (value_ipv4(text, v4, e))
		return e->code;
	text_copy(ret, 46, v4);
	return 0;
}

int value_ntp_server(const char *text, char ret[254], struct err *e)
{
	char address[46];

	if (strchr(text, ':') || text_only(text, "0123456789.")) {
		if (value_server(text, address, e))
			return e->code;
		text_copy(ret, 254, address);
		return 0;
	}
	if (!text_is_hostname(text))
		return err_set(e, -EINVAL, "`%.60s` is neither a host name nor an address", text);
	text_copy(ret, 254, text);
	return 0;
}
