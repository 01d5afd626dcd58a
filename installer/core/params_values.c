/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "params_values.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "names.h"
#include "text.h"
#include "url.h"
#include "values.h"

static bool one_of(const char *value, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp(value, *words))
			return true;
	return false;
}

int param_mode(const char *value, struct err *e)
{
	static const char *const words[] = { "install", "live", "rescue", "check", "host", NULL };

	for (unsigned i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return 0;
	return err_set(e, -EINVAL, "write install, live, rescue, check or host");
}

int param_atexit(const char *value, struct err *e)
{
	static const char *const words[] = { "reboot", "poweroff", "shell", NULL };

	for (unsigned i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return 0;
	return err_set(e, -EINVAL, "`%.60s` is unknown; write reboot, poweroff or shell", value);
}

int param_language(const char *value, struct err *e)
{
	if (!strcmp(value, "en") || !strcmp(value, "ko"))
		return 0;
	return err_set(e, -EDOM, "`%.60s` is unknown; there are en and ko; English is taken", value);
}

int param_keymap(const char *value, struct err *e)
{
	if (text_only(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"))
		return 0;
	return err_set(e, -EDOM, "`%.60s` is no name of a keymap; us is taken", value);
}

/* What switches it off asks for nothing. */
int param_multipath(const char *value, struct err *e)
{
	static const char *const off[] = { "disabled", "false", "0", "no", NULL };

	return one_of(value, off) ? 0 : err_set(e, -EDOM, "not off");
}

int param_answerfile(const char *value, struct err *e)
{
	char full[URL_BYTES], shown[200];
	int rc;

	url_shown(value, shown, sizeof(shown));
	if (strncmp(value, "http://", 7) != 0 && strncmp(value, "https://", 8) != 0 && strncmp(value, "file:///", 8) != 0)
		return err_set(e, -EINVAL, "`%s`: write http://..., https://... or file:///PATH", shown);
	rc = url_expand(value, NULL, full, e);
	return rc ? err_prefix(e, "`%s`: ", shown) : 0;
}

int param_sshkey(const char *value, struct err *e)
{
	static const char *const starts[] = { "http://", "https://", "file:///", "ssh-", "ecdsa-", "sk-", NULL };

	for (unsigned i = 0; starts[i]; i++)
		if (!strncmp(value, starts[i], strlen(starts[i])))
			return 0;
	return err_set(e, -EDOM, "neither a URL nor a public key (ssh-ed25519%%20AAAA...)");
}

static bool is_eth(const char *s)
{
	return !strncmp(s, "eth", 3) && text_only(s + 3, "0123456789") && strlen(s) < 7;
}

int param_network_device(const char *value, struct err *e)
{
	char mac[18];

	if (!strcmp(value, "all") || is_eth(value) || (strchr(value, ':') && text_mac(value, mac)))
		return 0;
	return err_set(e, -EINVAL, "`%.60s`: write ethN, a MAC address or all", value);
}

/* 0000:00:03.0, 00:03.0, either with [N] behind it for one of several ports */
static bool is_pci(const char *s)
{
	char text[32], *bracket;
	unsigned a, b, c;
	int end = 0;

	if (!text_copy(text, sizeof(text), s))
		return false;
	bracket = strchr(text, '[');
	if (bracket) {
		size_t n = strlen(bracket);

		if (n < 3 || bracket[n - 1] != ']' || strspn(bracket + 1, "0123456789") != n - 2)
			return false;
		*bracket = 0;
	}
	if (strspn(text, "0123456789abcdef:.") != strlen(text))
		return false;
	if (sscanf(text, "%*4x:%2x:%2x.%1x%n", &a, &b, &c, &end) == 3 && end && !text[end])
		return c < 8;
	end = 0;
	return sscanf(text, "%2x:%2x.%1x%n", &a, &b, &c, &end) == 3 && end && !text[end] && c < 8;
}

int param_map_netdev(const char *value, struct err *e)
{
	const char *colon = strchr(value, ':'), *what = colon ? colon + 1 : "";
	char nic[16] = "", mac[18];

	if (colon && colon - value < (long)sizeof(nic))
		snprintf(nic, sizeof(nic), "%.*s", (int)(colon - value), value);
	if (!strncmp(what, "s:", 2) || !strncmp(what, "d:", 2))
		what += 2;
	if ((is_eth(nic) || (*nic && strlen(nic) < 4 && text_only(nic, "0123456789"))) && ((strchr(what, ':') && text_mac(what, mac)) || is_pci(what)))
		return 0;
	return err_set(e, -EINVAL, "`%.80s`: write ethN:s:MAC or ethN:s:PCI, as eth0:s:52:54:00:12:34:56", value);
}

/* ---- network_config ---- */

struct config {
	bool is_static, ip, netmask;
};

static int check_dns(char *list, struct err *e)
{
	char *save = NULL, server[46];
	int rc = 0;

	for (char *s = strtok_r(list, ",", &save); s && !rc; s = strtok_r(NULL, ",", &save))
		rc = value_server(s, server, e);
	return rc;
}

static int config_word(struct config *c, char *word, struct err *e)
{
	static const char *const keys[] = { "ip", "netmask", "gateway", "dns", "domain", "vlan", NULL };
	char *value = strchr(word, '='), address[16], name[254];
	const char *near;
	unsigned n;
	int rc;

	if (value)
		*value++ = 0;
	if (!value || (!c->is_static && strcmp(word, "vlan") != 0)) {
		near = names_nearest_of(keys, word);
		return err_set(e, -EINVAL, "`%.40s` does not belong into %s%s%s%s", word, c->is_static ? "static" : "dhcp",
			       !value && near ? "; did you mean " : "", !value && near ? near : "", !value && near ? "=?" : "");
	}
	if (!strcmp(word, "ip")) {
		c->ip = true;
		rc = value_ipv4(value, address, e);
	} else if (!strcmp(word, "netmask")) {
		c->netmask = true;
		rc = *value == '/' ? err_set(e, -EINVAL, "write it without `/`") : value_netmask(value, &n, e);
	} else if (!strcmp(word, "gateway")) {
		rc = value_ipv4(value, address, e);
	} else if (!strcmp(word, "dns")) {
		rc = check_dns(value, e);
	} else if (!strcmp(word, "domain")) {
		rc = value_hostname(value, name, e);
	} else if (!strcmp(word, "vlan")) {
		rc = value_vlan(value, &n, e);
	} else {
		near = names_nearest_of(keys, word);
		return err_set(e, -EINVAL, "%.40s= is unknown%s%s%s", word, near ? "; did you mean " : "; there are ip, netmask, gateway, dns, domain and vlan",
			       near ? near : "", near ? "=?" : "");
	}
	return rc ? err_prefix(e, "%s=%.60s: ", word, value) : 0;
}

int param_network_config(const char *value, struct err *e)
{
	struct config c = { .is_static = !strncmp(value, "static:", 7) };
	char text[1024], *save = NULL;
	int rc = 0;

	if (!strcmp(value, "dhcp"))
		return 0;
	if (!c.is_static && strncmp(value, "dhcp:", 5) != 0)
		return err_set(e, -EINVAL, "`%.60s`: write dhcp, dhcp:vlan=N or static:ip=A;netmask=M;gateway=G;dns=D", value);
	text_copy(text, sizeof(text), strchr(value, ':') + 1);
	for (char *w = strtok_r(text, ";", &save); w && !rc; w = strtok_r(NULL, ";", &save))
		rc = config_word(&c, w, e);
	if (!rc && c.is_static && !c.ip)
		rc = err_set(e, -EINVAL, "static needs ip=");
	if (!rc && c.is_static && !c.netmask)
		rc = err_set(e, -EDOM, "no netmask=; 255.255.255.0 is taken");
	return rc;
}
