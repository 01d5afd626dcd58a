/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The elements of an answer file, in one table: adding one is a row, and a function if it carries a value. XenServer's and
 * XCP-ng's are all here, those that mean nothing to Dolmen with the reason.
 */
#include "answers_read.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "values.h"

const char *const install_mode_text[MODE_MAX] = { "fresh", "reinstall", "upgrade" };
const char *const storage_type_text[STORAGE_TYPE_MAX] = { "lvm", "thin", "ext" };
const char *const bond_mode_text[BOND_MAX] = { "none", "active-backup", "802.3ad", "balance-slb" };
const char *const ipv4_mode_text[IPV4_MAX] = { "dhcp", "static", "none" };
const char *const ipv6_mode_text[IPV6_MAX] = { "none", "autoconf", "dhcp", "static" };
const char *const ntp_source_text[NTP_MAX] = { "dhcp", "default", "manual", "none" };
const char *const script_stage_text[STAGE_MAX] = { "installation-start", "packages-installed", "filesystem-populated",
						   "installation-complete" };
static const char *const preserve_text[] = { "if-utility", "yes", "no", "true", "false" };

/* ---- shapes that many elements share ---- */

/* The number of a word in a list; not one of them: an error that names the nearest, or all. what: `mode=`, or empty for text. */
static bool choose(struct reader *r, const char *what, const char *word, const char *const *list, unsigned n, unsigned *ret)
{
	const char *copy[16] = { NULL }, *near;
	char all[200] = "";

	for (unsigned i = 0; i < n; i++) {
		if (!strcmp(list[i], word)) {
			*ret = i;
			return true;
		}
		copy[i] = list[i];
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", list[i]);
	}
	near = names_nearest_of(copy, word);
	if (near)
		read_wrong(r, "<%s>: %s`%s` is unknown; did you mean %s?", read_name(r), what, word, near);
	else
		read_wrong(r, "<%s>: %s`%s` is unknown; write %s", read_name(r), what, word, all);
	return false;
}

static bool yes_no(struct reader *r, const char *name, bool absent)
{
	const char *v = read_attr(r, name);
	struct err e;

	if (v && value_yes_no(v, &absent, &e))
		read_wrong(r, "<%s>: %s=\"%s\": %s", read_name(r), name, v, e.msg);
	return absent;
}

/* The text was not what a value_...() function wanted. */
static void wrong_text(struct reader *r, const char *text, const struct err *e)
{
	if (*text)
		read_wrong(r, "<%s>: `%.80s`: %s", read_name(r), text, e->msg);
	else
		read_wrong(r, "<%s> is empty: %s", read_name(r), e->msg);
}

static void wrong_attr(struct reader *r, const char *name, const struct err *e)
{
	read_wrong(r, "<%s>: %s=\"%.80s\": %s", read_name(r), name, read_attr(r, name), e->msg);
}

/* ---- the roots ---- */

static void start_installation(struct reader *r)
{
	const char *mode = read_attr(r, "mode"), *sr = read_attr(r, "sr-type");
	unsigned n;

	r->ds->strict = r->ds->strict || yes_no(r, "strict", false);
	r->a->mode_at = read_place(r);
	if (mode && choose(r, "mode ", mode, install_mode_text, MODE_MAX, &n))
		r->a->mode = (enum install_mode)n;
	if (sr && !strcmp(sr, "largeblock"))
		read_warn(r, "<%s>: the storage type largeblock is XCP-ng's; lvm is used, which takes disks of any sector size", read_name(r));
	else if (sr && choose(r, "storage type ", sr, storage_type_text, STORAGE_TYPE_MAX, &n))
		r->a->storage = (enum storage_type)n;
	for (unsigned i = 0; i < 3; i++) {
		static const char *const checks[] = { "repo-gpgcheck", "gpgcheck", "netinstall-gpg-check" };

		if (read_attr(r, checks[i]))
			read_warn(r, "<%s>: %s means nothing here: whatever Dolmen installs is verified", read_name(r), checks[i]);
	}
}

