/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of a host: names, passwords, keys, addresses of files. Networks: values_net.c; disks: values_disk.c. */
#include "values.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "zones.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool has_control(const char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			return true;
	return false;
}

int value_yes_no(const char *text, bool *ret, struct err *e)
{
	bool yes = !strcasecmp(text, "yes") || !strcasecmp(text, "true");

	if (!yes && strcasecmp(text, "no") != 0 && strcasecmp(text, "false") != 0)
		return err_set(e, -EINVAL, "`%.60s` is neither yes nor no", text);
	*ret = yes;
	return 0;
}

int value_hostname(const char *text, char ret[254], struct err *e)
{
	uint32_t address;

	if (!text_is_hostname(text))
		return err_set(e, -EINVAL, "`%.60s` is not a host name (letters, digits and hyphens)", text);
	if (text_ipv4(text, &address))
		return err_set(e, -EINVAL, "`%.60s` is an address, not a host name", text);
	text_copy(ret, 254, text);
	return 0;
}

int value_memory(const char *text, unsigned *ret_mib, struct err *e)
{
	size_t digits = strspn(text, DIGITS);
	bool gib = !strcmp(text + digits, "G");
	unsigned long mib;

	if (!digits || digits > 6 || (!gib && strcmp(text + digits, "M") != 0))
		return err_set(e, -EINVAL, "`%.40s` is not an amount of memory; write 768M or 2G", text);
	mib = strtoul(text, NULL, 10) * (gib ? 1024 : 1);
	if (mib < 384 || mib > 65536)
		return err_set(e, -EINVAL, "%s is not within 384M and 64G", text);
	*ret_mib = (unsigned)mib;
	return 0;
}

int value_vcpus(const char *text, unsigned *ret, struct err *e)
{
	unsigned long n = strtoul(text, NULL, 10);

	if (!text_only(text, DIGITS) || strlen(text) > 3 || n < 1 || n > 128)
		return err_set(e, -EINVAL, "`%.40s` is not a number of processors from 1 to 128", text);
	*ret = (unsigned)n;
	return 0;
}

/* The error for a name that is in no list, with the one that was probably meant. */
static int unknown_name(struct err *e, const char *what, const char *text, const char *like, const char *nearest)
{
	if (nearest)
		return err_set(e, -EINVAL, "there is no %s `%.60s`; did you mean `%s`?", what, text, nearest);
	return err_set(e, -EINVAL, "there is no %s `%.60s`; write one like %s", what, text, like);
}

int value_timezone(const char *text, const struct names *names, char ret[64], struct err *e)
{
	const char *now;

	if (!text_only(text, LETTERS DIGITS "/_+-") || *text == '/' || *text == '-' || strlen(text) > 63)
		return err_set(e, -EINVAL, "`%.60s` is not a time zone like Europe/Berlin", text);
	if (!names || names_has(&names->timezones, text)) {
		text_copy(ret, 64, text);
		return 0;
	}
	now = zone_renamed(text);
	if (now && names_has(&names->timezones, now)) {
		text_copy(ret, 64, now);
		return 0;
	}
	return unknown_name(e, "time zone", text, "Europe/Berlin", zone_nearest(&names->timezones, text));
}

int value_keymap(const char *text, const struct names *names, char ret[64], struct err *e)
{
	if (!text_only(text, LETTERS DIGITS "_-") || *text == '-' || strlen(text) > 63)
		return err_set(e, -EINVAL, "`%.60s` is not a keymap's name like us or de", text);
	if (names && !names_has(&names->keymaps, text))
		return unknown_name(e, "keymap", text, "us or de", names_nearest(&names->keymaps, text));
	text_copy(ret, 64, text);
	return 0;
}

int value_language(const char *text, char ret[16], struct err *e)
{
	static const char *const languages[] = { "en", "ko", NULL };

	for (unsigned i = 0; languages[i]; i++)
		if (!strcmp(text, languages[i])) {
			text_copy(ret, 16, text);
			return 0;
		}
	return err_set(e, -EINVAL, "there is no language `%.60s`; write en or ko", text);
}

/* -1 for characters that are not of base64 */
static int base64_digit(char c)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(set, c) : NULL;

	return p ? (int)(p - set) : -1;
}

