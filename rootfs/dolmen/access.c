/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "core/password.h"
#include "core/text.h"
#include "core/values.h"
#include "settings.h"
#include "sys/file.h"
#include "sys/run.h"

#define FILE_MAX (256 << 10)
#define KEYS "/state/root/.ssh/authorized_keys"
#define SSH_UNTIL "/run/dolmen/ssh-until"

/* Calls line with each line of the text, without its newline; the text is cut into them. */
static int each_line(char *text, int (*line)(void *user, char *text, struct err *e), void *user, struct err *e)
{
	int rc = 0;

	for (char *p = text, *next; !rc && p && *p; p = next) {
		next = strchr(p, '\n');
		if (next)
			*next++ = 0;
		rc = line(user, p, e);
	}
	return rc;
}

/* One line of shadow, root's with another hash. */
struct shadow {
	FILE *out;
	const char *hash;
};

static int shadow_line(void *user, char *line, struct err *e)
{
	const struct shadow *s = user;
	const char *rest;

	(void)e;
	if (strncmp(line, "root:", 5) != 0) {
		fprintf(s->out, "%s\n", line);
		return 0;
	}
	rest = strchr(line + 5, ':');
	fprintf(s->out, "root:%s%s\n", s->hash, rest ? rest : ":20000:0:99999:7:::");
	return 0;
}

static int write_shadow(const char *hash, struct err *e)
{
	char path[256], *text = NULL, *new = NULL;
	struct shadow s = { .hash = hash };
	size_t n, len = 0;
	int rc = file_read(host_path(path, sizeof(path), "/state/etc/shadow"), FILE_MAX, &text, &n, e);

	if (rc)
		return rc;
	s.out = open_memstream(&new, &len);
	if (s.out)
		each_line(text, shadow_line, &s, e);
	if (!s.out || fclose(s.out))
		rc = err_set(e, -ENOMEM, "out of memory");
	if (!rc && !len)
		rc = err_set(e, -EINVAL, "%s is empty", path);
	if (!rc)
		rc = file_replace(path, new, len, 0600, e);
	explicit_bzero(text, n);
	if (new)
		explicit_bzero(new, len);
	free(text);
	free(new);
	return rc;
}

int access_password(const char *text, struct err *e)
{
	struct secret s = { 0 };
	int rc;

	if (value_password(text, e))
		return e->code = COMMAND_REFUSED;
	text_copy(s.text, sizeof(s.text), text);
	rc = password_hash(&s, NULL, e);
	if (!rc)
		rc = write_shadow(s.text, e);
	explicit_bzero(&s, sizeof(s));
	/* Whether the server offers passwords depends on there being one. */
	return rc ? rc : steps_run("75-ssh.sh", e);
}

/* Where the key's base64 begins, behind options and type; NULL: this is no key's line. */
static const char *key_blob(const char *line, const char **ret_type)
{
	bool quoted = false;

	for (const char *p = line; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		if (quoted || (p != line && p[-1] != ' ' && p[-1] != '\t'))
			continue;
		if (!strncmp(p, "ssh-", 4) || !strncmp(p, "ecdsa-", 6) || !strncmp(p, "sk-", 3)) {
			*ret_type = p;
			p += strcspn(p, " \t");
			return p + strspn(p, " \t");
		}
	}
	return NULL;
}

static bool key_read(const char *line, struct access_key *ret)
{
	const char *type, *blob = key_blob(line, &type), *comment;
	unsigned char raw[2048], hash[EVP_MAX_MD_SIZE];
	size_t n = blob ? strcspn(blob, " \t") : 0;
	unsigned len = 0;
	int got;

	if (!n || n > 2600 || n % 4)
		return false;
	got = EVP_DecodeBlock(raw, (const unsigned char *)blob, (int)n);
	for (const char *p = blob + n; got > 0 && p > blob && p[-1] == '='; p--)
		got--;
	if (got <= 0 || !EVP_Digest(raw, (size_t)got, hash, &len, EVP_sha256(), NULL))
		return false;
	*ret = (struct access_key){ .fingerprint = "SHA256:" };
	EVP_EncodeBlock((unsigned char *)ret->fingerprint + 7, hash, (int)len);
	ret->fingerprint[strcspn(ret->fingerprint, "=")] = 0;
	snprintf(ret->type, sizeof(ret->type), "%.*s", (int)strcspn(type, " \t"), type);
	comment = blob + n + strspn(blob + n, " \t");
	text_copy(ret->comment, sizeof(ret->comment), comment);
	return true;
}

static int keys_line(void *user, char *line, struct err *e)
{
	struct access_keys *k = user;

	(void)e;
	text_trim(line);
	if (k->n < ACCESS_KEYS && *line != '#' && key_read(line, &k->key[k->n]))
		k->n++;
	return 0;
}

/* The file's text, "" when there is none; the caller frees. */
static int keys_text(char **ret, struct err *e)
{
	char path[256];
	size_t n;
	int rc = file_read(host_path(path, sizeof(path), KEYS), FILE_MAX, ret, &n, e);

	if (rc != -ENOENT)
		return rc;
	*ret = calloc(1, 1);
	return *ret ? 0 : err_set(e, -ENOMEM, "out of memory");
}

int access_keys(struct access_keys *ret, struct err *e)
{
	char *text = NULL;
	int rc = keys_text(&text, e);

	ret->n = 0;
	if (!rc)
		each_line(text, keys_line, ret, e);
	free(text);
	return rc;
}

static void take_key(void *user, const char *line)
{
	struct access_keys *k = user;

	if (k->n < ACCESS_KEYS && key_read(line, &k->key[k->n]))
		k->n++;
}