static void start_upgrade(struct reader *r)
{
	const char *mode = read_attr(r, "mode");

	r->upgrade_root = true;
	if (!mode)
		read_wrong(r, "<upgrade> needs mode=\"upgrade\"; without it XenServer makes a fresh installation, which erases the disk");
	else if (!strcmp(mode, "fresh"))
		read_wrong(r, "<upgrade mode=\"fresh\"> would erase the disk; write <installation mode=\"fresh\"> if that is meant");
	start_installation(r);
}

static void start_restore(struct reader *r)
{
	read_wrong(r, "<restore>: there is no backup to restore: the previous release stays in the other slot of the disk; choose it in the boot menu");
}

/* ---- disks ---- */

static void disk_set(struct reader *r, struct answer_disk *d, char *text)
{
	struct err e;

	d->at = read_place(r);
	if (value_disk_name(text_trim(text), d->name, &e))
		wrong_text(r, text, &e);
}

/* swraid: two devices behind a comma, one of which may be the word `missing`. */
static void mirror_set(struct reader *r, char *text)
{
	char *comma = strchr(text, ',');

	if (!comma || strchr(comma + 1, ',')) {
		read_wrong(r, "<primary-disk swraid=\"yes\"> names exactly two disks, as in `sda,sdb`");
		return;
	}
	*comma = 0;
	if (!strcmp(text_trim(text), "missing") || !strcmp(text_trim(comma + 1), "missing")) {
		read_wrong(r, "<primary-disk>: a mirror with a missing disk cannot be made; name both, or one without swraid");
		return;
	}
	disk_set(r, &r->a->primary, text);
	disk_set(r, &r->a->mirror, comma + 1);
}

static void end_primary_disk(struct reader *r, char *text)
{
	const char *keep = read_attr(r, "preserve-first-partition"), *serial = read_attr(r, "confirm-serial");
	unsigned n;

	r->guest_storage_said = read_attr(r, "guest-storage");
	r->a->guest_storage = yes_no(r, "guest-storage", true);
	if (!yes_no(r, "sr-at-end", true))
		read_warn(r, "<primary-disk>: sr-at-end=\"no\" is ignored: the guests' storage is the last partition");
	if (keep && choose(r, "preserve-first-partition ", keep, preserve_text, 5, &n))
		r->a->preserve_first = n == 0 ? PRESERVE_IF_UTILITY : n % 2 ? PRESERVE_ALWAYS : PRESERVE_NEVER;
	if (read_attr(r, "fs-type") && !strcmp(read_attr(r, "fs-type"), "ext3"))
		read_warn(r, "<primary-disk>: fs-type=\"ext3\": ext4 is used");
	else if (read_attr(r, "fs-type") && strcmp(read_attr(r, "fs-type"), "ext4") != 0)
		read_wrong(r, "<primary-disk>: fs-type=\"%s\" is unknown; write ext4", read_attr(r, "fs-type"));
	if (serial && !text_copy(r->a->confirm_serial, sizeof(r->a->confirm_serial), serial))
		read_wrong(r, "<primary-disk>: confirm-serial has more than %zu characters", sizeof(r->a->confirm_serial) - 1);
	if (yes_no(r, "swraid", false))
		mirror_set(r, text);
	else
		disk_set(r, &r->a->primary, text);
}

static void end_guest_disk(struct reader *r, char *text)
{
	if (r->a->guest_disks == ANSWERS_GUEST_DISKS)
		read_wrong(r, "more than %d <guest-disk> elements", ANSWERS_GUEST_DISKS);
	else
		disk_set(r, &r->a->guest_disk[r->a->guest_disks++], text);
}

static void end_existing(struct reader *r, char *text)
{
	if (r->a->mode == MODE_FRESH)
		read_wrong(r, "<existing-installation> goes with mode=\"upgrade\" or mode=\"reinstall\"; a fresh installation names its <primary-disk>");
	if (!*r->a->primary.name)
		disk_set(r, &r->a->primary, text);
}

