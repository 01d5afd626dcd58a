/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "core/values.h"

void network_bridge_read(const char *line, struct network_bridge *ret)
{
	char copy[256], *save = NULL, *word;

	*ret = (struct network_bridge){ 0 };
	text_copy(copy, sizeof(copy), line);
	word = strtok_r(copy, " ", &save);
	text_copy(ret->name, sizeof(ret->name), word ? word : "");
	while ((word = strtok_r(NULL, " ", &save))) {
		if (!strncmp(word, "port=", 5))
			text_copy(ret->port, sizeof(ret->port), word + 5);
		else if (!strncmp(word, "nat=", 4))
			text_copy(ret->nat, sizeof(ret->nat), word + 4);
		else if (!strncmp(word, "vlan=", 5))
			ret->vlan = (unsigned)strtoul(word + 5, NULL, 10);
		else if (!strncmp(word, "mtu=", 4))
			ret->mtu = (unsigned)strtoul(word + 4, NULL, 10);
	}
}

void network_bridge_write(const struct network_bridge *b, char *ret, size_t size)
{
	char vlan[16] = "", mtu[16] = "";

	if (b->vlan)
		snprintf(vlan, sizeof(vlan), " vlan=%u", b->vlan);
	if (b->mtu)
		snprintf(mtu, sizeof(mtu), " mtu=%u", b->mtu);
	snprintf(ret, size, "%s%s%s%s%s%s%s", b->name, *b->port ? " port=" : "", b->port, vlan, mtu, *b->nat ? " nat=" : "", b->nat);
}

bool network_bridge_find(const struct hostconf *h, const char *name, struct network_bridge *ret)
{
	const char *line;
	size_t at = 0;

	while ((line = hostconf_next(h, "bridge", &at))) {
		network_bridge_read(line, ret);
		if (!strcmp(ret->name, name))
			return true;
	}
	return false;
}

static const char *management(const struct hostconf *h)
{
	const char *port = hostconf_get(h, "management");

	return port ? port : "";
}

void network_bridge_below(const struct hostconf *h, const struct network_bridge *b, char ret[32])
{
	const char *port = *b->port ? b->port : b->vlan ? management(h) : "";

	if (b->vlan)
		snprintf(ret, 32, "%s.%u", port, b->vlan);
	else
		text_copy(ret, 32, port);
}

bool network_device(const char *name)
{
	char path[300], in_sys[64];

	snprintf(in_sys, sizeof(in_sys), "/sys/class/net/%s", name);
	return !access(host_path(path, sizeof(path), in_sys), F_OK);
}

int network_nic(const struct hostconf *h, const char *name, struct err *e)
{
	char is[32];
	const char *line;
	size_t at = 0, n;

	if (value_nic_name(name, is, e))
		return e->code = COMMAND_REFUSED;
	n = strlen(is);
	while ((line = hostconf_next(h, "nic", &at)))
		if (!strncmp(line, is, n) && line[n] == ' ')
			return network_device(is) ? 0 : err_set(e, COMMAND_REFUSED, "%s is not in this machine now", is);
	return err_set(e, COMMAND_REFUSED, "there is no NIC %s; `dolmen network nics` lists them", is);
}

/* Whether a `bond=` line, [NAME] MODE NIC ..., has the NIC; ret_name is the bond's. */
static bool bond_has(const char *line, const char *nic, char ret_name[16])
{
	char copy[256], *save = NULL, *word;
	bool first = true, has = false;

	text_copy(copy, sizeof(copy), line);
	text_copy(ret_name, 16, "bond0");
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save), first = false) {
		if (first && !strncmp(word, "bond", 4))
			text_copy(ret_name, 16, word);
		has = has || !strcmp(word, nic);
	}
	return has;
}

const char *network_user_of(const struct hostconf *h, const char *device, const char *except, char buf[16])
{
	struct network_bridge b;
	const char *line;
	size_t at = 0;

	while ((line = hostconf_next(h, "bond", &at)))
		if (bond_has(line, device, buf) && strcmp(buf, device) != 0)
			return buf;
	if (!strcmp(management(h), device))
		return "xenbr0";
	at = 0;
	while ((line = hostconf_next(h, "bridge", &at))) {
		network_bridge_read(line, &b);
		if (strcmp(b.port, device) != 0 || b.vlan || !strcmp(b.name, except))
			continue;
		text_copy(buf, 16, b.name);
		return buf;
	}
	return NULL;
}