/* Decodes n characters; returns the number of bytes, at most size, or -1. */
static int base64_decode(const char *s, size_t n, uint8_t *buf, size_t size)
{
	unsigned bits = 0, have = 0;
	size_t out = 0;

	while (n && s[n - 1] == '=')
		n--;
	for (size_t i = 0; i < n; i++) {
		int d = base64_digit(s[i]);

		if (d < 0)
			return -1;
		bits = (bits << 6 | (unsigned)d) & 0xffffff;
		have += 6;
		if (have >= 8 && out < size) {
			have -= 8;
			buf[out++] = (uint8_t)(bits >> have);
		}
	}
	return (int)out;
}

static const struct key_type {
	const char *name;
	unsigned fields;	/* the name is one of them */
	unsigned key, size;	/* which one is the key, and its bytes; 0: they vary */
} key_types[] = {
	{ "ssh-ed25519", 2, 1, 32 }, { "ssh-rsa", 3, 2, 0 }, { "ecdsa-sha2-nistp256", 3, 2, 65 },
	{ "ecdsa-sha2-nistp384", 3, 2, 97 }, { "ecdsa-sha2-nistp521", 3, 2, 133 },
	{ "sk-ssh-ed25519@openssh.com", 3, 1, 32 }, { "sk-ecdsa-sha2-nistp256@openssh.com", 4, 2, 65 },
};

static const struct key_type *key_type_find(const char *s, size_t n)
{
	for (unsigned i = 0; i < sizeof(key_types) / sizeof(key_types[0]); i++)
		if (strlen(key_types[i].name) == n && !strncmp(s, key_types[i].name, n))
			return &key_types[i];
	return NULL;
}

/*
 * The key's bytes are fields, each with its length before it, and the first is the name of the type (RFC 4253 6.6, RFC
 * 5656 3.1, RFC 8709 4): a line that was cut or mixed up is found here.
 */
static bool key_is_whole(const char *blob, size_t n, const struct key_type *t)
{
	uint8_t bytes[1024];
	int got = base64_decode(blob, n, bytes, sizeof(bytes));
	size_t left = got < 0 ? 0 : (size_t)got, len;
	const uint8_t *p = bytes;
	unsigned i;

	for (i = 0; left >= 4; i++, p += len, left -= len) {
		len = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
		p += 4;
		left -= 4;
		if (len == 0 || len > left || (i == 0 && (len != strlen(t->name) || memcmp(p, t->name, len) != 0)) ||
		    (i == t->key && t->size && len != t->size))
			return false;
	}
	return n % 4 == 0 && left == 0 && i == t->fields;
}