static void start_raid(struct reader *r)
{
	const char *device = read_attr(r, "device");

	r->raid_at = read_place(r);
	if (!device)
		read_wrong(r, "<raid> needs device=\"md127\" or the like, which <primary-disk> then names");
	else
		text_copy(r->raid_device, sizeof(r->raid_device), device);
}

static void end_raid_disk(struct reader *r, char *text)
{
	if (r->raid_disks < READ_RAID_DISKS)
		text_copy(r->raid_disk[r->raid_disks], sizeof(r->raid_disk[0]), text);
	r->raid_disks++;
}

/* ---- network ---- */

static void nic_add(struct reader *r, const char *name, const char *mac)
{
	struct answer_nic *nic = &r->a->nic[r->a->nics];
	struct err e;

	if (r->a->nics == ANSWERS_BOND_NICS) {
		read_wrong(r, "a bond has at most %d interfaces", ANSWERS_BOND_NICS);
		return;
	}
	nic->at = read_place(r);
	if (name && value_nic_name(name, nic->name, &e))
		read_wrong(r, "<%s>: `%.40s`: %s", read_name(r), name, e.msg);
	if (mac && value_mac(mac, nic->mac, &e))
		read_wrong(r, "<%s>: `%.40s`: %s", read_name(r), mac, e.msg);
	r->a->nics++;
}

static void start_admin(struct reader *r)
{
	const char *proto = read_attr(r, "proto"), *six = read_attr(r, "protov6"), *vlan = read_attr(r, "vlan");
	struct err e;
	unsigned n;

	r->a->nics = 0;
	r->a->nic[0].at = read_place(r);
	if (read_attr(r, "name") || read_attr(r, "hwaddr"))
		nic_add(r, read_attr(r, "name"), read_attr(r, "hwaddr"));
	r->has_proto = proto;
	if (proto && choose(r, "proto ", proto, ipv4_mode_text, IPV4_MAX, &n))
		r->a->ipv4 = (enum ipv4_mode)n;
	if (six && choose(r, "protov6 ", six, ipv6_mode_text, IPV6_MAX, &n))
		r->a->ipv6 = (enum ipv6_mode)n;
	if (vlan && value_vlan(vlan, &r->a->vlan, &e))
		wrong_attr(r, "vlan", &e);
}

/* Addresses that no proto asks for are more likely a forgotten proto than nothing. */
static void end_admin(struct reader *r, char *text)
{
	(void)text;
	if (!r->a->nics) {
		read_wrong(r, "<admin-interface> needs name=\"eth0\", hwaddr=\"xx:xx:xx:xx:xx:xx\" or a <bond>");
		r->a->nics = 1;
	}
	if (!r->has_proto)
		read_wrong(r, "<admin-interface> needs proto=\"dhcp\", proto=\"static\" or proto=\"none\"");
	if (r->a->ipv4 != IPV4_STATIC && (*r->a->address || r->a->prefix || *r->a->gateway))
		read_wrong(r, "<admin-interface> has proto=\"%s\" and an address; write proto=\"static\" to use it", ipv4_mode_text[r->a->ipv4]);
	if (r->a->ipv6 != IPV6_STATIC && (*r->a->address6 || *r->a->gateway6))
		read_wrong(r, "<admin-interface> has protov6=\"%s\" and an address; write protov6=\"static\" to use it", ipv6_mode_text[r->a->ipv6]);
}

static void start_bond(struct reader *r)
{
	const char *mode = read_attr(r, "mode");
	unsigned n = BOND_ACTIVE_BACKUP;

	if (r->a->nics)
		read_wrong(r, "<bond>: its interfaces are named in it, not by <admin-interface>'s name or hwaddr");
	if (mode)
		choose(r, "mode ", mode, bond_mode_text + 1, BOND_MAX - 1, &n);
	r->a->bond = mode ? (enum bond_mode)(n + 1) : BOND_ACTIVE_BACKUP;
	r->a->nics = 0;
}

