/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The elements stand in one table (name, what it may contain, attributes, function); adding one is a row
 * and a function. The XML itself is read by expat. There is no DTD in an answer file, hence no entities
 * of its own, hence nothing that could grow.
 */
#include "answers.h"

#include <ctype.h>
#include <errno.h>
#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

const char *const install_mode_text[MODE_MAX] = { "fresh", "reinstall", "upgrade" };
const char *const storage_type_text[STORAGE_TYPE_MAX] = { "lvm", "thin", "ext" };
const char *const bond_mode_text[BOND_MAX] = { "none", "active-backup", "802.3ad", "balance-slb" };
const char *const ipv4_mode_text[IPV4_MAX] = { "dhcp", "static", "none" };
const char *const ipv6_mode_text[IPV6_MAX] = { "none", "autoconf", "dhcp", "static" };
const char *const ntp_source_text[NTP_MAX] = { "dhcp", "default", "manual", "none" };
const char *const script_stage_text[STAGE_MAX] = { "installation-start", "packages-installed", "filesystem-populated",
						   "installation-complete" };

#define ATTRS 12

struct attr {
	const char *name, *value;
};

struct element;

struct reader {
	XML_Parser xp;
	struct answers *a;
	struct diags *ds;
	const struct names *names;
	unsigned depth, skip;		/* skip: depth below which everything is ignored, 0 = nothing */
	const struct element *open[3];
	struct answer_place at[3];
	char text[3][1024];
	bool text_long[3];
	char attr_text[3][ATTRS][512];	/* values by the place in the element's attribute list; "" = absent */
	bool attr_set[3][ATTRS];
	unsigned seen[64];
	uint32_t ip, gw;
	bool have_ip, have_gw, have_mask;
};

struct element {
	const char *name;
	const char *parent;		/* NULL: the root */
	bool repeat, text;
	const char *attrs[ATTRS];
	void (*start)(struct reader *r);	/* attributes are there */
	void (*end)(struct reader *r, char *text);
	const char *other;		/* not for us: "warn" or "error" with this text */
	bool other_is_error;
};

static void wrong(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void wrong(struct reader *r, const char *fmt, ...)
{
	struct answer_place *at = &r->at[r->depth - 1];
	char buf[700];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	diag_error(r->ds, at->line, at->col, "%s", buf);
}

/* The value of an attribute of the element that is open, or NULL. */
static const char *attr(const struct reader *r, const char *name)
{
	unsigned d = r->depth - 1;

	for (unsigned i = 0; i < ATTRS && r->open[d]->attrs[i]; i++)
		if (!strcmp(r->open[d]->attrs[i], name))
			return r->attr_set[d][i] ? r->attr_text[d][i] : NULL;
	return NULL;
}

static void store(struct reader *r, char *dst, size_t size, const char *value)
{
	if (!text_copy(dst, size, value))
		wrong(r, "<%s>: the value is longer than %zu characters", r->open[r->depth - 1]->name, size - 1);
}

static bool yes_no(struct reader *r, const char *name, bool absent)
{
	const char *v = attr(r, name);

	if (!v)
		return absent;
	if (!strcmp(v, "yes") || !strcmp(v, "true"))
		return true;
	if (strcmp(v, "no") != 0 && strcmp(v, "false") != 0)
		wrong(r, "%s=\"%s\": write yes or no", name, v);
	return false;
}

static void start_installation(struct reader *r)
{
	const char *mode = attr(r, "mode"), *sr = attr(r, "srtype"), *sr2 = attr(r, "sr-type");

	for (unsigned i = 0; mode && i < MODE_MAX; i++)
		if (!strcmp(mode, install_mode_text[i])) {
			r->a->mode = (enum install_mode)i;
			mode = NULL;
		}
	if (mode)
		wrong(r, "mode=\"%s\" is unknown; write fresh, reinstall or upgrade", mode);
	if (sr && sr2 && strcmp(sr, sr2) != 0)
		wrong(r, "srtype=\"%s\" and sr-type=\"%s\" contradict each other", sr, sr2);
	sr = sr ? sr : sr2;
	if (!sr || !strcmp(sr, "lvm"))
		r->a->storage = STORAGE_LVM;
	else if (!strcmp(sr, "ext"))
		r->a->storage = STORAGE_EXT;
	else if (!strcmp(sr, "thin"))
		r->a->storage = STORAGE_THIN;
	else
		wrong(r, "srtype=\"%s\" is unknown; write lvm, thin or ext", sr);
}

static bool disk_name(struct reader *r, struct answer_disk *d, const char *text)
{
	d->at = r->at[r->depth - 1];
	store(r, d->name, sizeof(d->name), text);
	if (!*text) {
		wrong(r, "<%s> is empty; write a disk: sda, /dev/sda, /dev/disk/by-id/..., serial:... or wwn:...",
		      r->open[r->depth - 1]->name);
		return false;
	}
	for (const char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p)) {
			wrong(r, "<%s> contains control characters", r->open[r->depth - 1]->name);
			return false;
		}
	return true;
}

