/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "facts.h"
#include "pool.h"
#include "receive.h"
#include "spec.h"
#include "storage.h"
#include "sys/file.h"
#include "virt.h"

#define DISKS 24

struct receiver {
	virConnectPtr conn;
	FILE *in, *out;
	char name[SPEC_NAME], uuid[VIR_UUID_STRING_BUFLEN];
	struct pool pool;
	bool keep;
	struct disk {
		int fd;			/* -1: not made */
		uint64_t bytes;
		char name[VOLUME_NAME], path[VOLUME_PATH];
		struct err failed;	/* since the last SYNC */
	} disk[DISKS];
	char block[RECEIVE_BLOCK];
};

static int take_name(struct receiver *r, char *words, char *ret, struct err *e)
{
	char cpu[FACT];
	virDomainPtr d;

	if (sscanf(words, "%50s %36s", r->name, r->uuid) != 2 || spec_name(r->name, e))
		return e->code ? e->code : err_set(e, -1, "`%.60s`: not NAME UUID", words);
	d = virDomainLookupByName(r->conn, r->name);
	if (!d)
		d = virDomainLookupByUUIDString(r->conn, r->uuid);
	if (d) {
		if (virt_is_arriving(d))
			err_set(e, COMMAND_REFUSED, "an attempt to move `%s` here broke off; try again in three minutes", virDomainGetName(d));
		else
			err_set(e, COMMAND_REFUSED, "there is a virtual machine `%s` already", virDomainGetName(d));
		virDomainFree(d);
		return e->code;
	}
	fact_cpu(cpu);
	snprintf(ret, RECEIVE_LINE, "%llu %s", virNodeGetFreeMemory(r->conn), cpu);
	return 0;
}

static int take_bridge(struct receiver *r, char *words, char *ret, struct err *e)
{
	(void)r, (void)ret;
	return virt_has_bridge(words) ? 0 : err_set(e, COMMAND_REFUSED, "there is no bridge `%.60s`", words);
}

static int take_file(struct receiver *r, char *words, char *ret, struct err *e)
{
	(void)r, (void)ret;
	return access(words, R_OK) < 0 ? err_set(e, COMMAND_REFUSED, "%.200s: %s", words, strerror(errno)) : 0;
}

static int take_disk(struct receiver *r, char *words, char *ret, struct err *e)
{
	(void)r;
	return fact_disk(words, ret) ? 0 : err_set(e, COMMAND_REFUSED, "there is no %.200s", words);
}

static int take_pool(struct receiver *r, char *words, char *ret, struct err *e)
{
	char *name = strchr(words, ' ');

	(void)ret;
	if (name)
		*name++ = 0;
	if (pool_open(name, &r->pool, e))
		return e->code;
	if (pool_has_files(&r->pool) != !strcmp(words, "file"))
		return err_set(e, COMMAND_REFUSED, "pool %s keeps disks as %s, and where they come from they are %s", r->pool.name,
			       pool_has_files(&r->pool) ? "files" : "volumes", pool_has_files(&r->pool) ? "volumes" : "files");
	return 0;
}

/* NULL: there is no such disk. */
static struct disk *find_disk(struct receiver *r, const char *words, char **ret_rest)
{
	unsigned long n = strtoul(words, ret_rest, 10);

	return *ret_rest != words && n < DISKS ? &r->disk[n] : NULL;
}

static int take_create(struct receiver *r, char *words, char *ret, struct err *e)
{
	char *rest = NULL;
	struct disk *d = find_disk(r, words, &rest);

	if (!d || d->fd >= 0 || !*r->name || !*r->pool.name)
		return err_set(e, -1, "create %.60s: not now", words);
	d->bytes = strtoull(rest, NULL, 10);
	snprintf(d->name, sizeof(d->name), "vm-%s-%u", r->name, (unsigned)(d - r->disk));
	if (storage_room(&r->pool, d->bytes, e) || storage_create(&r->pool, r->name, (unsigned)(d - r->disk), d->bytes, d->path, e))
		return e->code;
	d->fd = open(d->path, O_WRONLY | O_CLOEXEC);
	if (d->fd < 0) {
		struct err ignored;

		err_set(e, -errno, "%s: %s", d->path, strerror(errno));
		storage_remove(&r->pool, d->name, &ignored);
		return e->code;
	}
	snprintf(ret, RECEIVE_LINE, "%s", d->path);
	return 0;
}

/* The bytes have to be read, whatever else is wrong: the next line is behind them. */
static int take_write(struct receiver *r, char *words, char *ret, struct err *e)
{
	char *rest = NULL;
	struct disk *d = find_disk(r, words, &rest);
	unsigned long long at = 0, n = 0;

	(void)ret;
	if (!d || sscanf(rest, "%llu %llu", &at, &n) != 2 || n > RECEIVE_BLOCK || fread(r->block, 1, n, r->in) != n)
		return err_set(e, -EPROTO, "write %.60s: the connection is out of step", words);
	if (d->failed.code)
		return 0;
	if (d->fd < 0 || at > d->bytes || n > d->bytes - at)
		err_set(&d->failed, -1, "%s: there is no byte %llu", d->name, at + n);
	else
		file_pwrite_all(d->fd, r->block, n, at, d->path, &d->failed);
	return 0;
}