static void end_nic(struct reader *r, char *text)
{
	bool mac = strlen(text) == 17;

	nic_add(r, mac ? NULL : text, mac ? text : NULL);
}

static void end_ip(struct reader *r, char *text)
{
	struct err e;

	if (!value_ipv4(text, r->a->address, &e))
		return;
	wrong_text(r, text, &e);
	strcpy(r->a->address, "?");	/* there is one: answers_check() need not miss it */
}

static void end_subnet(struct reader *r, char *text)
{
	struct err e;

	if (!value_netmask(text, &r->a->prefix, &e))
		return;
	wrong_text(r, text, &e);
	r->a->prefix = 32;		/* likewise */
}

static void end_gateway(struct reader *r, char *text)
{
	struct err e;

	if (value_ipv4(text, r->a->gateway, &e))
		wrong_text(r, text, &e);
}

static void end_ipv6(struct reader *r, char *text)
{
	struct err e;

	if (value_ipv6_prefix(text, r->a->address6, &r->a->prefix6, &e))
		wrong_text(r, text, &e);
}

static void end_gatewayv6(struct reader *r, char *text)
{
	struct err e;

	if (value_ipv6(text, r->a->gateway6, &e))
		wrong_text(r, text, &e);
}

static void end_name_server(struct reader *r, char *text)
{
	struct err e;

	if (r->a->dns_n == ANSWERS_SERVERS)
		read_wrong(r, "more than %d name servers", ANSWERS_SERVERS);
	else if (value_server(text, r->a->dns[r->a->dns_n], &e))
		wrong_text(r, text, &e);
	else
		r->a->dns_n++;
}

static void end_ntp_server(struct reader *r, char *text)
{
	struct err e;

	if (!*text && !strcmp(read_name(r), "ntp-servers"))
		return;		/* a wrapper */
	if (r->a->ntp_n == ANSWERS_SERVERS)
		read_wrong(r, "more than %d NTP servers", ANSWERS_SERVERS);
	else if (value_ntp_server(text, r->a->ntp[r->a->ntp_n], &e))
		wrong_text(r, text, &e);
	else
		r->a->ntp_n++;
}

static void start_ntp(struct reader *r)
{
	const char *source = read_attr(r, "source");
	unsigned n;

	r->has_ntp = source;
	if (!source)
		read_wrong(r, "<ntp> needs source=\"dhcp\", \"default\", \"manual\" or \"none\"");
	else if (choose(r, "source ", source, ntp_source_text, NTP_MAX, &n))
		r->a->ntp_source = (enum ntp_source)n;
}

/* ---- the system ---- */

static void end_hostname(struct reader *r, char *text)
{
	struct err e;

	if (value_hostname(text, r->a->hostname, &e))
		wrong_text(r, text, &e);
}

static void end_timezone(struct reader *r, char *text)
{
	struct err e;

	if (value_timezone(text, r->names, r->a->timezone, &e))
		wrong_text(r, text, &e);
}

static void end_keymap(struct reader *r, char *text)
{
	struct err e;

	if (value_keymap(text, r->names, r->a->keymap, &e))
		wrong_text(r, text, &e);
}

static void end_language(struct reader *r, char *text)
{
	struct err e;

	if (value_language(text, r->a->language, &e))
		wrong_text(r, text, &e);
}

/* What is wrong with a password is said without it. */
static void end_root_password(struct reader *r, char *text)
{
	static const char *const types[] = { "plaintext", "hash" };
	const char *type = read_attr(r, "type");
	unsigned n = 0;
	struct err e = { 0 };

	if (type && !choose(r, "type ", type, types, 2, &n))
		return;
	if (n == 0) {
		r->a->password_type = PASSWORD_PLAINTEXT;
		if (!*text)
			read_wrong(r, "<root-password> is empty; leave the element out to be asked at the first login");
	} else if (!strcmp(text, "!!")) {
		r->a->password_type = PASSWORD_ASK;
		return;
	} else if (!strcmp(text, "!") || !strcmp(text, "*")) {
		r->a->password_type = PASSWORD_NONE;
		return;
	} else {
		r->a->password_type = PASSWORD_HASH;
		if (value_password_hash(text, &e))
			read_wrong(r, "<root-password type=\"hash\">: %s; `!!` asks at the first login, `!` locks the account", e.msg);
	}
	if (!text_copy(r->a->password.text, sizeof(r->a->password.text), text))
		read_wrong(r, "<root-password> has more than %zu characters", sizeof(r->a->password.text) - 1);
}

