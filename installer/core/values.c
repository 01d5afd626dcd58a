/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static int number(const char *text, unsigned low, unsigned high, unsigned *ret)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || n < low || n > high)
		return -EINVAL;
	*ret = (unsigned)n;
	return 0;
}

int value_yes_no(const char *text, bool *ret, struct err *e)
{
	bool yes = !strcasecmp(text, "yes") || !strcasecmp(text, "true");

	if (!yes && strcasecmp(text, "no") != 0 && strcasecmp(text, "false") != 0)
		return err_set(e, -EINVAL, "write yes or no");
	*ret = yes;
	return 0;
}

int value_disk_name(const char *text, char ret[256], struct err *e)
{
	if (!*text)
		return err_set(e, -EINVAL, "name a disk: sda, /dev/sda, /dev/disk/by-id/..., serial:..., wwn:..., model:... or size:...");
	for (const char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return err_set(e, -EINVAL, "a disk's name has no control characters");
	if (!strncmp(text, "iscsi:", 6))
		return err_set(e, -EINVAL, "disks on iSCSI are not supported; name a disk of this machine");
	if (!text_copy(ret, 256, text))
		return err_set(e, -EINVAL, "a disk's name has at most 255 characters");
	return 0;
}

int value_nic_name(const char *text, char ret[32], struct err *e)
{
	if (strncmp(text, "eth", 3) != 0 || !text_only(text + 3, "0123456789") || strlen(text) > 6)
		return err_set(e, -EINVAL, "interfaces are eth0, eth1, ... in the order of their PCI addresses");
	text_copy(ret, 32, text);
	return 0;
}

int value_mac(const char *text, char ret[18], struct err *e)
{
	return text_mac(text, ret) ? 0 : err_set(e, -EINVAL, "write an Ethernet address like 52:54:00:12:34:56");
}

int value_vlan(const char *text, unsigned *ret, struct err *e)
{
	return number(text, 1, 4094, ret) ? err_set(e, -EINVAL, "write a number from 1 to 4094") : 0;
}

int value_ipv4(const char *text, char ret[16], struct err *e)
{
	uint32_t a;

	if (!text_ipv4(text, &a))
		return err_set(e, -EINVAL, "write an IPv4 address like 192.0.2.10");
	if (a >> 24 == 0 || a >> 24 == 127 || a >> 28 >= 0xe)
		return err_set(e, -EINVAL, "that is not the address of a host");
	text_copy(ret, 16, text);
	return 0;
}

int value_netmask(const char *text, unsigned *ret_prefix, struct err *e)
{
	unsigned n;

	if ((!text_netmask(text, &n) && number(*text == '/' ? text + 1 : text, 1, 31, &n)) || n < 1 || n > 31)
		return err_set(e, -EINVAL, "write a netmask like 255.255.255.0, or a length like 24");
	*ret_prefix = n;
	return 0;
}

int value_ipv6(const char *text, char ret[46], struct err *e)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		return err_set(e, -EINVAL, "write an IPv6 address like 2001:db8::10");
	if (IN6_IS_ADDR_UNSPECIFIED(&a) || IN6_IS_ADDR_LOOPBACK(&a) || IN6_IS_ADDR_MULTICAST(&a))
		return err_set(e, -EINVAL, "that is not the address of a host");
	inet_ntop(AF_INET6, &a, ret, 46);
	return 0;
}

int value_ipv6_prefix(const char *text, char ret[46], unsigned *ret_prefix, struct err *e)
{
	const char *slash = strchr(text, '/');
	char address[46];

	if (!slash || slash - text > 45 || number(slash + 1, 4, 128, ret_prefix))
		return err_set(e, -EINVAL, "write an address and its length, like 2001:db8::10/64");
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	return value_ipv6(address, ret, e);
}

int value_server(const char *text, char ret[46], struct err *e)
{
	char v4[16];

	if (strchr(text, ':'))
		return value_ipv6(text, ret, e);
	if (value_ipv4(text, v4, e))
		return e->code;
	text_copy(ret, 46, v4);
	return 0;
}

int value_hostname(const char *text, char ret[254], struct err *e)
{
	if (!text_is_hostname(text))
		return err_set(e, -EINVAL, "write a host name of letters, digits and hyphens, like host1 or host1.example.org");
	text_copy(ret, 254, text);
	return 0;
}

int value_ntp_server(const char *text, char ret[254], struct err *e)
{
	char v6[46];

	if (!text_is_hostname(text) && value_ipv6(text, v6, e))
		return err_set(e, -EINVAL, "write a host name or an address");
	text_copy(ret, 254, text);
	return 0;
}

