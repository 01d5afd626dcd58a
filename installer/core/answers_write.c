/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "answers.h"

#include <arpa/inet.h>
#include <string.h>

/* Text of XML: what would be markup is escaped. */
static void put(FILE *out, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		default: fputc(*s, out);
		}
}

static void attr(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	put(out, value);
	fputc('"', out);
}

static void element(FILE *out, const char *indent, const char *name, const char *text)
{
	fprintf(out, "%s<%s>", indent, name);
	put(out, text);
	fprintf(out, "</%s>\n", name);
}

static void write_disks(const struct answers *a, FILE *out)
{
	static const char *const keep[PRESERVE_MAX] = { NULL, "yes", "no" };

	fputs("  <primary-disk", out);
	if (!a->guest_storage)
		attr(out, "guest-storage", "no");
	if (*a->mirror.name)
		attr(out, "swraid", "yes");
	if (keep[a->preserve_first])
		attr(out, "preserve-first-partition", keep[a->preserve_first]);
	if (*a->confirm_serial)
		attr(out, "confirm-serial", a->confirm_serial);
	fputc('>', out);
	put(out, a->primary.name);
	if (*a->mirror.name) {
		fputc(',', out);
		put(out, a->mirror.name);
	}
	fputs("</primary-disk>\n", out);
	for (unsigned i = 0; i < a->guest_disks; i++)
		element(out, "  ", "guest-disk", a->guest_disk[i].name);
}

static void write_addresses(const struct answers *a, FILE *out)
{
	struct in_addr mask = { htonl(a->prefix ? UINT32_MAX << (32 - a->prefix) : 0) };
	char text[64];

	if (a->ipv4 == IPV4_STATIC) {
		element(out, "    ", "ip", a->address);
		element(out, "    ", "subnet-mask", inet_ntop(AF_INET, &mask, text, sizeof(text)));
		if (*a->gateway)
			element(out, "    ", "gateway", a->gateway);
	}
	if (a->ipv6 == IPV6_STATIC) {
		snprintf(text, sizeof(text), "%s/%u", a->address6, a->prefix6);
		element(out, "    ", "ipv6", text);
		if (*a->gateway6)
			element(out, "    ", "gatewayv6", a->gateway6);
	}
}

static void write_network(const struct answers *a, FILE *out)
{
	char vlan[16];

	fputs("  <admin-interface", out);
	if (a->bond == BOND_NONE && *a->nic[0].name)
		attr(out, "name", a->nic[0].name);
	if (a->bond == BOND_NONE && *a->nic[0].mac)
		attr(out, "hwaddr", a->nic[0].mac);
	attr(out, "proto", ipv4_mode_text[a->ipv4]);
	if (a->ipv6 != IPV6_NONE)
		attr(out, "protov6", ipv6_mode_text[a->ipv6]);
	snprintf(vlan, sizeof(vlan), "%u", a->vlan);
	if (a->vlan)
		attr(out, "vlan", vlan);
	fputs(">\n", out);
	if (a->bond != BOND_NONE) {
		fprintf(out, "    <bond mode=\"%s\">\n", bond_mode_text[a->bond]);
		for (unsigned i = 0; i < a->nics; i++)
			element(out, "      ", "nic", *a->nic[i].mac ? a->nic[i].mac : a->nic[i].name);
		fputs("    </bond>\n", out);
	}
	write_addresses(a, out);
	fputs("  </admin-interface>\n", out);
	for (unsigned i = 0; i < a->dns_n; i++)
		element(out, "  ", "name-server", a->dns[i]);
	fprintf(out, "  <ntp source=\"%s\"/>\n", ntp_source_text[a->ntp_source]);
	for (unsigned i = 0; i < a->ntp_n; i++)
		element(out, "  ", "ntp-server", a->ntp[i]);
}

static void write_system(const struct answers *a, FILE *out)
{
	static const char *const type[PASSWORD_TYPE_MAX] = { "hash", "plaintext", "hash", "hash" };
	const char *password = a->password_type == PASSWORD_NONE ? "!" : a->password_type == PASSWORD_ASK ? "!!" : a->password.text;

	element(out, "  ", "hostname", a->hostname);
	fprintf(out, "  <root-password type=\"%s\">", type[a->password_type]);
	put(out, password);
	fputs("</root-password>\n", out);
	element(out, "  ", "timezone", a->timezone);
	element(out, "  ", "keymap", a->keymap);
	element(out, "  ", "language", a->language);
	for (unsigned i = 0; i < a->ssh_keys; i++)
		element(out, "  ", "ssh-key", a->ssh_key[i]);
	fprintf(out, "  <service name=\"sshd\" state=\"%s\"/>\n", a->ssh == SSH_ON ? "enabled" : "disabled");
}

static void write_run(const struct answers *a, FILE *out)
{
	for (unsigned i = 0; i < a->scripts; i++) {
		fprintf(out, "  <script stage=\"%s\"%s>", script_stage_text[a->script[i].stage], a->script[i].may_fail ? " may-fail=\"yes\"" : "");
		put(out, a->script[i].url);
		fputs("</script>\n", out);
	}
	if (*a->report_url) {
		fputs("  <report", out);
		attr(out, "url", a->report_url);
		fputs("/>\n", out);
	}
	if (a->confirm)
		fputs("  <ui-confirmation-prompt>yes</ui-confirmation-prompt>\n", out);
	fputs("  <source type=\"local\"/>\n", out);
}

void answers_write(const struct answers *a, FILE *out)
{
	fprintf(out, "<?xml version=\"1.0\"?>\n<installation mode=\"%s\" sr-type=\"%s\">\n", install_mode_text[a->mode],
		storage_type_text[a->storage]);
	write_disks(a, out);
	if (a->mode != MODE_UPGRADE) {
		write_network(a, out);
		write_system(a, out);
	}
	write_run(a, out);
	fputs("</installation>\n", out);
}