static void end_ssh_key(struct reader *r, char *text)
{
	char *key = r->a->ssh_key[r->a->ssh_keys];
	struct err e;

	if (r->a->ssh_keys == ANSWERS_SSH_KEYS) {
		read_wrong(r, "more than %d <ssh-key> elements", ANSWERS_SSH_KEYS);
		return;
	}
	if (strstr(text, "://") ? value_url(text, key, &e) : value_ssh_key(text, key, &e))
		read_wrong(r, "<ssh-key>: %s", e.msg);
	else
		r->a->ssh_keys++;
}

static void start_service(struct reader *r)
{
	static const char *const states[] = { "disabled", "enabled" };
	const char *name = read_attr(r, "name"), *state = read_attr(r, "state");
	unsigned n;

	if (!name || !state) {
		read_wrong(r, "<service> needs name= and state=");
		return;
	}
	if (!choose(r, "state ", state, states, 2, &n))
		return;
	if (strcmp(name, "sshd") != 0) {
		read_warn(r, "<service name=\"%s\"> is ignored: sshd is the only service to choose", name);
		return;
	}
	if (r->has_service && (r->a->ssh == SSH_ON) != (n == 1))
		read_wrong(r, "<service name=\"sshd\"> is enabled and disabled");
	r->has_service = true;
	r->a->ssh = n ? SSH_ON : SSH_OFF;
}

static void end_ssh_mode(struct reader *r, char *text)
{
	static const char *const modes[] = { "off", "on", "auto" };
	unsigned n;

	if (!choose(r, "", text, modes, 3, &n))
		return;
	if (n == 2)
		read_warn(r, "<ssh-mode>auto</ssh-mode>: SSH stays on");
	r->has_service = true;
	r->a->ssh = n ? SSH_ON : SSH_OFF;
}

/* ---- the run ---- */

static void script_add(struct reader *r, enum script_stage stage, const char *url, bool may_fail)
{
	struct answer_script *s = &r->a->script[r->a->scripts];
	const char *type = read_attr(r, "type");
	struct err e;

	if (r->a->scripts == ANSWERS_SCRIPTS) {
		read_wrong(r, "more than %d scripts", ANSWERS_SCRIPTS);
		return;
	}
	if (type && !strcmp(type, "nfs")) {
		read_wrong(r, "<%s>: type=\"nfs\": NFS is not read by the installer; offer the script by http", read_name(r));
		return;
	}
	s->stage = stage;
	s->may_fail = may_fail;
	s->at = read_place(r);
	if (value_url(url, s->url, &e))
		wrong_text(r, url, &e);
	else
		r->a->scripts++;
}

static void end_script(struct reader *r, char *text)
{
	const char *stage = read_attr(r, "stage");
	char lower[40] = "";
	unsigned n;

	for (size_t i = 0; stage && stage[i] && i + 1 < sizeof(lower); i++)
		lower[i] = (char)(stage[i] >= 'A' && stage[i] <= 'Z' ? stage[i] + 'a' - 'A' : stage[i]);
	if (!stage)
		read_wrong(r, "<script> needs stage=\"installation-start\", \"packages-installed\", \"filesystem-populated\" or \"installation-complete\"");
	else if (choose(r, "stage ", lower, script_stage_text, STAGE_MAX, &n))
		script_add(r, (enum script_stage)n, text, yes_no(r, "may-fail", false));
}

/* XenServer ignored how these ended. */
static void end_post_install(struct reader *r, char *text)
{
	script_add(r, STAGE_POPULATED, text, true);
}

