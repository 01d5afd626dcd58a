/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool.h"

#include <fcntl.h>
#include <mntent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "spec.h"
#include "sys/run.h"

#define W (char *)	/* run_command() takes what it does not change */
#define ANSWER_MS 5000

const char *const pool_kind_text[POOL_KIND_MAX] = { "thin", "lvm", "ext", "nfs" };

static struct log quiet = { .fd = -1 };

static const char *root(void)
{
	const char *r = getenv("DOLMEN_ROOT");

	return r ? r : "";
}

/* What stands behind the name: KIND and its words; words=N are those that a kind has at least. */
static int parse_kind(struct pool *ret, const char *text, struct err *e)
{
	static const unsigned least[POOL_KIND_MAX] = { 2, 1, 1, 1 };
	char copy[1024], *word[8], *save = NULL;
	unsigned n = 0, kind = 0;

	if (!text_copy(copy, sizeof(copy), text))
		return err_set(e, COMMAND_REFUSED, "this is too long");
	for (char *w = strtok_r(copy, " ", &save); w && n < 8; w = strtok_r(NULL, " ", &save))
		word[n++] = w;
	while (n && kind < POOL_KIND_MAX && strcmp(word[0], pool_kind_text[kind]) != 0)
		kind++;
	if (!n || kind == POOL_KIND_MAX)
		return err_set(e, COMMAND_REFUSED, "there is no kind `%.60s`; kinds are thin, lvm, ext, nfs", n ? word[0] : "");
	if (n - 1 < least[kind])
		return err_set(e, COMMAND_REFUSED, "kind %s wants %u words more", word[0], least[kind]);
	ret->kind = (enum pool_kind)kind;
	if (pool_has_files(ret)) {
		text_copy(ret->source, sizeof(ret->source), word[1]);
	} else {
		text_copy(ret->group, sizeof(ret->group), word[1]);
		text_copy(ret->thin, sizeof(ret->thin), kind == POOL_THIN ? word[2] : "");
	}
	for (unsigned i = least[kind] + 1; i < n; i++) {
		if (!strncmp(word[i], "iscsi=", 6) && kind != POOL_NFS)
			text_copy(ret->iscsi, sizeof(ret->iscsi), word[i] + 6);
		else if (kind == POOL_NFS && i == 2)
			text_copy(ret->options, sizeof(ret->options), word[i]);
		else
			return err_set(e, COMMAND_REFUSED, "`%.60s` says nothing here", word[i]);
	}
	return 0;
}

int pool_parse(struct pool *ret, const char *value, struct err *e)
{
	size_t len = strcspn(value, " ");

	*ret = (struct pool){ 0 };
	if (len >= sizeof(ret->name))
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a pool's name: %zu letters at most", value, sizeof(ret->name) - 1);
	memcpy(ret->name, value, len);
	if (spec_name(ret->name, e))
		return e->code;
	snprintf(ret->folder, sizeof(ret->folder), "%s/storage/%s", root(), ret->name);
	return parse_kind(ret, value + len, e) ? err_prefix(e, "pool %s: ", ret->name) : 0;
}

void pool_write(const struct pool *p, char *buf, size_t size)
{
	snprintf(buf, size, "%s %s %s%s%s%s%s%s%s", p->name, pool_kind_text[p->kind], pool_has_files(p) ? p->source : p->group,
		 *p->thin ? " " : "", p->thin, *p->options ? " " : "", p->options, *p->iscsi ? " iscsi=" : "", p->iscsi);
}

/* What the installer made; false: nothing. */
static bool take_local(struct pool *ret, const char *value)
{
	struct err ignored = { 0 };
	char line[512];

	snprintf(line, sizeof(line), POOL_LOCAL " %s", value);
	if (pool_parse(ret, line, &ignored))
		return false;
	snprintf(ret->folder, sizeof(ret->folder), "%s/storage", root());
	return true;
}

int pool_list(struct pools *ret, struct err *e)
{
	char path[256], line[1024];
	struct err ignored;
	FILE *f;

	(void)e;
	ret->n = 0;
	snprintf(path, sizeof(path), "%s/state/host.conf", root());
	f = fopen(path, "re");
	/* A line that cannot be understood, the boot step tells of. */
	for (int local = 1; f && local >= 0; local--, rewind(f))
		while (fgets(line, sizeof(line), f) && ret->n < POOLS) {
			line[strcspn(line, "\n")] = 0;
			if (local && !strncmp(line, "storage=", 8))
				ret->n += !ret->n && take_local(&ret->p[0], line + 8);
			else if (!local && !strncmp(line, "pool=", 5))
				ret->n += !pool_parse(&ret->p[ret->n], line + 5, &ignored);
		}
	if (f)
		fclose(f);
	return 0;
}