static void end_primary_disk(struct reader *r, char *text)
{
	const char *keep = attr(r, "preserve-first-partition");
	char *second = yes_no(r, "swraid", false) ? strchr(text, ',') : NULL;

	r->a->guest_storage = yes_no(r, "guest-storage", true);
	if (keep && strcmp(keep, "if-utility") != 0)
		r->a->preserve_first = yes_no(r, "preserve-first-partition", false) ? PRESERVE_ALWAYS : PRESERVE_NEVER;
	if (second) {
		*second = 0;
		disk_name(r, &r->a->mirror, text_trim(second + 1));
	}
	disk_name(r, &r->a->primary, text_trim(text));
}

static void end_guest_disk(struct reader *r, char *text)
{
	if (r->a->guest_disks == ANSWERS_GUEST_DISKS)
		wrong(r, "more than %d <guest-disk> elements", ANSWERS_GUEST_DISKS);
	else if (disk_name(r, &r->a->guest_disk[r->a->guest_disks], text))
		r->a->guest_disks++;
}

static void start_admin(struct reader *r)
{
	const char *name = attr(r, "name"), *mac = attr(r, "hwaddr"), *proto = attr(r, "proto");

	r->a->nic[0].at = r->at[r->depth - 1];
	if (!name && !mac)
		wrong(r, "<admin-interface> needs name=\"eth0\" or hwaddr=\"xx:xx:xx:xx:xx:xx\"");
	if (name) {
		const char *digits = name + 3;

		if (strncmp(name, "eth", 3) != 0 || !text_only(digits, "0123456789") || strlen(digits) > 3)
			wrong(r, "name=\"%s\": interfaces are eth0, eth1, ... in the order of their PCI addresses", name);
		else
			text_copy(r->a->nic[0].name, sizeof(r->a->nic[0].name), name);
	}
	if (mac && !text_mac(mac, r->a->nic[0].mac))
		wrong(r, "hwaddr=\"%s\" is not an Ethernet address like 52:54:00:12:34:56", mac);
	if (!proto)
		wrong(r, "<admin-interface> needs proto=\"dhcp\" or proto=\"static\"");
	else if (!strcmp(proto, "static"))
		r->a->ipv4 = IPV4_STATIC;
	else if (strcmp(proto, "dhcp") != 0)
		wrong(r, "proto=\"%s\" is unknown; write dhcp or static", proto);
	if (attr(r, "vlan"))
		wrong(r, "vlan= is not supported by this version of Dolmen");
	if (attr(r, "protov6") && strcmp(attr(r, "protov6"), "none") != 0)
		wrong(r, "protov6= is not supported by this version of Dolmen");
}

