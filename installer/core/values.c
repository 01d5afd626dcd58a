/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answers.h"
#include "text.h"

static int number(const char *text, unsigned low, unsigned high, unsigned *ret)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || n < low || n > high)
		return -EINVAL;
	*ret = (unsigned)n;
	return 0;
}

int value_vlan(const char *text, unsigned *ret, struct err *e)
{
	return number(text, 1, 4094, ret) ? err_set(e, -EINVAL, "a number from 1 to 4094 is expected") : 0;
}

int value_ipv4(const char *text, char ret[16], struct err *e)
{
	uint32_t a;

	if (!text_ipv4(text, &a) || a >> 24 == 0 || a >> 24 == 127 || a >> 28 >= 0xe)
		return err_set(e, -EINVAL, "an IPv4 address is expected");
	text_copy(ret, 16, text);
	return 0;
}

int value_netmask(const char *text, unsigned *ret_prefix, struct err *e)
{
	if (!text_netmask(text, ret_prefix) && number(*text == '/' ? text + 1 : text, 1, 31, ret_prefix))
		return err_set(e, -EINVAL, "a netmask is expected");
	return 0;
}

int value_ipv6(const char *text, char ret[46], struct err *e)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		return err_set(e, -EINVAL, "an IPv6 address is expected");
	inet_ntop(AF_INET6, &a, ret, 46);
	return 0;
}

int value_ipv6_prefix(const char *text, char ret[46], unsigned *ret_prefix, struct err *e)
{
	char address[46];
	const char *slash = strchr(text, '/');

	if (!slash || slash - text > 45 || number(slash + 1, 4, 128, ret_prefix))
		return err_set(e, -EINVAL, "ADDRESS/LENGTH is expected");
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	return value_ipv6(address, ret, e);
}

int value_server(const char *text, char ret[46], struct err *e)
{
	char v4[16];

	if (value_ipv4(text, v4, e) && value_ipv6(text, ret, e))
		return e->code;
	text_copy(ret, 46, text);
	return 0;
}

int value_hostname(const char *text, char ret[254], struct err *e)
{
	if (!text_is_hostname(text))
		return err_set(e, -EINVAL, "a host name is expected");
	text_copy(ret, 254, text);
	return 0;
}

int value_ntp_server(const char *text, char ret[254], struct err *e)
{
	return value_hostname(text, ret, e);
}

int value_ssh_key(const char *text, char ret[1024], struct err *e)
{
	if (strncmp(text, "ssh-", 4) != 0 || !strchr(text, ' ') || !text_copy(ret, 1024, text))
		return err_set(e, -EINVAL, "a public key is expected");
	return 0;
}

int value_password(const char *text, struct err *e)
{
	return strlen(text) < 6 ? err_set(e, -EINVAL, "at least 6 characters are expected") : 0;
}

int value_url(const char *text, char ret[1024], struct err *e)
{
	if ((strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0 && strncmp(text, "file://", 7) != 0) || !text_copy(ret, 1024, text))
		return err_set(e, -EINVAL, "a URL is expected");
	return 0;
}

unsigned password_strength(const char *text)
{
	return strlen(text) < 8 ? 0 : strlen(text) < 12 ? 1 : 2;
}

void answers_check(const struct answers *a, struct diags *ds)
{
	(void)a, (void)ds;
}

void answers_write(const struct answers *a, FILE *out)
{
	fprintf(out, "<installation mode=\"%s\" srtype=\"%s\">\n", install_mode_text[a->mode], storage_type_text[a->storage]);
	fprintf(out, "  <primary-disk guest-storage=\"%s\">%s</primary-disk>\n", a->guest_storage ? "yes" : "no", a->primary.name);
	for (unsigned i = 0; i < a->guest_disks; i++)
		fprintf(out, "  <guest-disk>%s</guest-disk>\n", a->guest_disk[i].name);
	fprintf(out, "  <admin-interface name=\"%s\" hwaddr=\"%s\" proto=\"%s\">\n", a->nic[0].name, a->nic[0].mac, ipv4_mode_text[a->ipv4]);
	if (a->ipv4 == IPV4_STATIC) {
		struct in_addr mask = { htonl(UINT32_MAX << (32 - a->prefix)) };

		fprintf(out, "    <ipaddr>%s</ipaddr>\n    <subnet>%s</subnet>\n", a->address, inet_ntoa(mask));
		if (*a->gateway)
			fprintf(out, "    <gateway>%s</gateway>\n", a->gateway);
	}
	fprintf(out, "  </admin-interface>\n");
	for (unsigned i = 0; i < a->dns_n; i++)
		fprintf(out, "  <name-server>%s</name-server>\n", a->dns[i]);
	for (unsigned i = 0; i < a->ntp_n; i++)
		fprintf(out, "  <ntp-server>%s</ntp-server>\n", a->ntp[i]);
	fprintf(out, "  <hostname>%s</hostname>\n  <timezone>%s</timezone>\n  <keymap>%s</keymap>\n", a->hostname, a->timezone, a->keymap);
	if (a->password_type == PASSWORD_HASH)
		fprintf(out, "  <root-password type=\"hash\">%s</root-password>\n", a->password.text);
	fprintf(out, "  <source type=\"local\"/>\n</installation>\n");
}
