/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen network create` and `delete`: bridges for guests beside xenbr0. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "core/values.h"
#include "network.h"
#include "settings.h"
#include "virt.h"

/* What the kernel's, Xen's and our own devices are called. */
static bool is_taken(const char *name)
{
	static const char *const begins[] = { "eth", "bond", "vif", "tap", "xenbr0", "new-", "pin-", "old-", "lo" };

	for (unsigned i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(name, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static int read_name(const char *name, const struct hostconf *h, struct err *e)
{
	struct network_bridge b;

	if (!text_only(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") || strchr("-_0123456789", *name) || strlen(name) > 15)
		return err_set(e, COMMAND_REFUSED, "`%.40s` is not a name of a network: a letter, then letters, digits, `_`, `-`, 15 at most", name);
	if (network_bridge_find(h, name, &b) || network_device(name))
		return err_set(e, COMMAND_REFUSED, "there is a network `%s` already", name);
	if (is_taken(name))
		return err_set(e, COMMAND_REFUSED, "the name `%s` is kept for devices of the host", name);
	return 0;
}

/* The next name that no bond of host.conf has. */
static void bond_name(const struct hostconf *h, char ret[16])
{
	unsigned n = 1;
	const char *line;
	size_t at;

	do {
		size_t len = (size_t)snprintf(ret, 16, "bond%u", n++);

		for (at = 0; (line = hostconf_next(h, "bond", &at));)
			if (!strncmp(line, ret, len) && line[len] == ' ')
				break;
	} while (line && n < 100);
}

/* The ports named: one NIC, or the NICs of a new bond. With a VLAN a NIC may be shared. */
static int read_ports(const struct call *c, struct hostconf *h, struct network_bridge *b, struct err *e)
{
	const char *mode = call_option(c, "bond"), *port, *user;
	char line[200] = "", whole[256], buf[16];
	unsigned at = 0, n = 0;

	while ((port = call_next(c, "port", &at))) {
		size_t len = strlen(line);

		/* The management's bond, for a VLAN. */
		if (strcmp(port, "bond0") != 0 || !hostconf_get(h, "bond"))
			if (network_nic(h, port, e))
				return e->code;
		user = network_user_of(h, port, "", buf);
		if (user && (mode || !b->vlan || !strncmp(user, "bond", 4)))
			return err_set(e, COMMAND_REFUSED, "%s is a port of %s already%s", port, user,
				       mode || !strncmp(user, "bond", 4) ? "" : "; a VLAN of it can be had with --vlan");
		if (strstr(line, port))
			return err_set(e, COMMAND_REFUSED, "--port %s stands there twice", port);
		snprintf(line + len, sizeof(line) - len, " %s", port);
		text_copy(b->port, sizeof(b->port), port);
		n++;
	}
	if (mode && strcmp(mode, "active-backup") != 0 && strcmp(mode, "802.3ad") != 0)
		return err_set(e, COMMAND_REFUSED, "--bond %.40s: active-backup or 802.3ad", mode);
	if (mode && n < 2)
		return err_set(e, COMMAND_REFUSED, "--bond wants --port for each of its NICs, two at least");
	if (!mode && n > 1)
		return err_set(e, COMMAND_REFUSED, "several ports make a bond: --bond active-backup or 802.3ad");
	if (!mode)
		return 0;
	bond_name(h, b->port);
	snprintf(whole, sizeof(whole), "%s %s%s", b->port, mode, line);
	return hostconf_add(h, "bond", whole, e);
}

/* ADDRESS or ADDRESS/24: the host's in that network, which is no other's. */
static int read_nat(const char *text, const struct hostconf *h, struct network_bridge *b, struct err *e)
{
	char address[32], is[16];
	const char *line, *slash = strchr(text, '/');
	struct network_bridge other;
	size_t at = 0, n;

	snprintf(address, sizeof(address), "%.*s", (int)(slash && slash - text < 31 ? slash - text : 31), text);
	if (value_ipv4(address, is, e))
		return e->code = COMMAND_REFUSED;
	if (slash && strcmp(slash, "/24") != 0)
		return err_set(e, COMMAND_REFUSED, "--nat: such a network has 256 addresses: %s/24", address);
	n = (size_t)(strrchr(address, '.') - address) + 1;
	if (atoi(address + n) < 1 || (atoi(address + n) > 99 && atoi(address + n) < 251) || atoi(address + n) > 254)
		return err_set(e, COMMAND_REFUSED, "--nat %s: the last number is 1 to 99 or 251 to 254; guests get 100 to 250", address);
	line = hostconf_get(h, "address");
	if (line && !strncmp(line, address, n))
		return err_set(e, COMMAND_REFUSED, "--nat %s: that is the management's network (%s)", address, line);
	while ((line = hostconf_next(h, "bridge", &at))) {
		network_bridge_read(line, &other);
		if (!strncmp(other.nat, address, n))
			return err_set(e, COMMAND_REFUSED, "--nat %s: that is the network of %s", address, other.name);
	}
	snprintf(b->nat, sizeof(b->nat), "%s/24", address);
	return 0;
}

static int read_bridge(const struct call *c, struct hostconf *h, struct network_bridge *b, struct err *e)
{
	const char *vlan = call_option(c, "vlan"), *mtu = call_option(c, "mtu"), *nat = call_option(c, "nat"), *port;
	int rc = read_name(c->argument[0], h, e);

	text_copy(b->name, sizeof(b->name), c->argument[0]);
	if (!rc && vlan && value_vlan(vlan, &b->vlan, e))
		rc = e->code = COMMAND_REFUSED;
	if (!rc && mtu)
		rc = network_mtu(mtu, &b->mtu, e);
	if (!rc)
		rc = read_ports(c, h, b, e);
	if (!rc && nat && (*b->port || vlan))
		rc = err_set(e, COMMAND_REFUSED, "--nat is for a network without a port: the host is its router");
	if (!rc && nat)
		rc = read_nat(nat, h, b, e);
	if (rc || !vlan || *b->port)
		return rc;
	port = hostconf_get(h, "management");
	return port && *port ? 0 : err_set(e, COMMAND_REFUSED, "--vlan wants --port: the management network has none");
}

static const char *steps(const struct network_bridge *b)
{
	return *b->nat ? "57-firewall.sh 61-bridges.sh" : "61-bridges.sh";
}

/* The lines that were written go again, and what was made of them. */
static void take_back(const char *name, const struct network_bridge *b)
{
	struct hostconf h;
	struct err none;

	if (!hostconf_edit(&h, &none)) {
		hostconf_remove(&h, "bridge", name);
		if (!strncmp(b->port, "bond", 4) && strcmp(b->port, "bond0") != 0)
			hostconf_remove(&h, "bond", b->port);
		hostconf_write(&h, &none);
	}
	hostconf_close(&h);
	steps_run(steps(b), &none);
}

static void print_bridge(struct call *c, const char *name, const char *result)
{
	struct json j = { .out = c->out };

	if (!c->json) {
		fprintf(c->out, "%s: %s\n", name, result);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", name);
	json_text(&j, "result", result);
	json_object_end(&j);
	json_end(&j);
}

static int create_run(struct call *c, struct err *e)
{
	struct network_bridge b = { 0 };
	struct hostconf h;
	char line[160];
	int rc = hostconf_edit(&h, e);

	if (!rc)
		rc = read_bridge(c, &h, &b, e);
	network_bridge_write(&b, line, sizeof(line));
	if (!rc)
		rc = hostconf_add(&h, "bridge", line, e);
	if (!rc)
		rc = network_check(&h, e);
	if (!rc)
		rc = hostconf_write(&h, e);
	hostconf_close(&h);
	if (rc)
		return rc;
	if (steps_run(steps(&b), e)) {
		err_prefix(e, "the network %s cannot be made: ", b.name);
		take_back(b.name, &b);
		return e->code;
	}
	print_bridge(c, b.name, "created");
	return 0;
}

/* A machine whose definition names the bridge, running or off. */
static int check_machines(const char *bridge, struct err *e)
{
	virDomainPtr *all = NULL;
	virConnectPtr conn;
	char wanted[40];
	int rc = virt_open(&conn, e), n;

	if (rc)
		return rc;
	snprintf(wanted, sizeof(wanted), "bridge='%s'", bridge);
	n = virConnectListAllDomains(conn, &all, 0);
	if (n < 0)
		rc = virt_error(e, "the machines cannot be listed");
	for (int i = 0; i < n; i++) {
		char *xml = virDomainGetXMLDesc(all[i], 0);

		if (!rc && xml && strstr(xml, wanted))
			rc = err_set(e, COMMAND_REFUSED, "the machine %s uses the network %s", virDomainGetName(all[i]), bridge);
		free(xml);
		virDomainFree(all[i]);
	}
	free(all);
	virConnectClose(conn);
	return rc;
}

/* What libvirt does not know: a guest of xl's. */
static int check_ports(const char *bridge, struct err *e)
{
	char path[300], in_sys[100];
	const struct dirent *d;
	DIR *dir;
	int rc = 0;

	snprintf(in_sys, sizeof(in_sys), "/sys/class/net/%s/brif", bridge);
	dir = opendir(host_path(path, sizeof(path), in_sys));
	while (dir && !rc && (d = readdir(dir)))
		if (!strncmp(d->d_name, "vif", 3))
			rc = err_set(e, COMMAND_REFUSED, "the guest with the id %d uses the network %s (see xl list)", atoi(d->d_name + 3), bridge);
	if (dir)
		closedir(dir);
	return rc;
}

/* No other bridge is on the bond of this one. */
static bool bond_is_its_own(const struct hostconf *h, const struct network_bridge *b)
{
	struct network_bridge other;
	const char *line;
	size_t at = 0;

	while ((line = hostconf_next(h, "bridge", &at))) {
		network_bridge_read(line, &other);
		if (strcmp(other.name, b->name) != 0 && !strcmp(other.port, b->port))
			return false;
	}
	return !strncmp(b->port, "bond", 4) && strcmp(b->port, "bond0") != 0;
}

static int delete_run(struct call *c, struct err *e)
{
	const char *name = c->argument[0];
	struct network_bridge b;
	struct hostconf h;
	int rc = hostconf_edit(&h, e);

	if (!rc && !strcmp(name, "xenbr0"))
		rc = err_set(e, COMMAND_REFUSED, "xenbr0 is the host's own network; `dolmen network set` changes it");
	if (!rc && !network_bridge_find(&h, name, &b))
		rc = err_set(e, COMMAND_REFUSED, "there is no network `%.40s`", name);
	if (!rc)
		rc = check_machines(name, e);
	if (!rc)
		rc = check_ports(name, e);
	if (!rc && bond_is_its_own(&h, &b))
		hostconf_remove(&h, "bond", b.port);
	if (!rc)
		hostconf_remove(&h, "bridge", name);
	if (!rc)
		rc = hostconf_write(&h, e);
	hostconf_close(&h);
	if (!rc)
		rc = steps_run(steps(&b), e);
	if (!rc)
		print_bridge(c, name, "deleted");
	return rc;
}

static const struct option options[] = {
	{ "port", "NIC", "eth1: the bridge's port; several times with --bond" },
	{ "bond", "MODE", "active-backup or 802.3ad, over the ports" },
	{ "vlan", "N", "the network is this VLAN of the port, or of the management's port" },
	{ "mtu", "BYTES", "of the bridge and a port of its own" },
	{ "nat", "ADDRESS", "the host's address there; it leases others and routes them outside" },
	{ 0 }
};

const struct command command_network_create = {
	"network create", "NAME", "make a bridge for guests",
	"Without --port and --vlan it is internal: guests on it reach each other, nothing else.\n", options, create_run,
};
const struct command command_network_delete = { "network delete", "NAME", "delete a bridge that no machine uses", NULL, NULL, delete_run };