int network_mtu(const char *text, unsigned *ret, struct err *e)
{
	unsigned long n = text_only(text, "0123456789") && strlen(text) < 6 ? strtoul(text, NULL, 10) : 0;

	if (n < 1280 || n > 9216)
		return err_set(e, COMMAND_REFUSED, "`%.40s` is not an MTU from 1280 to 9216", text);
	*ret = (unsigned)n;
	return 0;
}

static const char *value(const struct hostconf *h, const char *key)
{
	const char *v = hostconf_get(h, key);

	return v ? v : "";
}

static int check_ipv4(const struct hostconf *h, struct err *e)
{
	const char *text = value(h, "address"), *gateway = value(h, "gateway"), *slash = strchr(text, '/');
	char address[32], is[16];
	unsigned prefix;
	uint32_t a, g, mask;

	if (strcmp(value(h, "ipv4"), "static") != 0)
		return 0;
	snprintf(address, sizeof(address), "%.*s", (int)(slash ? slash - text : 0), text);
	if (!slash)
		return err_set(e, COMMAND_REFUSED, "a static address is written with the length of its prefix: --address 192.0.2.10/24");
	if (value_ipv4(address, is, e) || value_netmask(slash + 1, &prefix, e))
		return e->code = COMMAND_REFUSED;
	if (!*gateway)
		return 0;
	if (value_ipv4(gateway, is, e))
		return e->code = COMMAND_REFUSED;
	text_ipv4(address, &a);
	text_ipv4(gateway, &g);
	mask = 0xffffffffu << (32 - prefix);
	if ((a & mask) != (g & mask))
		return err_set(e, COMMAND_REFUSED, "the gateway %s is not in the network of %s", gateway, text);
	if (a == g)
		return err_set(e, COMMAND_REFUSED, "%s cannot be the host's own address and its gateway", gateway);
	return 0;
}

static int check_ipv6(const struct hostconf *h, struct err *e)
{
	const char *gateway = value(h, "gateway6");
	char is[46];
	unsigned prefix;

	if (strcmp(value(h, "ipv6"), "static") != 0)
		return 0;
	if (value_ipv6_prefix(value(h, "address6"), is, &prefix, e) || (*gateway && value_ipv6(gateway, is, e)))
		return e->code = COMMAND_REFUSED;
	return 0;
}

/* What guests' bridges and the management network want of the same devices. */
static int check_bridges(const struct hostconf *h, struct err *e)
{
	const char *line, *vlan = value(h, "vlan"), *port = management(h);
	unsigned long mtu = *value(h, "mtu") ? strtoul(value(h, "mtu"), NULL, 10) : 1500;
	char below[32], other_below[32];
	struct network_bridge b, other;
	size_t at = 0, behind;

	while ((line = hostconf_next(h, "bridge", &at))) {
		network_bridge_read(line, &b);
		network_bridge_below(h, &b, below);
		if (*port && !strcmp(below, port))
			return err_set(e, COMMAND_REFUSED, "%s is the port of the bridge %s", port, b.name);
		if (b.vlan && !strncmp(below, port, strlen(port)) && below[strlen(port)] == '.') {
			if (strtoul(vlan, NULL, 10) == b.vlan)
				return err_set(e, COMMAND_REFUSED, "VLAN %u is the host's own: it would no longer see it when the bridge %s has it", b.vlan, b.name);
			if (b.mtu > mtu)
				return err_set(e, COMMAND_REFUSED, "the bridge %s has an MTU of %u, %s below it only %lu", b.name, b.mtu, port, mtu);
		}
		behind = at;
		while (*below && (line = hostconf_next(h, "bridge", &behind))) {
			network_bridge_read(line, &other);
			network_bridge_below(h, &other, other_below);
			if (!strcmp(below, other_below))
				return err_set(e, COMMAND_REFUSED, "%s would be the port of two bridges, %s and %s", below, b.name, other.name);
		}
	}
	return 0;
}

int network_check(const struct hostconf *h, struct err *e)
{
	int rc = check_ipv4(h, e);

	if (!rc)
		rc = check_ipv6(h, e);
	if (!rc && !*management(h) && (strcmp(value(h, "ipv4"), "none") != 0 || strcmp(value(h, "ipv6"), "none") != 0))
		rc = err_set(e, COMMAND_REFUSED, "an address wants a port: --port eth0");
	return rc ? rc : check_bridges(h, e);
}
