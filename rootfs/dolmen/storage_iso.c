/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library: the folder `iso` of each pool that has files. */
#include "iso.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ask.h"
#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "pool_virt.h"
#include "spec.h"
#include "sys/file.h"
#include "sys/run.h"

#define MIB (UINT64_C(1024) * 1024)
#define FOLDER "iso"

static void path_of(const struct pool *p, const char *name, char ret[ISO_PATH])
{
	snprintf(ret, ISO_PATH, "%s/" FOLDER "%s%s", p->folder, *name ? "/" : "", name);
}

static int check_name(const char *name, struct err *e)
{
	return strchr(name, '/') || *name == '.' || strlen(name) > 100 || strpbrk(name, "'\"<>&") || !*name ?
	       err_set(e, COMMAND_REFUSED, "`%.60s` is not the name of an ISO: no `/`, quotes or `.` at its beginning", name) : 0;
}

int iso_find(const char *name, char ret_path[ISO_PATH], struct err *e)
{
	struct pools all;

	if (check_name(name, e) || pool_list(&all, e))
		return e->code;
	for (unsigned i = 0; i < all.n; i++) {
		if (!pool_has_files(&all.p[i]) || !pool_is_up(&all.p[i]))
			continue;
		path_of(&all.p[i], name, ret_path);
		if (!access(ret_path, R_OK))
			return 0;
	}
	return err_set(e, COMMAND_REFUSED, "there is no ISO `%.60s`; see: dolmen storage iso list", name);
}

int iso_resolve(char path[ISO_PATH], struct err *e)
{
	char name[ISO_PATH];

	if (!*path || *path == '/')
		return 0;
	if (strchr(path, '/'))
		return err_set(e, COMMAND_REFUSED, "--cdrom %.100s: write the whole path, from /, or the name of an ISO in a pool", path);
	strcpy(name, path);
	return iso_find(name, path, e);
}