/* The options that may stand before the type: no blanks but in quotes. */
static const char *key_skip_options(const char *s)
{
	bool quoted = false;

	for (; *s && (quoted || !isspace((unsigned char)*s)); s++)
		if (*s == '"')
			quoted = !quoted;
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

int value_ssh_key(const char *text, char ret[1024], struct err *e)
{
	size_t type_n = strcspn(text, " \t");
	const char *type = text, *blob;
	const struct key_type *t;

	if (strstr(text, "PRIVATE KEY"))
		return err_set(e, -EINVAL, "this is a private key; never hand it out: write the public one, the line in the file that ends with .pub");
	if (has_control(text))
		return err_set(e, -EINVAL, "a public SSH key is one line");
	if (!strncmp(text, "ssh-dss ", 8))
		return err_set(e, -EINVAL, "DSA keys are taken by no SSH server of today; make one with ssh-keygen -t ed25519");
	t = key_type_find(type, type_n);
	if (!t) {
		type = key_skip_options(text);
		type_n = strcspn(type, " \t");
		t = key_type_find(type, type_n);
	}
	if (!t)
		return err_set(e, -EINVAL, "not a public SSH key like `ssh-ed25519 AAAA... name`");
	blob = type + type_n + strspn(type + type_n, " \t");
	if (strlen(text) >= 1024)
		return err_set(e, -EINVAL, "the public SSH key has more than 1023 characters");
	if (!key_is_whole(blob, strcspn(blob, " \t"), t))
		return err_set(e, -EINVAL, "the public SSH key is damaged or cut off");
	text_copy(ret, 1024, text);
	return 0;
}

int value_password(const char *text, struct err *e)
{
	if (has_control(text))
		return err_set(e, -EINVAL, "a password has no control characters");
	if (strlen(text) < 6)
		return err_set(e, -EINVAL, "a password has at least 6 characters");
	if (strlen(text) > 127)
		return err_set(e, -EINVAL, "a password has at most 127 characters");
	return 0;
}

/* crypt(5): the methods that are fit for use, and how many characters the hash itself has. */
static const struct hash_method {
	const char *prefix;
	size_t n;
	bool joined;		/* salt and hash are one word */
} hash_methods[] = {
	{ "$y$", 43, false }, { "$gy$", 43, false }, { "$7$", 43, false }, { "$6$", 86, false }, { "$5$", 43, false },
	{ "$1$", 22, false }, { "$2a$", 53, true }, { "$2b$", 53, true }, { "$2y$", 53, true },
};

int value_password_hash(const char *text, struct err *e)
{
	const char *last = strrchr(text, '$');

	for (unsigned i = 0; i < sizeof(hash_methods) / sizeof(hash_methods[0]); i++) {
		const struct hash_method *m = &hash_methods[i];
		size_t prefix = strlen(m->prefix);

		if (strncmp(text, m->prefix, prefix) != 0)
			continue;
		/* A parameter or salt stands before the hash, or the last `$` is the method's own. */
		if (last < text + prefix || strlen(last + 1) != m->n || !text_only(text, LETTERS DIGITS "./$,=-") || strlen(text) > 400)
			return err_set(e, -EINVAL, "the crypt(5) hash is damaged or cut off: after the last $ a hash of the kind %s has %zu characters",
				       m->prefix, m->n);
		return 0;
	}
	return err_set(e, -EINVAL, "not a crypt(5) hash like $y$... or $6$...; make one with mkpasswd");
}

/* Names of schemes up to `:` that people try. */
static bool url_has_scheme(const char *text, const char *scheme)
{
	size_t n = strlen(scheme);

	return !strncasecmp(text, scheme, n) && !strncmp(text + n, "://", 3);
}

int value_url(const char *text, char ret[1024], struct err *e)
{
	static const char *const refused[] = { "ftp", "ftps", "tftp", "nfs", "smb", "cifs", "scp", "sftp" };
	const char *rest;

	for (const char *p = text; *p; p++)
		if (!isgraph((unsigned char)*p))
			return err_set(e, -EINVAL, "a URL has neither blanks nor characters outside of ASCII; write %%20 for a blank");
	if (strlen(text) >= 1024)
		return err_set(e, -EINVAL, "a URL has at most 1023 characters");
	for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (url_has_scheme(text, refused[i]))
			return err_set(e, -EINVAL, "%s:// is not supported; put the file on a web server, or on the medium (file:///run/dolmen/medium/...)",
				       refused[i]);
	if (!strncmp(text, "file:///", 8) && text[8]) {
		text_copy(ret, 1024, text);
		return 0;
	}
	rest = url_has_scheme(text, "http") ? text + 7 : url_has_scheme(text, "https") ? text + 8 : NULL;
	if (!rest || !*rest || strchr("/:?#@", *rest))
		return err_set(e, -EINVAL, "not a URL like https://server/path or file:///path");
	text_copy(ret, 1024, text);
	for (char *p = ret; *p != ':'; p++)
		*p = (char)tolower((unsigned char)*p);
	return 0;
}

/* Those that guessing begins with; also with digits behind them. */
static bool password_is_common(const char *text)
{
	static const char *const common[] = { "password", "passw0rd", "p@ssw0rd", "xenroot", "xenserver", "dolmen", "admin",
					      "administrator", "root", "secret", "welcome", "letmein", "qwerty", "qwertz",
					      "changeme", "test", "iloveyou", "citrix", "vmware", "hypervisor" };

	for (unsigned i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		size_t n = strlen(common[i]);

		if (!strncasecmp(text, common[i], n) && strspn(text + n, DIGITS "!.?*#$@-_") == strlen(text + n))
			return true;
	}
	return false;
}

/* Characters that are no repetition and no next one of a row (aaa, abc, 321) count. */
static unsigned password_effective_length(const char *text)
{
	unsigned n = 0;

	for (size_t i = 0; text[i]; i++) {
		int step = i ? text[i] - text[i - 1] : 99;

		if (step < -1 || step > 1)
			n++;
	}
	return n;
}

unsigned password_strength(const char *text)
{
	unsigned kinds = 0, n = password_effective_length(text);

	kinds += text[strcspn(text, "abcdefghijklmnopqrstuvwxyz")] != 0;
	kinds += text[strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != 0;
	kinds += text[strcspn(text, DIGITS)] != 0;
	kinds += text[strspn(text, LETTERS DIGITS)] != 0;
	if (password_is_common(text) || n < 8)
		return 0;
	if (n >= 14 || (n >= 9 && strlen(text) >= 12 && kinds >= 2) || (n >= 10 && kinds >= 3))
		return 2;
	return n >= 10 || kinds >= 2 ? 1 : 0;
}