static void end_install_failed(struct reader *r, char *text)
{
	script_add(r, STAGE_COMPLETE, text, true);
}

static void start_report(struct reader *r)
{
	struct err e;

	if (!read_attr(r, "url"))
		read_wrong(r, "<report> needs url=\"https://...\"");
	else if (value_url(read_attr(r, "url"), r->a->report_url, &e))
		wrong_attr(r, "url", &e);
	else if (strncmp(r->a->report_url, "http", 4) != 0)
		read_wrong(r, "<report>: the result is sent by http or https");
}

static void end_confirm(struct reader *r, char *text)
{
	struct err e;

	if (!*text)
		return;
	if (value_yes_no(text, &r->a->confirm, &e))
		wrong_text(r, text, &e);
	else if (!r->a->confirm)
		read_warn(r, "<ui-confirmation-prompt>%s</ui-confirmation-prompt> asks nobody here; XenServer would ask", text);
}

static void end_source(struct reader *r, char *text)
{
	static const char *const types[] = { "local", "url", "nfs" };
	const char *type = read_attr(r, "type");
	unsigned n;

	(void)text;
	if (!type)
		read_wrong(r, "<source> needs type=\"local\"");
	else if (choose(r, "type ", type, types, 3, &n) && n)
		read_warn(r, "<source type=\"%s\"> is ignored: Dolmen installs the release that the installer was started from", type);
}

static void end_bootloader(struct reader *r, char *text)
{
	static const char *const locations[] = { "mbr", "partition" };
	const char *location = read_attr(r, "location");
	unsigned n;

	yes_no(r, "write-boot-entry", true);
	if (location && choose(r, "location ", location, locations, 2, &n) && n == 1)
		read_warn(r, "<bootloader location=\"partition\"> is ignored: the boot loader is where the firmware looks for it");
	if (*text && strcmp(text, "grub2") != 0)
		read_warn(r, "<bootloader>%.40s</bootloader> is ignored: it is GRUB 2", text);
}

static void end_network_backend(struct reader *r, char *text)
{
	static const char *const backends[] = { "bridge", "openvswitch", "vswitch" };
	unsigned n;

	if (*text && choose(r, "", text, backends, 3, &n) && n)
		read_warn(r, "<network-backend>%s</network-backend> is ignored: guests' networks are Linux bridges", text);
}

/* ---- the table ---- */

#define ROOT_ATTRS { "mode", "sr-type", "-srtype", "sr-type", "strict", "repo-gpgcheck", "gpgcheck", "netinstall-gpg-check" }
#define PRIMARY_ATTRS { "guest-storage", "-gueststorage", "guest-storage", "sr-at-end", "preserve-first-partition", "swraid", \
			"fs-type", "confirm-serial" }
#define ADMIN "admin-interface"
#define BUILT_IN "is ignored: all drivers are built in"

static const struct element roots[] = {
	{ .name = "installation", .attrs = ROOT_ATTRS, .start = start_installation },
	{ .name = "upgrade", .attrs = ROOT_ATTRS, .start = start_upgrade },
	{ .name = "restore", .start = start_restore },
	{ .name = NULL },
};

