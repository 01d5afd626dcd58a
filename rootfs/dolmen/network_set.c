/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen network set`, `confirm`, `revert`: the management network, on trial. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "core/values.h"
#include "network.h"
#include "spec.h"

#define PORTS 8

static int put(struct hostconf *h, const char *key, const char *value, struct err *e)
{
	return hostconf_set(h, key, &value, value ? 1 : 0, e);
}

/* The ports named, as those that the management network is to have: nobody else's. */
static int read_ports(const struct call *c, const struct hostconf *h, const char *ret[PORTS], unsigned *ret_n, struct err *e)
{
	const char *port, *user;
	char buf[16];
	unsigned at = 0;

	*ret_n = 0;
	while ((port = call_next(c, "port", &at))) {
		if (*ret_n == PORTS)
			return err_set(e, COMMAND_REFUSED, "more than %d ports", PORTS);
		if (network_nic(h, port, e))
			return e->code;
		for (unsigned i = 0; i < *ret_n; i++)
			if (!strcmp(ret[i], port))
				return err_set(e, COMMAND_REFUSED, "--port %s stands there twice", port);
		user = network_user_of(h, port, "", buf);
		if (user && strcmp(user, "xenbr0") != 0 && strcmp(user, "bond0") != 0)
			return err_set(e, COMMAND_REFUSED, "%s is a port of %s", port, user);
		ret[(*ret_n)++] = port;
	}
	return 0;
}

/* bond0 of these NICs, or none; guests' bonds, which have a name before their mode, stay. */
static int set_bond(struct hostconf *h, const char *mode, const char *const nic[], unsigned n, struct err *e)
{
	char line[256], kept[PORTS][256];
	const char *values[PORTS + 1], *value;
	unsigned lines = 0;
	size_t at = 0;

	if (mode) {
		text_copy(line, sizeof(line), mode);
		for (unsigned i = 0; i < n; i++)
			snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s", nic[i]);
		values[lines++] = line;
	}
	while ((value = hostconf_next(h, "bond", &at)) && lines < PORTS)
		if (!strncmp(value, "bond", 4) && strncmp(value, "bond0 ", 6) != 0) {
			text_copy(kept[lines], sizeof(kept[0]), value);
			values[lines] = kept[lines];
			lines++;
		}
	return hostconf_set(h, "bond", values, lines, e);
}

static int edit_ports(struct hostconf *h, const struct call *c, struct err *e)
{
	const char *mode = call_option(c, "bond"), *port[PORTS];
	bool none = mode && !strcmp(mode, "none");
	unsigned n;
	int rc = read_ports(c, h, port, &n, e);

	if (rc || (!n && !mode))
		return rc;
	if (mode && !none && strcmp(mode, "active-backup") != 0 && strcmp(mode, "802.3ad") != 0 && strcmp(mode, "balance-slb") != 0)
		return err_set(e, COMMAND_REFUSED, "--bond %.40s: active-backup, 802.3ad, balance-slb or none", mode);
	if (!n)
		return err_set(e, COMMAND_REFUSED, "--bond %s wants to know --port, %s", mode, none ? "which one is left" : "each of its NICs");
	if (n > 1 && (!mode || none))
		return err_set(e, COMMAND_REFUSED, "several ports make a bond: --bond active-backup or 802.3ad");
	if (!mode || none) {
		rc = set_bond(h, NULL, NULL, 0, e);
		return rc ? rc : put(h, "management", port[0], e);
	}
	rc = set_bond(h, mode, port, n, e);
	return rc ? rc : put(h, "management", "bond0", e);
}

static int edit_link(struct hostconf *h, const struct call *c, struct err *e)
{
	const char *vlan = call_option(c, "vlan"), *mtu = call_option(c, "mtu");
	unsigned n;
	int rc = 0;

	if (vlan && strcmp(vlan, "none") != 0 && value_vlan(vlan, &n, e))
		return e->code = COMMAND_REFUSED;
	if (mtu && strcmp(mtu, "none") != 0 && network_mtu(mtu, &n, e))
		return e->code;
	if (vlan)
		rc = put(h, "vlan", strcmp(vlan, "none") ? vlan : NULL, e);
	if (!rc && mtu)
		rc = put(h, "mtu", strcmp(mtu, "none") ? mtu : NULL, e);
	return rc;
}

/* One family: its mode, and address and gateway, which only a static one has. */
static int edit_family(struct hostconf *h, const struct call *c, const char *family, const char *modes, const char *address_key,
		       const char *gateway_key, struct err *e)
{
	const char *mode = call_option(c, family), *address = call_option(c, address_key), *gateway = call_option(c, gateway_key);
	char among[64];
	int rc = 0;

	if (!mode && !address && !gateway)
		return 0;
	if (mode && (snprintf(among, sizeof(among), " %s ", mode), !strstr(modes, among)))
		return err_set(e, COMMAND_REFUSED, "--%s %.40s: one of%s", family, mode, modes);
	if (mode && strcmp(mode, "static") != 0 && (address || gateway))
		return err_set(e, COMMAND_REFUSED, "--%s is for --%s static", address ? address_key : gateway_key, family);
	if (!mode && !address) {
		const char *now = hostconf_get(h, family);

		if (!now || strcmp(now, "static") != 0)
			return err_set(e, COMMAND_REFUSED, "--%s wants --%s, too", gateway_key, address_key);
		mode = "static";
	}
	rc = put(h, family, mode ? mode : "static", e);
	if (!rc && mode && strcmp(mode, "static") != 0) {
		rc = put(h, address_key, NULL, e);
		return rc ? rc : put(h, gateway_key, NULL, e);
	}
	if (!rc && address)
		rc = put(h, address_key, address, e);
	if (!rc && gateway)
		rc = put(h, gateway_key, strcmp(gateway, "none") ? gateway : NULL, e);
	return rc;
}

static int edit_dns(struct hostconf *h, const struct call *c, struct err *e)
{
	const char *server[PORTS], *value;
	unsigned at = 0, n = 0;
	char is[46];

	while ((value = call_next(c, "dns", &at))) {
		if (!strcmp(value, "dhcp")) {
			n = 0;
			break;
		}
		if (n == PORTS)
			return err_set(e, COMMAND_REFUSED, "more than %d name servers", PORTS);
		if (value_server(value, is, e))
			return e->code = COMMAND_REFUSED;
		server[n++] = value;
	}
	return call_option(c, "dns") ? hostconf_set(h, "dns", server, n, e) : 0;
}

static int edit(struct hostconf *h, const struct call *c, struct err *e)
{
	int rc = edit_ports(h, c, e);

	if (!rc)
		rc = edit_link(h, c, e);
	if (!rc)
		rc = edit_family(h, c, "ipv4", " dhcp static none ", "address", "gateway", e);
	if (!rc)
		rc = edit_family(h, c, "ipv6", " none autoconf dhcp static ", "address6", "gateway6", e);
	if (!rc)
		rc = edit_dns(h, c, e);
	return rc ? rc : network_check(h, e);
}

static bool is_same(const struct hostconf *h)
{
	struct hostconf now;
	struct err none;
	bool same = !hostconf_read(&now, &none) && now.n == h->n;

	for (size_t i = 0; same && i < h->n; i++)
		same = !strcmp(now.line[i], h->line[i]);
	hostconf_close(&now);
	return same;
}

static int set_run(struct call *c, struct err *e)
{
	const char *within = call_option(c, "within");
	unsigned seconds = NETWORK_SECONDS;
	struct json j = { .out = c->out };
	struct hostconf h;
	int rc;

	if (within && spec_count(within, 3600, &seconds, e))
		return e->code;
	if (c->options == (within != NULL))
		return err_set(e, COMMAND_USAGE, "network set: nothing to change; see: dolmen help network set");
	rc = hostconf_edit(&h, e);
	if (!rc)
		rc = edit(&h, c, e);
	if (!rc && is_same(&h))
		rc = err_set(e, COMMAND_REFUSED, "the network is like that already");
	if (!rc && !c->json) {
		fprintf(c->out, "The network is being changed. When this connection ends, open another one, and confirm the change within %u s:\n"
			"`dolmen network confirm`. Otherwise it is taken back.\n", seconds);
		fflush(c->out);
	}
	/* A connection that ends does not end this before the service has it. */
	command_begin();
	if (!rc)
		rc = network_try(&h, seconds, e);
	hostconf_close(&h);
	if (!rc && c->json) {
		json_object(&j, NULL);
		json_number(&j, "confirm-within", network_trial_left());
		json_object_end(&j);
		json_end(&j);
	} else if (!rc) {
		fprintf(c->out, "It is changed; %u s are left to confirm it.\n", network_trial_left());
	}
	return rc;
}

static int end_run(struct call *c, struct err *e)
{
	bool confirm = !strcmp(c->command->name, "network confirm");
	const char *done = confirm ? "confirmed" : "taken back";
	struct json j = { .out = c->out };
	int rc = confirm ? network_confirm(e) : network_revert(e);

	if (!rc && c->json) {
		json_object(&j, NULL);
		json_text(&j, "result", done);
		json_object_end(&j);
		json_end(&j);
	} else if (!rc) {
		fprintf(c->out, "The change of the network is %s.\n", done);
	}
	return rc;
}

static const struct option options[] = {
	{ "port", "NIC", "eth0: the management network's; several times with --bond" },
	{ "bond", "MODE", "active-backup, 802.3ad, balance-slb; none: a port alone" },
	{ "vlan", "N|none", "the host's address is on this VLAN" },
	{ "mtu", "BYTES|none", "of the port and xenbr0" },
	{ "ipv4", "MODE", "dhcp, static, none" },
	{ "address", "ADDRESS/PREFIX", "static, like 192.0.2.10/24" },
	{ "gateway", "ADDRESS|none", "with a static address" },
	{ "ipv6", "MODE", "none, autoconf, dhcp, static" },
	{ "address6", "ADDRESS/PREFIX", "static, like 2001:db8::5/64" },
	{ "gateway6", "ADDRESS|none", "with a static address" },
	{ "dns", "ADDRESS|dhcp", "name server; may be given several times" },
	{ "within", "SECONDS", "how long it waits to be confirmed; 60 when not given" },
	{ 0 }
};

const struct command command_network_set = {
	"network set", "", "change the management network, on trial",
	"What is not said stays as it is. The change is made at once, and taken back unless `dolmen network confirm` comes in\n"
	"time, whether this command and its connection still live by then or not. A host that restarts before has the network\n"
	"of before.\n", options, set_run,
};
const struct command command_network_confirm = { "network confirm", "", "keep the change that is being tried", NULL, NULL, end_run };
const struct command command_network_revert = { "network revert", "", "take the change that is being tried back now", NULL, NULL, end_run };
