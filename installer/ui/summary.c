/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary.h"

#include <inttypes.h>
#include <string.h>

#include "core/text.h"
#include "i18n.h"
#include "screens.h"

static const char *part_words(const char *label)
{
	static const char *const words[][2] = {
		{ "dolmen-bios", N_("boot loader for BIOS") },
		{ "dolmen-esp", N_("boot loader for UEFI") },
		{ "dolmen-boot-a", N_("Xen and its kernel") },
		{ "dolmen-boot-b", N_("Xen and its kernel, for updates") },
		{ "dolmen-root-a", N_("system") },
		{ "dolmen-root-b", N_("system, for updates") },
		{ "dolmen-state", N_("settings and logs") },
		{ "dolmen-storage", N_("storage for guests") },
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i][0], label))
			return _(words[i][1]);
	return label;
}

static void disk(const struct machine *m, const struct disk *d, const struct phrase *lost, const struct phrase *kept, FILE *out)
{
	char row[400];
	int i = disk_index(m, d->path);

	if (i < 0)
		return;
	disk_row(m, (unsigned)i, NULL, row, sizeof(row));
	fprintf(out, "  %s\n    %s: %s\n", row, _("lost"), lost->shown);
	if (kept && *kept->shown)
		fprintf(out, "    %s: %s\n", _("kept"), kept->shown);
}

static void partitions(const struct plan *p, FILE *out)
{
	char size[32];

	fprintf(out, "\n%s\n", p->mode == MODE_FRESH ? _("New partitions:") : _("Partitions:"));
	for (unsigned t = 0; t < p->targets; t++)
		for (unsigned i = 1; i <= PART_MAX; i++) {
			const struct plan_partition *x = &p->target[t].part[i];

			if (x->at.sectors)
				fprintf(out, "  %-15s %10s  %s\n", x->node,
					text_size(x->at.sectors * p->target[t].disk.sector, size, sizeof(size)), part_words(x->at.label));
		}
	for (unsigned i = 0; i < p->extra_n; i++)
		fprintf(out, "  %-15s %10s  %s\n", p->extra[i].path, text_size(p->extra[i].bytes, size, sizeof(size)), _("storage for guests"));
	if (p->targets > 1)
		fprintf(out, "\n%s\n", _("The two disks are a mirror: settings and storage are on both, and each boots alone."));
}

static void disks(const struct plan *p, const struct machine *m, FILE *out)
{
	fprintf(out, "%s\n", p->mode == MODE_FRESH ? _("EVERYTHING ON THESE DISKS WILL BE ERASED:") :
		_("EVERYTHING ON THESE DISKS WILL BE ERASED, EXCEPT THE GUESTS' STORAGE:"));
	for (unsigned t = 0; t < p->targets; t++)
		disk(m, &p->target[t].disk, &p->target[t].lost, &p->target[t].kept, out);
	for (unsigned i = 0; i < p->extra_n; i++)
		disk(m, &p->extra[i], &p->extra_lost[i], NULL, out);
	if (*p->kept_elsewhere.shown)
		fprintf(out, "  %s: %s\n", _("kept"), p->kept_elsewhere.shown);
	if (*p->layers.shown)
		fprintf(out, "  %s: %s\n", _("switched off where active"), p->layers.shown);
	partitions(p, out);
}

static void storage(const struct answers *a, FILE *out)
{
	const char *const kind[STORAGE_TYPE_MAX] = { _("LVM, thick"), _("LVM, thin"), _("files on ext4") };

	fprintf(out, "\n%s: %s\n", _("Storage for guests"), a->mode != MODE_FRESH ? _("kept as it is") :
		a->guest_storage || a->guest_disks ? kind[a->storage] : _("none"));
}

static void servers(const char *title, const char *first, size_t size, unsigned n, FILE *out)
{
	fprintf(out, "  %s:", title);
	for (unsigned i = 0; i < n; i++)
		fprintf(out, " %s", first + i * size);
	fprintf(out, "\n");
}

static void network(const struct answers *a, FILE *out)
{
	const char *const v6[IPV6_MAX] = { _("none"), _("from router advertisements"), "DHCPv6", a->address6 };

	fprintf(out, "\n%s:\n  %s:", _("Management network"), a->bond == BOND_NONE ? _("Port") : bond_mode_text[a->bond]);
	for (unsigned i = 0; i < a->nics; i++)
		fprintf(out, " %s (%s)", a->nic[i].name, a->nic[i].mac);
	fprintf(out, "\n");
	if (a->vlan)
		fprintf(out, "  VLAN: %u\n", a->vlan);
	if (a->ipv4 == IPV4_STATIC)
		fprintf(out, "  IPv4: %s/%u, %s: %s\n", a->address, a->prefix, _("gateway"), *a->gateway ? a->gateway : _("none"));
	else
		fprintf(out, "  IPv4: %s\n", a->ipv4 == IPV4_DHCP ? "DHCP" : _("none"));
	fprintf(out, "  IPv6: %s", v6[a->ipv6]);
	if (a->ipv6 == IPV6_STATIC)
		fprintf(out, "/%u, %s: %s", a->prefix6, _("gateway"), *a->gateway6 ? a->gateway6 : _("none"));
	fprintf(out, "\n");
	if (a->dns_n)
		servers("DNS", a->dns[0], sizeof(a->dns[0]), a->dns_n, out);
}

static void host(const struct answers *a, FILE *out)
{
	const char *const ntp[NTP_MAX] = { _("time from the servers that DHCP names"), _("time from public servers"), _("time from"),
					   _("no time servers") };

	fprintf(out, "\n%s: %s\n", _("Host name"), a->hostname);
	fprintf(out, "%s: %s, %s", _("Clock"), a->timezone, ntp[a->ntp_source]);
	for (unsigned i = 0; i < a->ntp_n; i++)
		fprintf(out, " %s", a->ntp[i]);
	fprintf(out, "\n%s: %s\n", _("Keyboard"), a->keymap);
	if (a->ssh == SSH_ON && !a->ssh_keys)
		fprintf(out, "%s\n", _("SSH: on, with the root password"));
	else if (a->ssh == SSH_ON)
		fprintf(out, _("SSH: on, keys: %u\n"), a->ssh_keys);
	else
		fprintf(out, "%s\n", _("SSH: off, nothing listens on the network"));
}

void summary_write(const struct plan *p, const struct answers *a, const struct machine *m, FILE *out)
{
	disks(p, m, out);
	storage(a, out);
	network(a, out);
	host(a, out);
}

/* What the port has in the installer, DHCP gives the host again, as a rule. */
static const char *address_now(const struct answers *a, const struct machine *m)
{
	for (unsigned i = 0; i < a->nics && !a->vlan; i++)
		for (unsigned k = 0; k < m->nics; k++)
			if (!strcmp(a->nic[i].mac, m->nic[k].mac) && *m->nic[k].address)
				return m->nic[k].address;
	return "";
}

void summary_write_address(const struct answers *a, const struct machine *m, FILE *out)
{
	if (a->ipv4 == IPV4_STATIC)
		fprintf(out, _("The host will have the address %s."), a->address);
	else if (a->ipv4 == IPV4_NONE && a->ipv6 == IPV6_STATIC)
		fprintf(out, _("The host will have the address %s."), a->address6);
	else
		fprintf(out, "%s", _("The host gets its address from the network and shows it on its console."));
	if (a->ipv4 == IPV4_DHCP && *address_now(a, m)) {
		fprintf(out, "\n");
		fprintf(out, _("At present this machine has the address %s."), address_now(a, m));
	}
}