static void end_admin(struct reader *r, char *text)
{
	struct answers *a = r->a;
	uint32_t mask;

	if (*text)
		wrong(r, "<admin-interface> contains the text `%.40s`; it holds only elements", text);
	if (a->ipv4 != IPV4_STATIC) {
		if (r->have_ip || r->have_mask || r->have_gw)
			wrong(r, "<admin-interface> has proto=\"dhcp\" and an address; write proto=\"static\" to use it");
		return;
	}
	if (!r->have_ip)
		wrong(r, "<admin-interface> with proto=\"static\" needs <ipaddr>");
	if (!r->have_mask)
		wrong(r, "<admin-interface> with proto=\"static\" needs <subnet>");
	if (!*a->address || !a->prefix)
		return;
	mask = UINT32_MAX << (32 - a->prefix);
	if (a->prefix < 31 && ((r->ip & ~mask) == 0 || (r->ip & ~mask) == ~mask))
		wrong(r, "<ipaddr> %s is the network's or the broadcast address of its subnet (/%u)", a->address, a->prefix);
	if (*a->gateway && (r->ip & mask) != (r->gw & mask))
		wrong(r, "<gateway> %s is not in the subnet of %s/%u", a->gateway, a->address, a->prefix);
	else if (*a->gateway && r->ip == r->gw)
		wrong(r, "<gateway> %s is the machine's own address", a->gateway);
}

static bool host_address(struct reader *r, const char *text, uint32_t *ret)
{
	if (!text_ipv4(text, ret)) {
		wrong(r, "<%s>: `%s` is not an IPv4 address like 192.0.2.10", r->open[r->depth - 1]->name, text);
		return false;
	}
	if (*ret >> 24 == 0 || *ret >> 24 == 127 || *ret >> 28 >= 0xe) {
		wrong(r, "<%s>: %s is not the address of a host", r->open[r->depth - 1]->name, text);
		return false;
	}
	return true;
}

static void end_ipaddr(struct reader *r, char *text)
{
	if (r->have_ip)
		wrong(r, "a second address");
	r->have_ip = true;
	if (host_address(r, text, &r->ip))
		store(r, r->a->address, sizeof(r->a->address), text);
}

static void end_subnet(struct reader *r, char *text)
{
	if (r->have_mask)
		wrong(r, "a second netmask");
	r->have_mask = true;
	if (!text_netmask(text, &r->a->prefix) || r->a->prefix < 1 || r->a->prefix > 31) {
		wrong(r, "<%s>: `%s` is not a netmask like 255.255.255.0", r->open[r->depth - 1]->name, text);
		r->a->prefix = 0;
	}
}

static void end_gateway(struct reader *r, char *text)
{
	r->have_gw = true;
	if (host_address(r, text, &r->gw))
		store(r, r->a->gateway, sizeof(r->a->gateway), text);
}

static void end_name_server(struct reader *r, char *text)
{
	uint32_t addr;

	if (r->a->dns_n == ANSWERS_SERVERS)
		wrong(r, "more than %d name servers", ANSWERS_SERVERS);
	else if (host_address(r, text, &addr))
		store(r, r->a->dns[r->a->dns_n++], sizeof(r->a->dns[0]), text);
}

static void end_ntp_server(struct reader *r, char *text)
{
	if (r->a->ntp_n == ANSWERS_SERVERS)
		wrong(r, "more than %d NTP servers", ANSWERS_SERVERS);
	else if (!text_is_hostname(text))
		wrong(r, "<%s>: `%s` is neither a host name nor an IPv4 address", r->open[r->depth - 1]->name, text);
	else
		store(r, r->a->ntp[r->a->ntp_n++], sizeof(r->a->ntp[0]), text);
}

static void end_hostname(struct reader *r, char *text)
{
	if (!text_is_hostname(text))
		wrong(r, "<hostname>: `%s` is not a host name (letters, digits and hyphens)", text);
	else
		store(r, r->a->hostname, sizeof(r->a->hostname), text);
}

static void end_root_password(struct reader *r, char *text)
{
	const char *type = attr(r, "type");

	if (!type || !strcmp(type, "plaintext")) {
		r->a->password_type = PASSWORD_PLAINTEXT;
		if (!*text)
			wrong(r, "<root-password> is empty; leave the element out to lock the account");
	} else if (!strcmp(type, "hash")) {
		static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./$,=+-_";

		r->a->password_type = PASSWORD_HASH;
		if (*text != '$' || !text_only(text, set) || strlen(text) < 20)
			wrong(r, "<root-password type=\"hash\">: not a crypt(5) hash like $y$... or $6$...");
	} else {
		wrong(r, "<root-password> type=\"%s\" is unknown; write plaintext or hash", type);
	}
	store(r, r->a->password.text, sizeof(r->a->password.text), text);
}