static const struct element elements[] = {
	{ .name = "primary-disk", .text = true, .attrs = PRIMARY_ATTRS, .end = end_primary_disk },
	{ .name = "guest-disks", .repeat = true },
	{ .name = "guest-disk", .text = true, .repeat = true, .end = end_guest_disk },
	{ .name = "existing-installation", .text = true, .attrs = { "fs-type" }, .end = end_existing },
	{ .name = "raid", .attrs = { "device" }, .start = start_raid },
	{ .name = "disk", .inside = "raid", .text = true, .repeat = true, .end = end_raid_disk },
	{ .name = ADMIN, .attrs = { "name", "hwaddr", "proto", "protov6", "vlan" }, .start = start_admin, .end = end_admin },
	{ .name = "bond", .inside = ADMIN, .attrs = { "mode" }, .start = start_bond },
	{ .name = "nic", .inside = "bond", .text = true, .repeat = true, .end = end_nic },
	{ .name = "ip", .inside = ADMIN, .text = true, .end = end_ip },
	{ .name = "ipaddr", .inside = ADMIN, .text = true, .same = "ip", .end = end_ip },
	{ .name = "subnet-mask", .inside = ADMIN, .text = true, .end = end_subnet },
	{ .name = "subnet", .inside = ADMIN, .text = true, .same = "subnet-mask", .end = end_subnet },
	{ .name = "gateway", .inside = ADMIN, .text = true, .end = end_gateway },
	{ .name = "ipv6", .inside = ADMIN, .text = true, .end = end_ipv6 },
	{ .name = "gatewayv6", .inside = ADMIN, .text = true, .end = end_gatewayv6 },
	{ .name = "name-server", .text = true, .repeat = true, .end = end_name_server },
	{ .name = "nameserver", .text = true, .repeat = true, .end = end_name_server, .old = "<name-server>" },
	{ .name = "ntp", .attrs = { "source" }, .start = start_ntp },
	{ .name = "ntp-server", .text = true, .repeat = true, .end = end_ntp_server },
	{ .name = "ntp-servers", .text = true, .repeat = true, .end = end_ntp_server },
	{ .name = "hostname", .text = true, .end = end_hostname },
	{ .name = "timezone", .text = true, .end = end_timezone },
	{ .name = "keymap", .text = true, .end = end_keymap },
	{ .name = "language", .text = true, .end = end_language },
	{ .name = "root-password", .text = true, .attrs = { "type" }, .end = end_root_password },
	{ .name = "ssh-key", .text = true, .repeat = true, .end = end_ssh_key },
	{ .name = "service", .repeat = true, .attrs = { "name", "state" }, .start = start_service },
	{ .name = "ssh-mode", .text = true, .end = end_ssh_mode },
	{ .name = "script", .text = true, .repeat = true, .attrs = { "stage", "type", "may-fail" }, .end = end_script },
	{ .name = "post-install-script", .text = true, .attrs = { "type" }, .end = end_post_install,
	  .old = "<script stage=\"filesystem-populated\">" },
	{ .name = "install-failed-script", .text = true, .attrs = { "type" }, .end = end_install_failed,
	  .old = "<script stage=\"installation-complete\">; it runs after a success, too" },
	{ .name = "report", .attrs = { "url" }, .start = start_report },
	{ .name = "ui-confirmation-prompt", .text = true, .end = end_confirm },
	{ .name = "source", .text = true, .repeat = true, .attrs = { "type", "repo-gpgcheck", "gpgcheck" }, .end = end_source },
	{ .name = "bootloader", .text = true, .attrs = { "location", "write-boot-entry" }, .end = end_bootloader },
	{ .name = "network-backend", .text = true, .end = end_network_backend },
	/* theirs alone */
	{ .name = "driver-source", .text = true, .ignored = BUILT_IN },
	{ .name = "selected-multiversion-drivers", .ignored = BUILT_IN },
	{ .name = "driver", .inside = "selected-multiversion-drivers", .text = true, .repeat = true },
	{ .name = "fcoe-interface", .refused = "is not supported: Dolmen does not boot from Fibre Channel over Ethernet; remove it and name a local disk" },
	{ .name = "target-platform", .text = true, .ignored = "is ignored: every machine gets the same layout" },
	{ .name = "zap-utility-partitions", .text = true, .ignored = "is ignored: say preserve-first-partition=\"no\" at <primary-disk>" },
	{ .name = "boot-params", .text = true, .ignored = "is ignored: parameters of Xen are set on the installed host" },
	{ .name = "initial-partitions", .ignored = "is ignored: the layout is fixed" },
	{ .name = "time-config-method", .text = true, .ignored = "is ignored: say <ntp source=\"dhcp\"/>, \"manual\", \"default\" or \"none\"" },
	{ .name = "interface", .text = true, .ignored = "is ignored: only the management interface is configured; bridges for guests are added on the host" },
	{ .name = "backup-disk", .text = true, .ignored = "is ignored: the previous release stays in the other slot" },
	{ .name = NULL },
};

