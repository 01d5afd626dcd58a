/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CHAP. A line of SECRETS is TARGET USER SECRET. open-iscsi makes its record of a target anew whenever it looks what a portal offers, so
 * both are written into that before each login: there, and not among iscsiadm's arguments, which are seen by whoever is on the host.
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "hostconf.h"
#include "iscsi_chap.h"
#include "sys/file.h"

#define FOLDER "/state/iscsi"
#define SECRETS FOLDER "/chap"
#define RECORDS FOLDER "/nodes/%s/*/*"
#define FILE_MAX (256 << 10)
#define LONGEST 255		/* of user and secret, as in open-iscsi */

/* The file, if there is one, without the lines that begin so, and with more at its end. */
static int rewrite(const char *path, const char *begin, const char *more, struct err *e)
{
	char *old = NULL, *new = NULL;
	size_t n = 0, len = 0;
	int rc = file_read(path, FILE_MAX, &old, &n, e);
	FILE *out;

	if (rc && rc != -ENOENT)
		return rc;
	e->code = 0;
	out = open_memstream(&new, &len);
	for (char *p = old, *next; out && p && *p; p = next) {
		next = strchrnul(p, '\n');
		next += *next == '\n';
		if (strncmp(p, begin, strlen(begin)) != 0)
			fwrite(p, 1, (size_t)(next - p), out);
	}
	if (out)
		fputs(more, out);
	if (!out || fclose(out))
		rc = err_set(e, -ENOMEM, "no memory");
	else
		rc = file_replace(path, new, len, 0600, e);
	if (old)
		explicit_bzero(old, n);
	if (new)
		explicit_bzero(new, len);
	free(old);
	free(new);
	return rc;
}

static bool is_word(const char *text)
{
	size_t n = strlen(text);

	for (const char *p = text; *p; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	return n > 0 && n <= LONGEST;
}

static int secrets_line(const char *target, const char *line, struct err *e)
{
	char path[256], begin[CHAP_TARGET + 1];

	snprintf(begin, sizeof(begin), "%s ", target);
	return rewrite(host_path(path, sizeof(path), SECRETS), begin, line, e);
}

int chap_remember(const char *target, const char *user, const char *secret, struct err *e)
{
	char path[256], line[CHAP_TARGET + 2 * LONGEST + 4];
	int rc;

	if (!is_word(user) || !is_word(secret))
		return err_set(e, COMMAND_REFUSED, "%s of CHAP is 1 to %d letters, digits and signs without a blank", is_word(user) ? "a secret" : "a user",
			       LONGEST);
	if (mkdir(host_path(path, sizeof(path), FOLDER), 0700) < 0 && errno != EEXIST)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	snprintf(line, sizeof(line), "%s %s %s\n", target, user, secret);
	rc = secrets_line(target, line, e);
	explicit_bzero(line, sizeof(line));
	return rc;
}

void chap_forget(const char *target)
{
	struct err ignored;
	char path[256];

	if (access(host_path(path, sizeof(path), SECRETS), F_OK) == 0)
		secrets_line(target, "", &ignored);
}

/* What is remembered of the target; NULL: nothing. */
struct known {
	char *text, *user, *secret;
	size_t n;
};

static void look(const char *target, struct known *ret)
{
	size_t length = strlen(target);
	struct err ignored;
	char path[256];

	*ret = (struct known){ 0 };
	if (file_read(host_path(path, sizeof(path), SECRETS), FILE_MAX, &ret->text, &ret->n, &ignored))
		return;
	for (char *p = ret->text, *end; *p && !ret->secret; p = end) {
		end = strchrnul(p, '\n');
		if (*end)
			*end++ = 0;
		if (strncmp(p, target, length) != 0 || p[length] != ' ')
			continue;
		ret->user = p + length + 1;
		ret->secret = strchr(ret->user, ' ');
		if (ret->secret)
			*ret->secret++ = 0;
	}
}

static void wipe(struct known *k)
{
	if (k->text)
		explicit_bzero(k->text, k->n);
	free(k->text);
}

bool chap_known(const char *target)
{
	struct known k;

	look(target, &k);
	wipe(&k);
	return k.secret;
}

int chap_apply(const char *target, struct err *e)
{
	char pattern[CHAP_TARGET + 40], path[CHAP_TARGET + 200], more[2 * LONGEST + 200];
	glob_t records = { 0 };
	struct known k;
	int rc = 0;

	look(target, &k);
	if (k.secret) {
		snprintf(more, sizeof(more), "node.session.auth.authmethod = CHAP\nnode.session.auth.username = %s\n"
			 "node.session.auth.password = %s\n", k.user, k.secret);
		snprintf(pattern, sizeof(pattern), RECORDS, target);
		if (!glob(host_path(path, sizeof(path), pattern), 0, NULL, &records))
			for (size_t i = 0; i < records.gl_pathc && !rc; i++)
				rc = rewrite(records.gl_pathv[i], "node.session.auth.", more, e);
		globfree(&records);
		explicit_bzero(more, sizeof(more));
	}
	wipe(&k);
	return rc;
}