int pool_open(const char *name, struct pool *ret, struct err *e)
{
	struct pools all;
	int rc = pool_list(&all, e);

	if (!rc && !all.n)
		return err_set(e, COMMAND_REFUSED, "this host has no storage for guests; make some: dolmen storage add");
	for (unsigned i = 0; i < all.n && !rc; i++) {
		if (name && strcmp(all.p[i].name, name) != 0)
			continue;
		*ret = all.p[i];
		return pool_is_up(ret) ? 0 : err_set(e, COMMAND_REFUSED, "pool %s is not there now; see: dolmen storage list", ret->name);
	}
	return rc ? rc : err_set(e, COMMAND_REFUSED, "there is no storage pool `%.60s`; see: dolmen storage list", name);
}

/* A file system of a server that is gone holds who asks for ever: a child asks. */
static bool answers(const char *folder)
{
	struct pollfd p = { .events = POLLIN };
	struct statvfs fs;
	int fds[2], status = 1;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	child = fork();
	if (child == 0)
		_exit(statvfs(folder, &fs) < 0);	/* which closes the pipe */
	close(fds[1]);
	p.fd = fds[0];
	if (child > 0 && poll(&p, 1, ANSWER_MS) <= 0)
		kill(child, SIGKILL);
	close(fds[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	return child > 0 && WIFEXITED(status) && !WEXITSTATUS(status);
}

bool pool_is_mounted(const struct pool *p)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool found = false;

	while (f && (m = getmntent(f)))
		found = !strcmp(m->mnt_dir, p->folder) || found;
	if (f)
		endmntent(f);
	return found;
}

bool pool_is_up(const struct pool *p)
{
	struct err ignored;
	char name[160];

	/* The installer's own is mounted, or the folder cannot be written. */
	if (pool_has_files(p))
		return (!strcmp(p->name, POOL_LOCAL) || pool_is_mounted(p)) && answers(p->folder);
	snprintf(name, sizeof(name), "%s%s%s", p->group, *p->thin ? "/" : "", p->thin);
	return !run_command(&quiet, (char *const[]){ W(*p->thin ? "lvs" : "vgs"), W"--noheadings", name, NULL }, &ignored);
}

struct promised {
	const char *thin;
	uint64_t bytes;
};

static void add_promised(void *user, const char *line)
{
	struct promised *p = user;
	unsigned long long size;
	char thin[64];

	if (sscanf(line, "%63s %llu", thin, &size) == 2 && !strcmp(thin, p->thin))
		p->bytes += size;
}

static int measure_thin(const struct pool *p, struct pool_usage *ret, struct err *e)
{
	struct promised promised = { .thin = p->thin };
	double data = 0, metadata = 0;
	unsigned long long size = 0;
	char name[160], said[200];
	int rc;

	snprintf(name, sizeof(name), "%s/%s", p->group, p->thin);
	rc = run_command_last(&quiet, (char *const[]){ W"lvs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o",
			W"lv_size,data_percent,metadata_percent", name, NULL }, said, sizeof(said), e);
	if (!rc && sscanf(said, "%llu %lf %lf", &size, &data, &metadata) < 1)
		rc = err_set(e, -1, "lvs says of %s: %.100s", name, said);
	ret->total_bytes = size;
	ret->free_bytes = (uint64_t)((double)size * (100 - data) / 100);
	ret->data_percent = (unsigned)data;
	ret->metadata_percent = (unsigned)metadata;
	if (!rc)
		rc = run_command_lines(&quiet, (char *const[]){ W"lvs", W"--noheadings", W"--nosuffix", W"--units", W"b",
				W"--select", W"pool_lv!=\"\"", W"-o", W"pool_lv,lv_size", W p->group, NULL }, add_promised, &promised, e);
	ret->promised_bytes = promised.bytes;
	return rc;
}

int pool_measure(const struct pool *p, struct pool_usage *ret, struct err *e)
{
	unsigned long long size = 0, room = 0;
	struct statvfs fs;
	char said[200];
	int rc;

	*ret = (struct pool_usage){ 0 };
	if (p->kind == POOL_THIN)
		return measure_thin(p, ret, e);
	if (pool_has_files(p)) {
		if (!pool_is_up(p) || statvfs(p->folder, &fs) < 0)
			return err_set(e, -1, "%s cannot be measured", p->folder);
		ret->total_bytes = (uint64_t)fs.f_blocks * fs.f_frsize;
		ret->free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
		return 0;
	}
	rc = run_command_last(&quiet, (char *const[]){ W"vgs", W"--noheadings", W"--nosuffix", W"--units", W"b", W"-o", W"vg_size,vg_free",
			W p->group, NULL }, said, sizeof(said), e);
	if (!rc && sscanf(said, "%llu %llu", &size, &room) != 2)
		rc = err_set(e, -1, "vgs says of %s: %.100s", p->group, said);
	ret->total_bytes = size;
	ret->free_bytes = room;
	return rc;
}