int access_host_keys(struct access_keys *ret, struct err *e)
{
	static const char *const types[] = { "ed25519", "ecdsa" };	/* as 75-ssh.sh makes them */
	struct log quiet = { .fd = -1 };
	char name[64], path[256];

	ret->n = 0;
	for (unsigned i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "/state/etc/dropbear/host_key_%s", types[i]);
		if (access(host_path(path, sizeof(path), name), F_OK) == 0 &&
		    run_command_lines(&quiet, (char *const[]){ (char *)"dropbearkey", (char *)"-y", (char *)"-f", path, NULL }, take_key, ret, e))
			return e->code;
	}
	return ret->n ? 0 : err_set(e, COMMAND_REFUSED, "this host has no SSH key yet: `dolmen set ssh on` makes it");
}

int access_key_add(const char *line, struct err *e)
{
	static const char *const folders[] = { "/state/root", "/state/root/.ssh" };
	char path[256], whole[1024], *text = NULL, *new = NULL;
	struct access_keys k;
	struct access_key one;
	int rc = access_keys(&k, e), n;

	if (rc)
		return rc;
	if (value_ssh_key(line, whole, e))
		return e->code = COMMAND_REFUSED;
	if (!key_read(whole, &one))
		return err_set(e, COMMAND_REFUSED, "not a public SSH key");
	for (unsigned i = 0; i < k.n; i++)
		if (!strcmp(k.key[i].fingerprint, one.fingerprint))
			return err_set(e, COMMAND_REFUSED, "this key is there already (%s)", *k.key[i].comment ? k.key[i].comment : one.fingerprint);
	if (k.n == ACCESS_KEYS)
		return err_set(e, COMMAND_REFUSED, "there are %u keys already; remove one first", k.n);
	for (unsigned i = 0; i < 2; i++)
		if (mkdir(host_path(path, sizeof(path), folders[i]), 0700) < 0 && errno != EEXIST)
			return err_set(e, -errno, "%s: %s", path, strerror(errno));
	rc = keys_text(&text, e);
	if (rc)
		return rc;
	n = asprintf(&new, "%s%s%s\n", text, *text && text[strlen(text) - 1] != '\n' ? "\n" : "", whole);
	free(text);
	if (n < 0)
		return err_set(e, -ENOMEM, "out of memory");
	rc = file_replace(host_path(path, sizeof(path), KEYS), new, (size_t)n, 0600, e);
	free(new);
	return rc;
}

/* The lines of a file without one key. */
struct without {
	FILE *out;
	const char *fingerprint;
};

static int without_line(void *user, char *line, struct err *e)
{
	const struct without *w = user;
	struct access_key k;

	(void)e;
	if (*line == '#' || !key_read(line, &k) || strcmp(k.fingerprint, w->fingerprint) != 0)
		fprintf(w->out, "%s\n", line);
	return 0;
}

/* The one key that is meant. */
static int key_find(const struct access_keys *k, const char *which, const struct access_key **ret, struct err *e)
{
	unsigned long number = text_only(which, "0123456789") && strlen(which) < 6 ? strtoul(which, NULL, 10) : 0;

	*ret = NULL;
	for (unsigned i = 0; i < k->n; i++) {
		if (i + 1 != number && strcmp(k->key[i].fingerprint, which) != 0 && strcmp(k->key[i].comment, which) != 0)
			continue;
		if (*ret)
			return err_set(e, COMMAND_REFUSED, "more than one key is `%.60s`; name its fingerprint", which);
		*ret = &k->key[i];
	}
	return *ret ? 0 : err_set(e, COMMAND_REFUSED, "there is no key `%.60s`; `dolmen key list` shows them", which);
}

int access_key_remove(const char *which, struct err *e)
{
	char path[256], *text = NULL, *new = NULL;
	const struct access_key *one;
	struct access_keys k;
	struct without w;
	size_t len = 0;
	int rc = access_keys(&k, e);

	if (!rc)
		rc = key_find(&k, which, &one, e);
	if (!rc)
		rc = keys_text(&text, e);
	if (rc)
		return rc;
	w = (struct without){ open_memstream(&new, &len), one->fingerprint };
	if (w.out)
		each_line(text, without_line, &w, e);
	free(text);
	if (!w.out || fclose(w.out))
		rc = err_set(e, -ENOMEM, "out of memory");
	else
		rc = file_replace(host_path(path, sizeof(path), KEYS), new, len, 0600, e);
	free(new);
	return rc;
}

/* Since the boot, as /proc/uptime counts. */
static unsigned long long now(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (unsigned long long)t.tv_sec;
}

int access_ssh_for(unsigned seconds, struct err *e)
{
	const char *off = "off";
	char path[256], until[32];
	struct hostconf h;
	int rc = hostconf_edit(&h, e);

	if (!rc)
		rc = hostconf_set(&h, "ssh", &off, 1, e);
	if (!rc)
		rc = hostconf_write(&h, e);
	hostconf_close(&h);
	if (rc)
		return rc;
	snprintf(until, sizeof(until), "%llu\n", now() + seconds);
	rc = file_write(host_path(path, sizeof(path), SSH_UNTIL), until, strlen(until), 0600, e);
	return rc ? rc : setting_apply(setting_find("ssh", e), e);
}

unsigned access_ssh_left(void)
{
	unsigned long long until;
	char path[256], text[32];

	if (!file_read_line(host_path(path, sizeof(path), SSH_UNTIL), text, sizeof(text)))
		return 0;
	until = strtoull(text, NULL, 10);
	return until > now() ? (unsigned)(until - now()) : 0;
}

void access_ssh_unlimited(void)
{
	char path[256];

	unlink(host_path(path, sizeof(path), SSH_UNTIL));
}