static int listed_name(const char *text, const struct name_list *l, const char *what, const char *example, char *ret, size_t size,
		       struct err *e)
{
	const char *near;

	if (!text_only(text, LETTERS "/_+-") || *text == '/' || *text == '-' || !text_copy(ret, size, text))
		return err_set(e, -EINVAL, "write a %s like %s", what, example);
	if (!l || names_has(l, text))
		return 0;
	near = names_nearest(l, text);
	if (near)
		return err_set(e, -EINVAL, "there is no such %s; did you mean %s?", what, near);
	return err_set(e, -EINVAL, "there is no such %s; write one like %s", what, example);
}

int value_timezone(const char *text, const struct names *names, char ret[64], struct err *e)
{
	return listed_name(text, names ? &names->timezones : NULL, "time zone", "Europe/Berlin", ret, 64, e);
}

int value_keymap(const char *text, const struct names *names, char ret[64], struct err *e)
{
	return listed_name(text, names ? &names->keymaps : NULL, "keymap", "us or de", ret, 64, e);
}

int value_language(const char *text, char ret[16], struct err *e)
{
	if (strcmp(text, "en") != 0 && strcmp(text, "ko") != 0)
		return err_set(e, -EINVAL, "write en or ko");
	text_copy(ret, 16, text);
	return 0;
}

int value_ssh_key(const char *text, char ret[1024], struct err *e)
{
	static const char *const types[] = { "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
					     "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com",
					     "sk-ecdsa-sha2-nistp256@openssh.com", NULL };
	const char *blank = strchr(text, ' ');
	size_t n = blank ? (size_t)(blank - text) : 0, key;

	if (strstr(text, "PRIVATE KEY"))
		return err_set(e, -EINVAL, "that is a private key; keep it secret and give the public one, of the file that ends in .pub");
	for (const char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return err_set(e, -EINVAL, "a public key is one line without control characters");
	for (unsigned i = 0; n && types[i]; i++) {
		if (strncmp(text, types[i], n) != 0 || types[i][n])
			continue;
		key = strspn(blank + 1, LETTERS "+/=");
		if (key < 32 || (blank[1 + key] && blank[1 + key] != ' '))
			break;
		if (!text_copy(ret, 1024, text))
			return err_set(e, -EINVAL, "a public key has at most 1023 characters");
		return 0;
	}
	return err_set(e, -EINVAL, "write a public key like `ssh-ed25519 AAAA... name`");
}

int value_password(const char *text, struct err *e)
{
	if (strlen(text) < 6)
		return err_set(e, -EINVAL, "a password has at least 6 characters");
	for (const char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return err_set(e, -EINVAL, "a password has no control characters");
	return 0;
}

int value_password_hash(const char *text, struct err *e)
{
	if (*text != '$' || !text_only(text, LETTERS "./$,=+-_") || strlen(text) < 20)
		return err_set(e, -EINVAL, "write a crypt(5) hash like $y$... or $6$...");
	return 0;
}

int value_url(const char *text, char ret[1024], struct err *e)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://", "file:///" };
	bool known = false;

	for (unsigned i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		known = known || (!strncmp(text, schemes[i], strlen(schemes[i])) && text[strlen(schemes[i])]);
	if (!strncmp(text, "nfs:", 4))
		return err_set(e, -EINVAL, "NFS is not read by the installer; offer the file by http");
	if (!known)
		return err_set(e, -EINVAL, "write a URL like https://server/path or file:///path");
	for (const char *p = text; *p; p++)
		if (isspace((unsigned char)*p) || iscntrl((unsigned char)*p))
			return err_set(e, -EINVAL, "a URL has no blanks; write %%20");
	if (!text_copy(ret, 1024, text))
		return err_set(e, -EINVAL, "a URL has at most 1023 characters");
	return 0;
}

unsigned password_strength(const char *text)
{
	bool lower = false, upper = false, digit = false, other = false;
	unsigned kinds, different = 0;
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		lower = lower || islower(c);
		upper = upper || isupper(c);
		digit = digit || isdigit(c);
		other = other || !isalnum(c);
		different += !memchr(text, c, i);
	}
	kinds = (unsigned)lower + upper + digit + other;
	if (n >= 12 ? different >= 8 : n >= 10 && kinds >= 3 && different >= 7)
		return 2;
	return n >= 8 && (kinds >= 2 || n >= 12) && different >= 5;
}