static void end_timezone(struct reader *r, char *text)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-";

	if (!text_only(text, set) || *text == '/' || *text == '-') {
		wrong(r, "<timezone>: `%s` is not a time zone like Europe/Berlin", text);
		return;
	}
	if (r->names && !names_has(&r->names->timezones, text)) {
		wrong(r, "<timezone>: there is no time zone `%s`; write one like Europe/Berlin", text);
		return;
	}
	store(r, r->a->timezone, sizeof(r->a->timezone), text);
}

static void end_keymap(struct reader *r, char *text)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (!text_only(text, set) || *text == '-')
		wrong(r, "<keymap>: `%s` is not a keymap's name like us or de", text);
	else
		store(r, r->a->keymap, sizeof(r->a->keymap), text);
}

static void end_script(struct reader *r, char *text)
{
	struct answer_script *s = &r->a->script[r->a->scripts];
	const char *stage = attr(r, "stage");

	if (r->a->scripts == ANSWERS_SCRIPTS) {
		wrong(r, "more than %d scripts", ANSWERS_SCRIPTS);
		return;
	}
	store(r, s->url, sizeof(s->url), text);
	for (unsigned i = 0; stage && i < STAGE_MAX; i++)
		if (!strcmp(stage, script_stage_text[i])) {
			s->stage = (enum script_stage)i;
			r->a->scripts++;
			return;
		}
	wrong(r, "<script> needs a stage");
}

static void end_source(struct reader *r, char *text)
{
	const char *type = attr(r, "type");

	if (!type)
		wrong(r, "<source> needs type=\"local\"");
	else if (!strcmp(type, "url") || !strcmp(type, "nfs"))
		wrong(r, "<source type=\"%s\"> is not supported by this version of Dolmen; only type=\"local\" is", type);
	else if (strcmp(type, "local") != 0)
		wrong(r, "<source> type=\"%s\" is unknown; write local", type);
	(void)text;
}

#define IN "installation"
#define NOT_YET "is not supported by this version of Dolmen; remove it"
#define NO_USE "means nothing to Dolmen and is ignored"

static const struct element elements[] = {
	{ .name = IN, .start = start_installation, .attrs = { "mode", "srtype", "sr-type" } },
	{ .name = "primary-disk", .parent = IN, .text = true, .attrs = { "guest-storage", "swraid", "preserve-first-partition" },
	  .end = end_primary_disk },
	{ .name = "guest-disk", .parent = IN, .text = true, .repeat = true, .end = end_guest_disk },
	{ .name = "admin-interface", .parent = IN, .attrs = { "name", "hwaddr", "proto", "vlan", "protov6" },
	  .start = start_admin, .end = end_admin },
	{ .name = "ipaddr", .parent = "admin-interface", .text = true, .end = end_ipaddr },
	{ .name = "ip", .parent = "admin-interface", .text = true, .end = end_ipaddr },
	{ .name = "subnet", .parent = "admin-interface", .text = true, .end = end_subnet },
	{ .name = "subnet-mask", .parent = "admin-interface", .text = true, .end = end_subnet },
	{ .name = "gateway", .parent = "admin-interface", .text = true, .end = end_gateway },
	{ .name = "name-server", .parent = IN, .text = true, .repeat = true, .end = end_name_server },
	{ .name = "nameserver", .parent = IN, .text = true, .repeat = true, .end = end_name_server },
	{ .name = "hostname", .parent = IN, .text = true, .end = end_hostname },
	{ .name = "root-password", .parent = IN, .text = true, .attrs = { "type" }, .end = end_root_password },
	{ .name = "timezone", .parent = IN, .text = true, .end = end_timezone },
	{ .name = "keymap", .parent = IN, .text = true, .end = end_keymap },
	{ .name = "ntp-server", .parent = IN, .text = true, .repeat = true, .end = end_ntp_server },
	{ .name = "source", .parent = IN, .text = true, .repeat = true, .attrs = { "type" }, .end = end_source },
	/* XenServer's, told apart from typing errors */
	{ .name = "bootloader", .parent = IN, .other = NO_USE },
	{ .name = "network-backend", .parent = IN, .other = NO_USE },
	{ .name = "zap-utility-partitions", .parent = IN, .other = NO_USE },
	{ .name = "script", .parent = IN, .text = true, .repeat = true, .attrs = { "stage", "type" }, .end = end_script },
	{ .name = "driver-source", .parent = IN, .other = NOT_YET, .other_is_error = true },
	{ .name = "boot-params", .parent = IN, .other = NOT_YET, .other_is_error = true },
	{ .name = "existing-installation", .parent = IN, .other = NOT_YET, .other_is_error = true },
	{ .name = "ntp", .parent = IN, .other = NOT_YET, .other_is_error = true },
	{ .name = "ipv6", .parent = "admin-interface", .other = NOT_YET, .other_is_error = true },
	{ .name = "gatewayv6", .parent = "admin-interface", .other = NOT_YET, .other_is_error = true },
};
#define ELEMENTS (sizeof(elements) / sizeof(elements[0]))