_Static_assert(sizeof(elements) / sizeof(elements[0]) <= READ_ELEMENTS, "struct reader counts every kind of element");

const struct element *const read_roots = roots;
const struct element *const read_elements = elements;

/* ---- at the end of the file ---- */

static void missing(struct reader *r, const char *name)
{
	struct answer_place at;

	if (!read_seen(r, name, &at))
		diag_error(r->ds, r->a->mode_at.line, r->a->mode_at.col, "the mandatory element <%s> is missing", name);
}

/* XCP-ng's array: named by the primary disk, it is our mirror. */
static void resolve_raid(struct reader *r)
{
	const char *name = r->a->primary.name, *device = r->raid_device;

	if (!*device)
		return;
	name += strncmp(name, "/dev/", 5) ? 0 : 5;
	device += strncmp(device, "/dev/", 5) ? 0 : 5;
	if (strcmp(name, device) != 0)
		diag_error(r->ds, r->raid_at.line, r->raid_at.col, "<raid device=\"%s\">: <primary-disk> must name it, as an array for guests cannot be made here", r->raid_device);
	else if (r->raid_disks != 2)
		diag_error(r->ds, r->raid_at.line, r->raid_at.col, "<raid> has %u disks; a mirror is made of exactly two", r->raid_disks);
	if (strcmp(name, device) != 0 || r->raid_disks != 2)
		return;
	text_copy(r->a->primary.name, sizeof(r->a->primary.name), r->raid_disk[0]);
	text_copy(r->a->mirror.name, sizeof(r->a->mirror.name), r->raid_disk[1]);
	r->a->mirror.at = r->raid_at;
}

static const char *plain_disk(const char *name)
{
	return strncmp(name, "/dev/", 5) ? name : name + 5;
}

/* XenServer lists the primary disk among the guests' disks: the rest of it is for guests. */
static void drop_primary_guest_disk(struct reader *r)
{
	struct answers *a = r->a;
	unsigned n = 0;

	for (unsigned i = 0; i < a->guest_disks; i++) {
		if (strcmp(plain_disk(a->guest_disk[i].name), plain_disk(a->primary.name)) != 0)
			a->guest_disk[n++] = a->guest_disk[i];
		else
			a->guest_storage = true;
	}
	a->guest_disks = n;
}

static void finish_upgrade(struct reader *r)
{
	static const char *const kept[] = { ADMIN, "hostname", "root-password", "timezone", "keymap", "name-server", "ntp", "ntp-server",
					    "ssh-key" };
	struct answer_place at;

	for (unsigned i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (read_seen(r, kept[i], &at))
			diag_warning(r->ds, at.line, at.col, "<%s> is ignored: an upgrade keeps the host's settings", kept[i]);
	if (!*r->a->primary.name && !r->ds->errors)
		diag_error(r->ds, r->a->mode_at.line, r->a->mode_at.col, "the mandatory element <existing-installation> is missing");
}

void read_finish(struct reader *r)
{
	struct answers *a = r->a;
	struct answer_place at;

	if (!r->a->mode_at.line)
		return;		/* no root of ours */
	resolve_raid(r);
	drop_primary_guest_disk(r);
	if (!r->has_ntp)
		a->ntp_source = a->ntp_n ? NTP_MANUAL : a->ipv4 == IPV4_DHCP ? NTP_DHCP : NTP_DEFAULT;
	if (!r->has_service && a->ssh_keys)
		a->ssh = SSH_ON;
	if (a->mode == MODE_UPGRADE || r->upgrade_root) {
		finish_upgrade(r);
	} else {
		if (!read_seen(r, "existing-installation", &at))
			missing(r, "primary-disk");
		missing(r, ADMIN);
		if (!read_seen(r, "root-password", &at))
			a->password_type = PASSWORD_ASK;
	}
	answers_check(a, r->ds);
}
