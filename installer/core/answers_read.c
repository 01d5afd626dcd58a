/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The elements stand in one table (name, what it may hold, attributes, function); adding one is a row and a function.
 * As in XenServer, an element counts wherever below the root it stands; elements that make sense only in another one
 * name it in `inside`.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answers_reader.h"
#include "values.h"

#define ATTRS 10

/* TEXT_NONE: text in it is an error. TEXT_SOME: empty, it counts as absent, with a warning. TEXT_ANY: as the function says. */
enum text_rule { TEXT_NONE, TEXT_SOME, TEXT_ANY };

struct element {
	const char *name;
	read_element *read;
	enum text_rule text;
	bool repeat;
	bool host;			/* a setting of the host, which an upgrade keeps */
	const char *inside;
	const char *now;		/* the name of today of an old or second one */
	bool old;			/* then the new one is recommended */
	const char *attrs[ATTRS];
	const char *ignored_attrs[4];	/* XenServer's */
	const char *ignored;		/* a warning with this reason, it and what is in it means nothing */
	const char *refused;		/* an error with this reason */
};

#define ADMIN .inside = "admin-interface", .host = true, .text = TEXT_SOME
#define NO_DRIVERS "the drivers are those of the installer's own kernel"
#define SEE_PRESERVE "it is preserve-first-partition of <primary-disk> that keeps or erases such a partition"

static const struct element elements[] = {
	{ "primary-disk", read_primary_disk, TEXT_ANY,
	  .attrs = { "guest-storage", "gueststorage", "sr-at-end", "preserve-first-partition", "swraid", "fs-type", "confirm-serial" } },
	{ "existing-installation", read_existing, TEXT_ANY, .attrs = { "swraid", "confirm-serial", "fs-type" } },
	{ "raid", read_raid, .attrs = { "device" } },
	{ "disk", read_raid_disk, TEXT_ANY, .repeat = true, .inside = "raid" },
	{ "guest-disks", .repeat = true },
	{ "guest-disk", read_guest_disk, TEXT_ANY, .repeat = true },
	{ "admin-interface", read_admin_interface, .host = true, .attrs = { "name", "hwaddr", "proto", "protov6", "vlan" } },
	{ "ip", read_address, ADMIN },
	{ "ipaddr", read_address, ADMIN, .now = "ip" },
	{ "subnet-mask", read_mask, ADMIN },
	{ "subnet", read_mask, ADMIN, .now = "subnet-mask" },
	{ "gateway", read_gateway, ADMIN },
	{ "ipv6", read_address6, ADMIN },
	{ "gatewayv6", read_gateway6, ADMIN },
	{ "bond", read_bond, .host = true, .inside = "admin-interface", .attrs = { "mode" } },
	{ "nic", read_nic, TEXT_ANY, .host = true, .repeat = true, .inside = "bond", .attrs = { "name", "hwaddr" } },
	{ "name-server", read_name_server, TEXT_SOME, .host = true, .repeat = true },
	{ "nameserver", read_name_server, TEXT_SOME, .host = true, .repeat = true, .now = "name-server", .old = true },
	{ "ntp", read_ntp, TEXT_NONE, .host = true, .attrs = { "source" } },
	{ "ntp-server", read_ntp_server, TEXT_SOME, .host = true, .repeat = true },
	{ "ntp-servers", read_ntp_server, TEXT_SOME, .host = true, .repeat = true, .now = "ntp-server", .old = true },
	{ "hostname", read_hostname, TEXT_SOME, .host = true },
	{ "timezone", read_timezone, TEXT_SOME, .host = true },
	{ "keymap", read_keymap, TEXT_SOME, .host = true },
	{ "language", read_language, TEXT_SOME, .host = true },
	{ "root-password", read_root_password, TEXT_ANY, .host = true, .attrs = { "type" } },
	{ "service", read_service, .host = true, .repeat = true, .attrs = { "name", "state" } },
	{ "ssh-mode", read_ssh_mode, TEXT_SOME, .host = true },
	{ "ssh-key", read_ssh_key, TEXT_ANY, .host = true, .repeat = true },
	{ "dom0", read_dom0, TEXT_NONE, .host = true, .attrs = { "memory", "vcpus" } },
	{ "script", read_script, TEXT_ANY, .repeat = true, .attrs = { "stage", "type", "may-fail" } },
	{ "post-install-script", read_post_install_script, TEXT_ANY, .repeat = true, .attrs = { "type" } },
	{ "install-failed-script", read_install_failed_script, TEXT_ANY, .repeat = true, .attrs = { "type" } },
	{ "report", read_report, .attrs = { "url" } },
	{ "ui-confirmation-prompt", read_confirm, .text = TEXT_ANY },
	{ "source", read_source, TEXT_ANY, .repeat = true, .attrs = { "type" }, .ignored_attrs = { "repo-gpgcheck", "gpgcheck" } },
	{ "network-backend", read_network_backend, .text = TEXT_SOME },
	/* XenServer's, told apart from typing errors */
	{ "driver-source", .repeat = true, .ignored = NO_DRIVERS },
	{ "selected-multiversion-drivers", .ignored = NO_DRIVERS },
	{ "bootloader", .ignored = "the boot loader is always GRUB" },
	{ "target-platform", .ignored = "there is one layout of the disk for all machines" },
	{ "zap-utility-partitions", .ignored = SEE_PRESERVE },
	{ "initial-partitions", .ignored = SEE_PRESERVE },
	{ "boot-params", .ignored = "the kernel's parameters are those of the image" },
	{ "time-config-method", .ignored = "write <ntp source=\"...\"> instead" },
	{ "interface", .repeat = true, .ignored = "only the management network is set up, with <admin-interface>" },
	{ "backup-disk", .ignored = "there is no backup to restore from" },
	{ "fcoe-interface", .repeat = true, .refused = "disks reached by Fibre Channel over Ethernet are not supported; remove it" },
};
#define ELEMENTS (sizeof(elements) / sizeof(elements[0]))