static void list_pool(const struct pool *p, struct json *j, const struct call *c)
{
	char path[ISO_PATH], size[32];
	struct dirent **names;
	struct stat st;
	int n;

	path_of(p, "", path);
	n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		path_of(p, names[i]->d_name, path);
		if (names[i]->d_name[0] != '.' && !stat(path, &st) && S_ISREG(st.st_mode) && c->json) {
			json_object(j, NULL);
			json_text(j, "name", names[i]->d_name);
			json_text(j, "pool", p->name);
			json_text(j, "path", path);
			json_number(j, "bytes", (uint64_t)st.st_size);
			json_object_end(j);
		} else if (names[i]->d_name[0] != '.' && !stat(path, &st) && S_ISREG(st.st_mode)) {
			fprintf(c->out, "%-40s %-16s %10s\n", names[i]->d_name, p->name, text_size((uint64_t)st.st_size, size, sizeof(size)));
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static int list_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct pools all;
	int rc = pool_list(&all, e);

	if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-40s %-16s %10s\n", "NAME", "POOL", "SIZE");
	for (unsigned i = 0; i < all.n; i++)
		if (pool_has_files(&all.p[i]) && pool_is_up(&all.p[i]))
			list_pool(&all.p[i], &j, c);
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return rc;
}

/* The pool that was named, or the first with files. */
static int choose(const char *name, struct pool *ret, struct err *e)
{
	struct pools all;

	if (name && pool_open(name, ret, e))
		return e->code;
	if (name)
		return pool_has_files(ret) ? 0 : err_set(e, COMMAND_REFUSED, "pool %s has no files; an ISO wants a pool of kind ext or nfs", name);
	if (pool_list(&all, e))
		return e->code;
	for (unsigned i = 0; i < all.n; i++)
		if (pool_has_files(&all.p[i]) && pool_is_up(&all.p[i])) {
			*ret = all.p[i];
			return 0;
		}
	return err_set(e, COMMAND_REFUSED, "no pool has files; make one: dolmen storage add isos ext --in %s --size 8G", all.n ? all.p[0].name : "POOL");
}

/* What an ISO is made of: a file, `-`, a URL. */
struct origin {
	const char *text;
	bool url;
	int fd;			/* -1: of a URL */
	uint64_t bytes;		/* 0: nobody knows before the end */
};

/* An ISO 9660 file system, or UDF's bridge to one, has its name at this place. */
static int check_iso(int fd, const char *what, struct err *e)
{
	char mark[5];

	return pread(fd, mark, 5, 32769) != 5 || memcmp(mark, "CD001", 5) != 0 ?
	       err_set(e, COMMAND_REFUSED, "%.200s is not an ISO", what) : 0;
}

static int origin_open(struct origin *o, const char *text, struct err *e)
{
	struct stat st;

	*o = (struct origin){ .text = text, .fd = -1, .url = !strncmp(text, "http://", 7) || !strncmp(text, "https://", 8) };
	if (o->url)
		return 0;
	o->fd = strcmp(text, "-") ? open(text, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	if (o->fd < 0 || fstat(o->fd, &st) < 0)
		return err_set(e, COMMAND_REFUSED, "%.200s: %s", text, strerror(errno));
	if (!strcmp(text, "-"))
		return 0;
	o->bytes = (uint64_t)st.st_size;
	return S_ISREG(st.st_mode) ? check_iso(o->fd, text, e) : err_set(e, COMMAND_REFUSED, "%.200s is not an ISO", text);
}

static int copy(const struct origin *from, int to, const char *to_path, struct err *e)
{
	char *block = malloc(MIB);
	uint64_t at = 0;
	ssize_t n = 1;
	int rc = block ? 0 : err_set(e, -ENOMEM, "out of memory");

	while (!rc && n > 0) {
		n = read(from->fd, block, MIB);
		if (n < 0)
			rc = err_set(e, -errno, "%.200s: %s", from->text, strerror(errno));
		else if (command_stopped)
			rc = err_set(e, -EINTR, "%s: given up", to_path);
		else if (n > 0)
			rc = file_pwrite_all(to, block, (size_t)n, at, to_path, e);
		at += n > 0 ? (uint64_t)n : 0;
		if (isatty(STDERR_FILENO) && from->bytes)
			fprintf(stderr, "\rcopying: %3u %%", (unsigned)(at * 100 / from->bytes));
	}
	if (isatty(STDERR_FILENO))
		fputs("\r               \r", stderr);
	free(block);
	return rc;
}

static int fetch(const char *url, const char *path, struct err *e)
{
	struct log quiet = { .fd = -1 };

	return run_command(&quiet, (char *const[]){ (char *)"curl", (char *)"--fail", (char *)"--location", (char *)"--silent", (char *)"--show-error",
			   (char *)"--connect-timeout", (char *)"20", (char *)"--output", (char *)path, (char *)"--", (char *)url, NULL }, e);
}

/* Under a name that is not listed until it is whole. */
static int store(const struct origin *o, const struct pool *p, const char *name, struct err *e)
{
	char path[ISO_PATH], partial[ISO_PATH], hidden[128];
	int to, rc;

	path_of(p, "", path);
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	path_of(p, name, path);
	snprintf(hidden, sizeof(hidden), ".%s.partial", name);
	path_of(p, hidden, partial);
	to = open(partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (to < 0)
		return err_set(e, -errno, "%s: %s", partial, strerror(errno));
	rc = o->url ? fetch(o->text, partial, e) : copy(o, to, partial, e);
	if (!rc)
		rc = check_iso(to, o->text, e);
	if (!rc && (fsync(to) < 0 || rename(partial, path) < 0))
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	close(to);
	if (rc)
		unlink(partial);
	return rc;
}

static void print(const struct call *c, const char *name, const struct pool *p, const char *done)
{
	struct json j = { .out = c->out };

	if (!c->json) {
		fprintf(c->out, "%s was %s\n", name, done);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", name);
	if (p)
		json_text(&j, "pool", p->name);
	json_text(&j, "result", done);
	json_object_end(&j);
	json_end(&j);
}

static int add_run(struct call *c, struct err *e)
{
	const char *name = call_option(c, "name");
	char base[1024], path[ISO_PATH], want[32], have[32];
	struct err ignored = { 0 };
	struct statvfs fs;
	struct origin o;
	uint64_t room;
	struct pool p;
	int rc;

	text_copy(base, sizeof(base), c->argument[0]);
	name = name ? name : basename(base);
	if (!strcmp(name, "-"))
		return err_set(e, COMMAND_REFUSED, "what is it called? --name debian.iso");
	if (check_name(name, e) || choose(call_option(c, "storage"), &p, e))
		return e->code;
	if (!iso_find(name, path, &ignored))
		return err_set(e, COMMAND_REFUSED, "there is an ISO %s already (%s)", name, path);
	rc = origin_open(&o, c->argument[0], e);
	room = statvfs(p.folder, &fs) < 0 ? 0 : (uint64_t)fs.f_bavail * fs.f_frsize;
	if (!rc && o.bytes > room)
		rc = err_set(e, COMMAND_REFUSED, "%.200s has %s, in pool %s %s are free", o.text, text_size(o.bytes, want, sizeof(want)), p.name,
			     text_size(room, have, sizeof(have)));
	if (!rc) {
		command_begin();
		rc = store(&o, &p, name, e);
	}
	if (o.fd >= 0)
		close(o.fd);
	if (!rc)
		print(c, name, &p, "added");
	return rc;
}

static int remove_run(struct call *c, struct err *e)
{
	const char *name = c->argument[0];
	char path[ISO_PATH], quoted[ISO_PATH + 1];
	virConnectPtr conn = NULL;
	int rc = iso_find(name, path, e);

	snprintf(quoted, sizeof(quoted), "%s'", path);
	if (!rc && (virt_open(&conn, e) || virt_path_unused(conn, quoted, e) || (!call_option(c, "yes") && ask_yes(e, "Delete %s?", path))))
		rc = e->code;
	if (!rc && unlink(path) < 0)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	if (!rc)
		print(c, name, NULL, "deleted");
	if (conn)
		virConnectClose(conn);
	return rc;
}

static const struct option add_options[] = {
	{ "storage", "POOL", "the pool, of kind ext or nfs; the first of them when not given" },
	{ "name", "NAME", "another name than the file's" },
	{ 0 }
};
static const struct option remove_options[] = { { "yes", NULL, "do not ask" }, { 0 } };

const struct command command_storage_iso_list = { "storage iso list", "", "list the ISOs that machines can boot from",
	"They are the files in the folder `iso` of each pool of kind ext or nfs.\n", NULL, list_run };
const struct command command_storage_iso_add = { "storage iso add", "FILE", "copy an ISO into a pool",
	"FILE may be a URL, or - for the standard input: ssh root@HOST dolmen storage iso add - --name debian.iso <debian.iso\n"
	"Then: dolmen vm create NAME --cdrom ISO ...\n", add_options, add_run };
const struct command command_storage_iso_remove = { "storage iso remove", "ISO", "delete one that no machine uses", NULL, remove_options, remove_run };
