/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen network list` and `nics`: how it is now, from the kernel, and what host.conf calls it. */
#include <arpa/inet.h>
#include <dirent.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "network.h"
#include "sys/file.h"

/* One line of a file of a device; "" when there is none. */
static const char *of_device(const char *device, const char *file, char buf[64])
{
	char path[300], in_sys[200];

	snprintf(in_sys, sizeof(in_sys), "/sys/class/net/%s/%s", device, file);
	file_read_line(host_path(path, sizeof(path), in_sys), buf, 64);
	return buf;
}

static bool is_guests(const char *port)
{
	return !strncmp(port, "vif", 3) || !strncmp(port, "tap", 3);
}

/* The bridge's own port, and how many of its ports are guests'. A guest with an emulated NIC has two: vif1.0 and vif1.0-emu. */
static unsigned ports_of(const char *bridge, char ret_port[64])
{
	char path[300], in_sys[200];
	const struct dirent *d;
	unsigned guests = 0;
	DIR *dir;

	ret_port[0] = 0;
	snprintf(in_sys, sizeof(in_sys), "/sys/class/net/%s/brif", bridge);
	dir = opendir(host_path(path, sizeof(path), in_sys));
	while (dir && (d = readdir(dir))) {
		if (*d->d_name == '.')
			continue;
		if (!is_guests(d->d_name))
			text_copy(ret_port, 64, d->d_name);
		else if (!strstr(d->d_name, "-emu"))
			guests++;
	}
	if (dir)
		closedir(dir);
	return guests;
}

/* Calls each with the addresses of a device: 192.0.2.10/24. */
static void addresses(const struct ifaddrs *all, const char *device, void (*each)(void *user, const char *text), void *user)
{
	char text[INET6_ADDRSTRLEN + 8];

	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		int family = i->ifa_addr ? i->ifa_addr->sa_family : AF_UNSPEC;
		const uint8_t *mask, *address;
		unsigned prefix = 0, bytes = family == AF_INET ? 4 : 16;

		if (strcmp(i->ifa_name, device) != 0 || (family != AF_INET && family != AF_INET6) || !i->ifa_netmask)
			continue;
		address = family == AF_INET ? (const uint8_t *)&((const struct sockaddr_in *)(const void *)i->ifa_addr)->sin_addr :
					      (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)i->ifa_addr)->sin6_addr;
		mask = family == AF_INET ? (const uint8_t *)&((const struct sockaddr_in *)(const void *)i->ifa_netmask)->sin_addr :
					   (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)i->ifa_netmask)->sin6_addr;
		if (family == AF_INET6 && address[0] == 0xfe && (address[1] & 0xc0) == 0x80)
			continue;	/* of the link only */
		for (unsigned k = 0; k < bytes; k++)
			prefix += (unsigned)__builtin_popcount(mask[k]);
		inet_ntop(family, address, text, INET6_ADDRSTRLEN);
		snprintf(text + strlen(text), 8, "/%u", prefix);
		each(user, text);
	}
}

/* One network, as it is shown. */
struct row {
	struct call *c;
	struct json *j;
	unsigned n;		/* addresses shown */
};

static void show_address(void *user, const char *text)
{
	struct row *r = user;

	if (r->j)
		json_text(r->j, NULL, text);
	else
		fprintf(r->c->out, "%s%s", r->n ? " " : "", text);
	r->n++;
}

static void show(struct row *r, const char *name, const char *device, unsigned vlan, const char *nat, const struct ifaddrs *all)
{
	char port[64], mtu[64], tag[16];
	bool there = network_device(name);
	unsigned guests = ports_of(name, port);

	r->n = 0;
	of_device(name, "mtu", mtu);
	snprintf(tag, sizeof(tag), vlan ? "%u" : "-", vlan);
	if (!r->j) {
		fprintf(r->c->out, "%-15s  %-10s  %4s  %4s  %6u  ", name, !there ? "missing" : *port ? port : "-", tag, *mtu ? mtu : "-", guests);
		addresses(all, device, show_address, r);
		fprintf(r->c->out, "%s%s\n", r->n ? "" : "-", *nat ? " (router)" : "");
		return;
	}
	json_object(r->j, NULL);
	json_text(r->j, "name", name);
	json_bool(r->j, "present", there);
	json_text(r->j, "port", *port ? port : NULL);
	if (vlan)
		json_number(r->j, "vlan", vlan);
	json_number(r->j, "mtu", strtoul(mtu, NULL, 10));
	json_number(r->j, "guest-interfaces", guests);
	json_bool(r->j, "nat", *nat);
	json_array(r->j, "addresses");
	addresses(all, device, show_address, r);
	json_array_end(r->j);
	json_object_end(r->j);
}

static int list_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct row r = { c, c->json ? &j : NULL, 0 };
	struct ifaddrs *all = NULL;
	struct network_bridge b;
	char device[40] = "xenbr0";
	struct hostconf h;
	const char *line;
	size_t at = 0;
	int rc = hostconf_read(&h, e);

	if (rc) {
		hostconf_close(&h);
		return rc;
	}
	getifaddrs(&all);
	line = hostconf_get(&h, "vlan");
	if (line)
		snprintf(device, sizeof(device), "xenbr0.%s", line);
	if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-15s  %-10s  %4s  %4s  %6s  %s\n", "NAME", "PORT", "VLAN", "MTU", "GUESTS", "ADDRESSES");
	show(&r, "xenbr0", device, line ? (unsigned)strtoul(line, NULL, 10) : 0, "", all);
	while ((line = hostconf_next(&h, "bridge", &at))) {
		network_bridge_read(line, &b);
		show(&r, b.name, b.name, b.vlan, b.nat, all);
	}
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	} else if (network_trial_left()) {
		fprintf(c->out, "A change is being tried: `dolmen network confirm` within %u s.\n", network_trial_left());
	}
	freeifaddrs(all);
	hostconf_close(&h);
	return 0;
}

static int nics_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct hostconf h;
	const char *line;
	size_t at = 0;
	int rc = hostconf_read(&h, e);

	if (!rc && c->json)
		json_array(&j, NULL);
	else if (!rc)
		fprintf(c->out, "%-8s  %-17s  %-7s  %-6s  %s\n", "NAME", "MAC", "LINK", "MBIT/S", "PORT OF");
	while (!rc && (line = hostconf_next(&h, "nic", &at))) {
		char name[16] = "", mac[20] = "", carrier[64], speed[64], buf[16];
		const char *user, *link;

		sscanf(line, "%15s %19s", name, mac);
		user = network_user_of(&h, name, "", buf);
		of_device(name, "carrier", carrier);
		of_device(name, "speed", speed);
		link = !network_device(name) ? "missing" : !strcmp(carrier, "1") ? "up" : !strcmp(carrier, "0") ? "no link" : "off";
		if (strcmp(link, "up") != 0 || *speed == '-')
			speed[0] = 0;
		if (!c->json) {
			fprintf(c->out, "%-8s  %-17s  %-7s  %-6s  %s\n", name, mac, link, *speed ? speed : "-", user ? user : "-");
			continue;
		}
		json_object(&j, NULL);
		json_text(&j, "name", name);
		json_text(&j, "mac", mac);
		json_text(&j, "link", link);
		if (*speed)
			json_number(&j, "mbit", strtoul(speed, NULL, 10));
		json_text(&j, "port-of", user);
		json_object_end(&j);
	}
	hostconf_close(&h);
	if (!rc && c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return rc;
}

const struct command command_network_list = { "network list", "", "list the networks: bridges, their ports and addresses", NULL, NULL, list_run };
const struct command command_network_nics = { "network nics", "", "list the network cards", NULL, NULL, nics_run };