static const struct element root_element = {
	"installation", .attrs = { "mode", "sr-type", "srtype", "strict" },
	.ignored_attrs = { "repo-gpgcheck", "gpgcheck", "netinstall-gpg-check" },
};

static const struct old_attr {
	const char *old, *now;
} old_attrs[] = { { "srtype", "sr-type" }, { "gueststorage", "guest-storage" } };

#define OLD_ATTRS (sizeof(old_attrs) / sizeof(old_attrs[0]))

static void found(struct reader *r, bool error, const char *fmt, va_list ap)
{
	char text[900];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (error)
		diag_error(r->ds, r->node->line, r->node->col, "%s", text);
	else
		diag_warning(r->ds, r->node->line, r->node->col, "%s", text);
}

void read_error(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	found(r, true, fmt, ap);
	va_end(ap);
}

void read_warning(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	found(r, false, fmt, ap);
	va_end(ap);
}

void read_wrong(struct reader *r, const struct err *e)
{
	read_error(r, "<%s>: %s", r->node->name, e->msg);
}

void read_wrong_attr(struct reader *r, const char *attr, const struct err *e)
{
	read_error(r, "<%s %s=\"...\">: %s", r->node->name, attr, e->msg);
}

struct answer_place read_place(const struct reader *r)
{
	return (struct answer_place){ r->node->line, r->node->col };
}

static const char *attr_get(const struct xml_node *n, const char *name)
{
	for (unsigned i = 0; i < n->attrs; i++)
		if (!strcmp(n->attr[i].name, name))
			return n->attr[i].value;
	return NULL;
}

const char *read_attr(const struct reader *r, const char *name)
{
	const char *value = attr_get(r->node, name);

	for (unsigned i = 0; !value && i < OLD_ATTRS; i++)
		if (!strcmp(old_attrs[i].now, name))
			value = attr_get(r->node, old_attrs[i].old);
	return value;
}

bool read_yes_no(struct reader *r, const char *name, bool absent)
{
	const char *value = read_attr(r, name);
	bool yes = absent;
	struct err e;

	if (value && value_yes_no(value, &yes, &e))
		read_error(r, "%s=\"%.60s\": write yes or no", name, value);
	return yes;
}

