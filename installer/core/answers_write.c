/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer file that says the same. */
#include "answers.h"

#include <string.h>

#include "password.h"
#include "xml_write.h"

static void write_disks(const struct answers *a, FILE *out)
{
	const char *name = a->mode == MODE_UPGRADE ? "existing-installation" : "primary-disk";

	fprintf(out, "  <%s", name);
	if (a->mode == MODE_FRESH) {
		xml_attr(out, "guest-storage", a->guest_storage ? "yes" : "no");
		if (a->preserve_first != PRESERVE_IF_UTILITY)
			xml_attr(out, "preserve-first-partition", preserve_first_text[a->preserve_first]);
	}
	xml_attr(out, "swraid", *a->mirror.name ? "yes" : "");
	xml_attr(out, "confirm-serial", a->confirm_serial);
	fputc('>', out);
	xml_put(out, a->primary.name);
	if (*a->mirror.name) {
		fputc(',', out);
		xml_put(out, a->mirror.name);
	}
	fprintf(out, "</%s>\n", name);
	for (unsigned i = 0; i < a->guest_disks; i++)
		xml_element(out, "  ", "guest-disk", a->guest_disk[i].name);
}

static void write_nic(const struct answer_nic *n, FILE *out)
{
	xml_attr(out, "name", n->name);
	xml_attr(out, "hwaddr", n->mac);
}

static void write_bond(const struct answers *a, FILE *out)
{
	fprintf(out, "    <bond mode=\"%s\">\n", bond_mode_text[a->bond]);
	for (unsigned i = 0; i < a->nics; i++) {
		fputs("      <nic", out);
		write_nic(&a->nic[i], out);
		fputs("/>\n", out);
	}
	fputs("    </bond>\n", out);
}

static void write_addresses(const struct answers *a, FILE *out)
{
	uint32_t mask = a->prefix ? UINT32_MAX << (32 - a->prefix) : 0;
	char text[64];

	if (a->ipv4 == IPV4_STATIC) {
		xml_element(out, "    ", "ip", a->address);
		fprintf(out, "    <subnet-mask>%u.%u.%u.%u</subnet-mask>\n", mask >> 24, mask >> 16 & 255, mask >> 8 & 255, mask & 255);
		xml_element(out, "    ", "gateway", a->gateway);
	}
	if (a->ipv6 == IPV6_STATIC) {
		snprintf(text, sizeof(text), "%s/%u", a->address6, a->prefix6);
		xml_element(out, "    ", "ipv6", text);
		xml_element(out, "    ", "gatewayv6", a->gateway6);
	}
}

static void write_network(const struct answers *a, FILE *out)
{
	fputs("  <admin-interface", out);
	if (a->bond == BOND_NONE)
		write_nic(&a->nic[0], out);
	xml_attr(out, "proto", ipv4_mode_text[a->ipv4]);
	if (a->ipv6 != IPV6_NONE)
		xml_attr(out, "protov6", ipv6_mode_text[a->ipv6]);
	if (a->vlan)
		fprintf(out, " vlan=\"%u\"", a->vlan);
	fputs(">\n", out);
	if (a->bond != BOND_NONE)
		write_bond(a, out);
	write_addresses(a, out);
	fputs("  </admin-interface>\n", out);
	for (unsigned i = 0; i < a->dns_n; i++)
		xml_element(out, "  ", "name-server", a->dns[i]);
	fprintf(out, "  <ntp source=\"%s\"/>\n", ntp_source_text[a->ntp_source]);
	for (unsigned i = 0; i < a->ntp_n; i++)
		xml_element(out, "  ", "ntp-server", a->ntp[i]);
}

/* A password in plain text is not written: the console asks for one then. */
static void write_password(const struct answers *a, FILE *out)
{
	const char *text = a->password_type == PASSWORD_HASH ? a->password.text : a->password_type == PASSWORD_NONE ? "!" : "!!";

	fputs("  <root-password type=\"hash\">", out);
	xml_put(out, text);
	fputs("</root-password>\n", out);
}

static void write_host(const struct answers *a, FILE *out)
{
	xml_element(out, "  ", "hostname", a->hostname);
	xml_element(out, "  ", "timezone", a->timezone);
	xml_element(out, "  ", "keymap", a->keymap);
	xml_element(out, "  ", "language", a->language);
	write_password(a, out);
	xml_element(out, "  ", "ssh-mode", a->ssh == SSH_ON ? "on" : "off");
	for (unsigned i = 0; i < a->ssh_keys; i++)
		xml_element(out, "  ", "ssh-key", a->ssh_key[i]);
}

static void write_dom0(const struct answers *a, FILE *out)
{
	if (!a->dom0_memory_mib && !a->dom0_vcpus)
		return;
	fputs("  <dom0", out);
	if (a->dom0_memory_mib)
		fprintf(out, " memory=\"%uM\"", a->dom0_memory_mib);
	if (a->dom0_vcpus)
		fprintf(out, " vcpus=\"%u\"", a->dom0_vcpus);
	fputs("/>\n", out);
}

static void write_run(const struct answers *a, FILE *out)
{
	for (unsigned i = 0; i < a->scripts; i++) {
		const struct answer_script *s = &a->script[i];

		fprintf(out, "  <script stage=\"%s\" type=\"url\"%s>", script_stage_text[s->stage], s->may_fail ? " may-fail=\"yes\"" : "");
		xml_put(out, s->url);
		fputs("</script>\n", out);
	}
	if (*a->report_url) {
		fputs("  <report", out);
		xml_attr(out, "url", a->report_url);
		fputs("/>\n", out);
	}
	if (a->confirm)
		fputs("  <ui-confirmation-prompt>true</ui-confirmation-prompt>\n", out);
}

void answers_write(const struct answers *a, FILE *out)
{
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<installation mode=\"%s\"", install_mode_text[a->mode]);
	if (a->mode == MODE_FRESH)
		xml_attr(out, "sr-type", storage_type_text[a->storage]);
	fputs(">\n", out);
	write_disks(a, out);
	if (a->mode != MODE_UPGRADE) {
		write_network(a, out);
		write_host(a, out);
		write_dom0(a, out);
	}
	write_run(a, out);
	fputs("  <source type=\"local\"/>\n</installation>\n", out);
}

char *answers_text(const struct answers *a, size_t *ret_len)
{
	static struct answers copy;
	struct err e = { 0 };
	char *text = NULL;
	FILE *out = NULL;

	copy = *a;
	if (copy.password_type == PASSWORD_PLAINTEXT && !password_hash(&copy.password, NULL, &e))
		copy.password_type = PASSWORD_HASH;
	if (!e.code)
		out = open_memstream(&text, ret_len);
	if (out) {
		answers_write(&copy, out);
		if (fclose(out))
			text = NULL;
	}
	explicit_bzero(&copy, sizeof(copy));
	return text;
}