static int take_sync(struct receiver *r, char *words, char *ret, struct err *e)
{
	char *rest = NULL;
	struct disk *d = find_disk(r, words, &rest);

	(void)ret;
	if (!d || d->fd < 0)
		return err_set(e, -1, "sync %.60s: there is no such disk", words);
	*e = d->failed;
	d->failed.code = 0;
	if (!e->code && fsync(d->fd) < 0)
		err_set(e, -errno, "%s: %s", d->path, strerror(errno));
	return e->code;
}

static int take_keep(struct receiver *r, char *words, char *ret, struct err *e)
{
	(void)words, (void)ret, (void)e;
	r->keep = true;
	return 0;
}

static int take_forget(struct receiver *r, char *words, char *ret, struct err *e)
{
	(void)r, (void)ret, (void)e;
	file_drop_cache(words);
	return 0;
}

static int take_define(struct receiver *r, char *words, char *ret, struct err *e)
{
	unsigned long long autostart = 0, n = 0;
	virDomainPtr d;

	(void)ret;
	if (sscanf(words, "%llu %llu", &autostart, &n) != 2 || n >= RECEIVE_BLOCK || fread(r->block, 1, n, r->in) != n)
		return err_set(e, -EPROTO, "define %.60s: the connection is out of step", words);
	r->block[n] = 0;
	d = virDomainDefineXML(r->conn, r->block);
	if (!d)
		return virt_error(e, "libvirt does not take the machine");
	if (virDomainSetAutostart(d, autostart != 0) < 0 && autostart)
		virt_error(e, "%s cannot be made to start with the host", r->name);
	virDomainFree(d);
	return e->code;
}

static int take_resume(struct receiver *r, char *words, char *ret, struct err *e)
{
	virDomainPtr d = virDomainLookupByUUIDString(r->conn, r->uuid);

	(void)words, (void)ret;
	if (!d || virDomainResume(d) < 0)
		virt_error(e, "%s cannot go on", r->name);
	if (d)
		virDomainFree(d);
	return e->code;
}

static void remove_disks(struct receiver *r)
{
	struct err ignored;

	for (unsigned i = 0; i < DISKS; i++) {
		struct disk *d = &r->disk[i];

		if (d->fd < 0)
			continue;
		close(d->fd);
		storage_remove(&r->pool, d->name, &ignored);
		d->fd = -1;
	}
}

/* Also of one that was received and waits, paused. One that runs is nobody's to undo. */
static int take_undo(struct receiver *r, char *words, char *ret, struct err *e)
{
	virDomainPtr d = virDomainLookupByUUIDString(r->conn, r->uuid);
	int state = VIR_DOMAIN_SHUTOFF;

	(void)words, (void)ret;
	if (d && virDomainGetState(d, &state, NULL, 0) < 0)
		virt_error(e, "%s", r->name);
	else if (d && state != VIR_DOMAIN_SHUTOFF && state != VIR_DOMAIN_PAUSED)
		err_set(e, -1, "%s is %s here", r->name, virt_state(state));
	else if (d && state == VIR_DOMAIN_PAUSED && virDomainDestroy(d) < 0)
		virt_error(e, "%s is here, paused, and cannot be turned off", r->name);
	else if (d && virDomainIsPersistent(d) == 1 && virDomainUndefine(d) < 0)
		virt_error(e, "%s is here and cannot be deleted", r->name);
	if (d)
		virDomainFree(d);
	if (!e->code)
		remove_disks(r);
	return e->code;
}

static const struct request {
	const char *name;
	int (*take)(struct receiver *r, char *words, char *ret, struct err *e);
} requests[] = {
	{ "name", take_name }, { "bridge", take_bridge }, { "file", take_file }, { "disk", take_disk }, { "pool", take_pool },
	{ "create", take_create }, { "write", take_write }, { "sync", take_sync }, { "keep", take_keep }, { "forget", take_forget },
	{ "define", take_define }, { "resume", take_resume }, { "undo", take_undo }, { NULL, NULL }
};

static int serve(struct receiver *r, char *line, struct err *e)
{
	char *words = line + strcspn(line, " "), answer[RECEIVE_LINE] = "";
	const struct request *q = requests;

	if (*words)
		*words++ = 0;
	while (q->name && strcmp(q->name, line) != 0)
		q++;
	if (!q->name)
		return err_set(e, -EPROTO, "`%.60s` is not known here", line);
	if (q->take(r, words, answer, e) == -EPROTO)
		return e->code;
	if (q->take != take_write)
		fprintf(r->out, "%s %s\n", e->code ? "no" : "ok", e->code ? e->msg : answer);
	e->code = 0;
	return fflush(r->out) ? err_set(e, -EPROTO, "nobody listens") : 0;
}

static int receive_run(struct call *c, struct err *e)
{
	static struct receiver r;
	char line[RECEIVE_LINE];
	int rc = virt_open(&r.conn, e);

	if (rc)
		return rc;
	signal(SIGPIPE, SIG_IGN);
	command_begin();
	r.in = stdin;
	r.out = c->out;
	for (unsigned i = 0; i < DISKS; i++)
		r.disk[i].fd = -1;
	fprintf(r.out, RECEIVE_HELLO "\n");
	fflush(r.out);
	while (!rc && fgets(line, sizeof(line), r.in)) {
		line[strcspn(line, "\n")] = 0;
		rc = serve(&r, line, e);
	}
	if (!r.keep)
		remove_disks(&r);
	virConnectClose(r.conn);
	return rc;
}

const struct command command_vm_receive = { "vm receive", "", "what `vm migrate` of another host runs here", NULL, NULL, receive_run };