_Static_assert(ELEMENTS <= 64, "struct reader counts 64 kinds of elements");

static const struct element *element_find(const struct reader *r, const char *name)
{
	const char *parent = r->depth ? r->open[r->depth - 1]->name : NULL;

	for (unsigned i = 0; i < ELEMENTS; i++) {
		const struct element *el = &elements[i];

		if (strcmp(el->name, name) != 0)
			continue;
		if (parent ? el->parent && !strcmp(el->parent, parent) : !el->parent)
			return el;
	}
	return NULL;
}

static void take_attrs(struct reader *r, const char **atts)
{
	unsigned d = r->depth - 1;

	memset(r->attr_set[d], 0, sizeof(r->attr_set[d]));
	for (; *atts; atts += 2) {
		unsigned i = 0;

		while (i < ATTRS && r->open[d]->attrs[i] && strcmp(r->open[d]->attrs[i], atts[0]) != 0)
			i++;
		if (i == ATTRS || !r->open[d]->attrs[i]) {
			wrong(r, "<%s> has no attribute `%s`", r->open[d]->name, atts[0]);
			continue;
		}
		r->attr_set[d][i] = true;
		if (!text_copy(r->attr_text[d][i], sizeof(r->attr_text[d][i]), atts[1]))
			wrong(r, "the value of %s is too long", atts[0]);
		text_trim(r->attr_text[d][i]);
	}
}

static void XMLCALL on_start(void *user, const char *name, const char **atts)
{
	struct reader *r = user;
	unsigned long line = (unsigned long)XML_GetCurrentLineNumber64(r->xp), col = (unsigned long)XML_GetCurrentColumnNumber64(r->xp) + 1;
	const struct element *el;

	if (r->skip) {
		r->skip++;
		return;
	}
	el = element_find(r, name);
	if (!el || el->other) {
		if (!r->depth && (!strcmp(name, "upgrade") || !strcmp(name, "restore")))
			diag_error(r->ds, line, col, "<%s> is not supported by this version of Dolmen; only <installation> is", name);
		else if (!r->depth)
			diag_error(r->ds, line, col, "the root element is <%s>; an answer file starts with <installation>", name);
		else if (!el)
			diag_error(r->ds, line, col, "unknown element <%s> in <%s>", name, r->open[r->depth - 1]->name);
		else if (el->other_is_error)
			diag_error(r->ds, line, col, "<%s> %s", name, el->other);
		else
			diag_warning(r->ds, line, col, "<%s> %s", name, el->other);
		r->skip = 1;
		return;
	}
	r->open[r->depth] = el;
	r->at[r->depth].line = line;
	r->at[r->depth].col = col;
	r->text[r->depth][0] = 0;
	r->text_long[r->depth] = false;
	r->depth++;
	if (r->seen[el - elements]++ && !el->repeat)
		wrong(r, "a second <%s>", name);
	take_attrs(r, atts);
	if (el->start)
		el->start(r);
}