/* `fresh, reinstall or upgrade` */
static void list_words(const char *const *list, unsigned n, char *buf, size_t size)
{
	buf[0] = 0;
	for (unsigned i = 0; i < n; i++)
		snprintf(buf + strlen(buf), size - strlen(buf), "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", list[i]);
}

int read_pick(struct reader *r, const char *what, const char *text, const char *const *list, unsigned n)
{
	const char *copy[16] = { NULL }, *nearest;
	char words[200], said[160];
	bool attr;

	for (unsigned i = 0; i < n; i++) {
		if (!strcmp(text, list[i]))
			return (int)i;
		copy[i] = list[i];
	}
	attr = what[strlen(what) - 1] == '=';
	nearest = names_nearest_of(copy, text);
	list_words(list, n, words, sizeof(words));
	snprintf(said, sizeof(said), attr ? "%s\"%.60s\"" : "%s: `%.60s`", what, text);
	if (nearest)
		read_error(r, "%s is unknown; did you mean %s? (%s)", said, nearest, words);
	else
		read_error(r, "%s is unknown; write %s", said, words);
	return -1;
}

static bool in_list(const char *const *list, unsigned n, const char *name)
{
	for (unsigned i = 0; i < n && list[i]; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

static void check_attr(struct reader *r, const struct element *el, const char *name)
{
	const char *known[ATTRS + 1] = { NULL }, *nearest;

	for (unsigned i = 0; i < OLD_ATTRS; i++)
		if (!strcmp(old_attrs[i].old, name) && in_list(el->attrs, ATTRS, name)) {
			const char *now = attr_get(r->node, old_attrs[i].now);

			read_warning(r, "%s= is the old name of %s=", name, old_attrs[i].now);
			if (now && strcmp(now, attr_get(r->node, name)) != 0)
				read_error(r, "%s= and %s= contradict each other", name, old_attrs[i].now);
		}
	if (in_list(el->attrs, ATTRS, name))
		return;
	if (in_list(el->ignored_attrs, 4, name)) {
		read_warning(r, "%s= is ignored: nothing is installed from repositories, and the medium's files are compared with its manifest", name);
		return;
	}
	memcpy(known, el->attrs, sizeof(el->attrs));
	nearest = names_nearest_of(known, name);
	if (nearest)
		read_error(r, "<%s> has no attribute `%.60s`; did you mean `%s`?", r->node->name, name, nearest);
	else
		read_warning(r, "<%s> has no attribute `%.60s`; it is ignored", r->node->name, name);
}

static void check_attrs(struct reader *r, const struct element *el)
{
	for (unsigned i = 0; i < r->node->attrs; i++)
		check_attr(r, el, r->node->attr[i].name);
}

static int element_find(const char *name)
{
	for (unsigned i = 0; i < ELEMENTS; i++)
		if (!strcmp(elements[i].name, name))
			return (int)i;
	return -1;
}

/* One that resembles a known one is a typing error, unless it only groups elements; others are left alone, as old dialects have them. */
static void unknown_element(struct reader *r)
{
	const char *names[ELEMENTS + 1], *nearest;

	for (unsigned i = 0; i < ELEMENTS; i++)
		names[i] = elements[i].name;
	names[ELEMENTS] = NULL;
	nearest = names_nearest_of(names, r->node->name);
	if (r->node->children && !r->node->attrs && !*r->node->text)
		read_warning(r, "unknown element <%.60s>; what is in it is read all the same", r->node->name);
	else if (nearest)
		read_error(r, "unknown element <%.60s>; did you mean <%s>?", r->node->name, nearest);
	else
		read_warning(r, "unknown element <%.60s>; it is ignored", r->node->name);
}

/* A second one of those that stand once; the second name of an element counts for the first. */
static void check_once(struct reader *r, const struct element *el, unsigned long *first)
{
	unsigned place = (unsigned)element_find(el->now ? el->now : el->name);

	if (first[place] && !el->repeat)
		read_error(r, "a second <%s>; the first one is on line %lu", el->now ? el->now : el->name, first[place]);
	else
		first[place] = r->node->line;
}

static bool is_settled(struct reader *r, const struct element *el)
{
	if (el->refused) {
		read_error(r, "<%s>: %s", el->name, el->refused);
		return true;
	}
	if (el->ignored) {
		read_warning(r, "<%s> is ignored: %s", el->name, el->ignored);
		return true;
	}
	if (el->inside && !xml_is_inside(r->node, el->inside)) {
		read_error(r, "<%s> stands outside of <%s>, where it belongs", el->name, el->inside);
		return true;
	}
	if (el->host && r->a->mode == MODE_UPGRADE) {
		read_warning(r, "<%s> is ignored: an upgrade keeps the host's settings", el->name);
		return true;
	}
	return false;
}

static void read_one(struct reader *r, struct xml_node *n, unsigned long *first)
{
	int place = element_find(n->name);
	const struct element *el = place < 0 ? NULL : &elements[place];

	r->node = n;
	n->skip = n->parent->skip;
	if (n->skip)
		return;
	if (!el) {
		unknown_element(r);
		return;
	}
	n->skip = is_settled(r, el);
	if (n->skip)
		return;
	if (el->old)
		read_warning(r, "<%s> is the old name of <%s>", el->name, el->now);
	check_once(r, el, first);
	check_attrs(r, el);
	if (el->text == TEXT_NONE && *n->text)
		read_error(r, "<%s> contains the text `%.40s`; it holds only elements", el->name, n->text);
	if (el->text == TEXT_SOME && !*n->text)
		read_warning(r, "<%s> is empty and counts as absent", el->name);
	else if (el->read)
		el->read(r, n->text);
}

static void read_document(struct reader *r, struct xml_doc *doc)
{
	unsigned long first[ELEMENTS] = { 0 };

	r->node = doc->node[0];
	if (!strcmp(r->node->name, "restore")) {
		read_error(r, "<restore>: there is no backup to restore from: an upgrade replaces the system and keeps settings and guests");
		return;
	}
	if (strcmp(r->node->name, "installation") != 0 && strcmp(r->node->name, "upgrade") != 0) {
		read_error(r, "the root element is <%.60s>; an answer file begins with <installation>", r->node->name);
		return;
	}
	check_attrs(r, &root_element);
	read_root(r);
	if (*r->node->text)
		read_error(r, "<%s> contains the text `%.40s`; it holds only elements", r->node->name, r->node->text);
	for (unsigned i = 1; i < doc->n; i++)
		read_one(r, doc->node[i], first);
	r->node = doc->node[0];
	read_disks_end(r);
	if (r->a->mode != MODE_UPGRADE) {
		read_network_end(r);
		read_host_end(r);
	}
	answers_check_rest(r->a, r->broken, r->ds);
}

int answers_parse(struct answers *a, const char *xml, size_t len, const struct names *names, bool strict,
		  struct diags *ds)
{
	struct reader r = { .a = a, .ds = ds, .names = names };
	unsigned before = ds->n, errors = ds->errors;
	struct xml_doc *doc;

	answers_defaults(a);
	a->password_type = PASSWORD_ASK;	/* as XenServer does without <root-password> */
	ds->strict = ds->strict || strict;
	if (len > ANSWERS_MAX_BYTES) {
		diag_error(ds, 0, 0, "the answer file has %zu bytes; at most %u are read", len, ANSWERS_MAX_BYTES);
		return -EINVAL;
	}
	doc = xml_read(xml, len, ds);
	if (doc)
		read_document(&r, doc);
	xml_free(doc);
	diags_sort(ds, before);
	return ds->errors != errors ? -EINVAL : 0;
}

const char *read_element_name(unsigned i)
{
	return i == 0 ? root_element.name : i <= ELEMENTS ? elements[i - 1].name : NULL;
}

const char *read_element_attr(unsigned i, unsigned k)
{
	const struct element *el = i == 0 ? &root_element : &elements[i - 1];

	return k < ATTRS ? el->attrs[k] : NULL;
}
