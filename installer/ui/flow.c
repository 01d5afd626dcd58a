/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include <string.h>

struct screen {
	const char *key;
	bool (*applies)(const struct session *s);	/* NULL: always */
	screen_run *run;
};

static bool new_storage(const struct session *s)
{
	return s->a.mode == MODE_FRESH;
}

static bool several_disks(const struct session *s)
{
	unsigned n = 0;
	char why[200];

	for (unsigned i = 0; i < s->machine->disks; i++)
		n += disk_usable(s->machine, i, LAYOUT_MIN_DISK, why, sizeof(why));
	return n > 1 && new_storage(s);
}

static bool has_storage(const struct session *s)
{
	return new_storage(s) && (s->a.guest_storage || s->a.guest_disks);
}

static bool several_ports(const struct session *s)
{
	return s->machine->nics > 1;
}

static bool one_port(const struct session *s)
{
	return s->a.bond == BOND_NONE;
}

static bool bonded(const struct session *s)
{
	return s->a.bond != BOND_NONE;
}

static bool static4(const struct session *s)
{
	return s->a.ipv4 == IPV4_STATIC;
}

static bool static6(const struct session *s)
{
	return s->a.ipv6 == IPV6_STATIC;
}

static bool manual_ntp(const struct session *s)
{
	return s->a.ntp_source == NTP_MANUAL;
}

static bool zones_known(const struct session *s)
{
	return s->names != NULL;
}

/* `UTC` is a region without cities. */
static bool has_cities(const struct session *s)
{
	return zones_known(s) && !names_has(&s->names->timezones, s->region);
}

static const struct screen screens[] = {
	{ "language", NULL, screen_language },
	{ "keymap", zones_known, screen_keymap },
	{ "hardware", NULL, screen_hardware },
	{ "task", NULL, screen_task },
	{ "disk", NULL, screen_disk },
	{ "mirror", several_disks, screen_mirror },
	{ "storage-disks", new_storage, screen_storage_disks },
	{ "storage", has_storage, screen_storage },
	{ "bond", several_ports, screen_bond },
	{ "nic", one_port, screen_nic },
	{ "members", bonded, screen_members },
	{ "vlan", NULL, screen_vlan },
	{ "ipv4", NULL, screen_ipv4 },
	{ "address", static4, screen_address },
	{ "ipv6", NULL, screen_ipv6 },
	{ "address6", static6, screen_address6 },
	{ "name", NULL, screen_name },
	{ "ntp", NULL, screen_ntp },
	{ "ntp-servers", manual_ntp, screen_ntp_servers },
	{ "region", zones_known, screen_region },
	{ "city", has_cities, screen_city },
	{ "password", NULL, screen_password },
	{ "ssh", NULL, screen_ssh },
	{ "summary", NULL, screen_summary },
	{ "save", NULL, screen_save },
	{ "confirm", NULL, screen_confirm },
};
#define SCREENS (sizeof(screens) / sizeof(screens[0]))

static bool applies(const struct session *s, size_t i)
{
	return !screens[i].applies || screens[i].applies(s);
}

bool flow_run(struct session *s, const char *from)
{
	size_t i = 0;

	for (size_t k = 0; k < SCREENS; k++)
		if (!strcmp(screens[k].key, from))
			i = k;
	while (i < SCREENS) {
		s->leave = LEAVE_GONE;
		switch (screens[i].run(s)) {
		case FRONT_NEXT:
			do
				i++;
			while (i < SCREENS && !applies(s, i));
			break;
		case FRONT_BACK:
			for (size_t k = i; k-- > 0;)
				if (applies(s, k)) {
					i = k;
					break;
				}
			break;
		case FRONT_QUIT:
			return false;
		}
	}
	s->leave = LEAVE_INSTALL;
	return true;
}