static void XMLCALL on_end(void *user, const char *name)
{
	struct reader *r = user;
	const struct element *el;
	char *text;

	(void)name;
	if (r->skip) {
		r->skip--;
		return;
	}
	el = r->open[r->depth - 1];
	text = text_trim(r->text[r->depth - 1]);
	if (r->text_long[r->depth - 1])
		wrong(r, "<%s> contains more than %zu characters", el->name, sizeof(r->text[0]) - 1);
	else if (el->end)
		el->end(r, text);
	else if (!el->text && *text)
		wrong(r, "<%s> contains the text `%.40s`; it holds only elements", el->name, text);
	explicit_bzero(r->text[r->depth - 1], sizeof(r->text[0]));
	r->depth--;
}

static void XMLCALL on_text(void *user, const char *s, int len)
{
	struct reader *r = user;
	char *t;
	size_t n;

	if (r->skip || !r->depth)
		return;
	t = r->text[r->depth - 1];
	n = strlen(t);
	if (n + (size_t)len >= sizeof(r->text[0])) {
		r->text_long[r->depth - 1] = true;
		return;
	}
	memcpy(t + n, s, (size_t)len);
	t[n + (size_t)len] = 0;
}

static void XMLCALL on_doctype(void *user, const char *name, const char *sysid, const char *pubid, int internal)
{
	struct reader *r = user;

	(void)name, (void)sysid, (void)pubid, (void)internal;
	diag_error(r->ds, (unsigned long)XML_GetCurrentLineNumber64(r->xp), (unsigned long)XML_GetCurrentColumnNumber64(r->xp) + 1,
		   "an answer file must not have a <!DOCTYPE>; remove it");
	XML_StopParser(r->xp, XML_FALSE);
}

static void check_complete(struct reader *r)
{
	static const char *const mandatory[] = { "primary-disk", "admin-interface" };
	unsigned long line = r->at[0].line, col = r->at[0].col;

	for (unsigned m = 0; m < sizeof(mandatory) / sizeof(mandatory[0]); m++)
		for (unsigned i = 0; i < ELEMENTS; i++)
			if (!strcmp(elements[i].name, mandatory[m]) && !r->seen[i])
				diag_error(r->ds, line, col, "the mandatory element <%s> is missing", mandatory[m]);
	if (r->a->password_type == PASSWORD_NONE)
		diag_warning(r->ds, line, col, "no <root-password>: the root account of the host will be locked");
	if (!r->a->guest_storage && !r->a->guest_disks)
		diag_warning(r->ds, line, col, "guest-storage=\"no\" and no <guest-disk>: the host will have no storage for guests");
	if (r->a->storage == STORAGE_EXT && r->a->guest_disks + (r->a->guest_storage ? 1 : 0) > 1)
		diag_error(r->ds, line, col, "srtype=\"ext\" uses one place only: the rest of the primary disk or one <guest-disk>");
}

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

int answers_parse(struct answers *a, const char *xml, size_t len, const struct names *names, bool strict,
		  struct diags *ds)
{
	struct reader r = { .a = a, .ds = ds, .names = names };

	(void)strict;
	answers_defaults(a);
	if (len > ANSWERS_MAX_BYTES) {
		diag_error(ds, 0, 0, "the answer file has %zu bytes; at most %u are read", len, ANSWERS_MAX_BYTES);
		return -EINVAL;
	}
	r.xp = XML_ParserCreate(NULL);
	if (!r.xp) {
		diag_error(ds, 0, 0, "out of memory");
		return -ENOMEM;
	}
	XML_SetUserData(r.xp, &r);
	XML_SetElementHandler(r.xp, on_start, on_end);
	XML_SetCharacterDataHandler(r.xp, on_text);
	XML_SetStartDoctypeDeclHandler(r.xp, on_doctype);
	if (XML_Parse(r.xp, xml, (int)len, 1) == XML_STATUS_ERROR) {
		if (XML_GetErrorCode(r.xp) != XML_ERROR_ABORTED)
			diag_error(ds, (unsigned long)XML_GetCurrentLineNumber64(r.xp), (unsigned long)XML_GetCurrentColumnNumber64(r.xp) + 1,
				   "not well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(r.xp)));
	} else if (r.seen[0]) {
		check_complete(&r);
	}
	XML_ParserFree(r.xp);
	explicit_bzero(&r, sizeof(r));
	return ds->errors ? -EINVAL : 0;
}
