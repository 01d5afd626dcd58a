/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pool is made, brought up, written into host.conf, told to libvirt; when one of these fails, what was done before is undone. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "hostconf.h"
#include "iscsi.h"
#include "pool_disk.h"
#include "pool_start.h"
#include "pool_virt.h"
#include "spec.h"
#include "storage.h"

struct adding {
	struct pool pool, in;
	struct pool_disk disk;
	uint64_t bytes;		/* of a volume in another pool */
	bool erase, keep, made, remembered, entered;	/* entered: the iSCSI target */
	const char *source;
	char lun[256];		/* its disk */
};

static int fill(struct adding *a, const struct call *c, struct err *e)
{
	const char *portal = call_option(c, "iscsi"), *target = call_option(c, "target"), *lun = call_option(c, "lun");
	const char *in = call_option(c, "in"), *size = call_option(c, "size"), *options = call_option(c, "options");
	char line[600];

	a->erase = call_option(c, "erase");
	a->keep = call_option(c, "keep");
	a->source = c->argument[2];
	/* What is not known yet stands for itself. */
	snprintf(line, sizeof(line), "%.100s %.20s %s%s", c->argument[0], c->argument[1], strcmp(c->argument[1], "nfs") || !a->source ? "-" : a->source,
		 strcmp(c->argument[1], "thin") ? "" : " -");
	if (pool_parse(&a->pool, line, e))
		return e->code;
	if (a->pool.kind == POOL_NFS && !a->source)
		return err_set(e, COMMAND_REFUSED, "which export? write SERVER:/PATH");
	if (options && a->pool.kind != POOL_NFS)
		return err_set(e, COMMAND_REFUSED, "--options are for kind nfs");
	if (options)
		text_copy(a->pool.options, sizeof(a->pool.options), options);
	if (portal && (a->source || in || a->pool.kind == POOL_NFS))
		return err_set(e, COMMAND_REFUSED, "--iscsi names the disk of a pool of kind thin, lvm or ext; leave the other one out");
	if (!portal && (target || lun || call_option(c, "chap-user")))
		return err_set(e, COMMAND_REFUSED, "--target, --lun and --chap-user belong to --iscsi");
	if (a->pool.kind == POOL_NFS && (in || size || a->erase || a->keep))
		return err_set(e, COMMAND_REFUSED, "kind nfs makes no file system: what is there stays");
	if (a->erase && a->keep)
		return err_set(e, COMMAND_REFUSED, "--erase or --keep, not both");
	if (in && (a->pool.kind != POOL_EXT || a->source || !size))
		return err_set(e, COMMAND_REFUSED, "--in POOL makes a pool of kind ext, of a --size, and takes no disk");
	if (size && !in)
		return err_set(e, COMMAND_REFUSED, "--size belongs to --in; a disk is taken as a whole");
	if (a->pool.kind != POOL_NFS && !in && !a->source && !portal)
		return err_set(e, COMMAND_REFUSED, "which disk? write one like /dev/sdb");
	if (portal && iscsi_write(a->pool.iscsi, sizeof(a->pool.iscsi), portal, target, lun, e))
		return e->code;
	if (in && (spec_size(size, &a->bytes, e) || pool_open(in, &a->in, e)))
		return e->code;
	return in && pool_has_files(&a->in) ? err_set(e, COMMAND_REFUSED, "pool %s has files already, and needs no file system in it", in) : 0;
}

/* How to get into the target: the secret is asked for, and read by nobody else. */
static int remember(struct adding *a, const struct call *c, struct err *e)
{
	const char *user = call_option(c, "chap-user");
	char secret[300] = "";
	int rc;

	if (!user)
		return 0;
	command_begin();	/* interrupted, the terminal shows again what is typed */
	rc = ask_secret("CHAP secret of the target: ", secret, sizeof(secret), e) || iscsi_remember(a->pool.iscsi, user, secret, e) ? e->code : 0;
	a->remembered = !rc;
	explicit_bzero(secret, sizeof(secret));
	return rc;
}

static int check_name(const struct adding *a, struct err *e)
{
	struct hostconf h;
	struct pools all;
	int rc = hostconf_read(&h, e);	/* where it is to be written down */

	hostconf_close(&h);
	if (rc || pool_list(&all, e))
		return e->code;
	for (unsigned i = 0; i < all.n; i++) {
		if (!strcmp(all.p[i].name, a->pool.name))
			return err_set(e, COMMAND_REFUSED, "there is a pool %s already", a->pool.name);
		if (a->pool.kind == POOL_NFS && !strcmp(all.p[i].source, a->source))
			return err_set(e, COMMAND_REFUSED, "%s is pool %s already", a->source, all.p[i].name);
	}
	if (!strcmp(a->pool.name, POOL_LOCAL) || !strcmp(a->pool.name, "iso"))
		return err_set(e, COMMAND_REFUSED, "the name %s is taken by the host itself", a->pool.name);
	return all.n == POOLS ? err_set(e, COMMAND_REFUSED, "a host has at most %d pools", POOLS) : 0;
}

/* Not one that a pool or a machine has, and blank unless something else was said. */
static int check_disk(struct adding *a, virConnectPtr conn, struct err *e)
{
	char quoted[300];
	struct pools all;

	a->entered = *a->pool.iscsi;
	if (a->entered && iscsi_attach(a->pool.iscsi, a->lun, e))
		return e->code;
	if (a->entered)
		a->source = a->lun;
	if (pool_disk_look(&a->disk, a->source, e))
		return e->code;
	snprintf(quoted, sizeof(quoted), "%s'", a->source);
	if (virt_path_unused(conn, quoted, e) || pool_list(&all, e))
		return e->code;
	if (!a->keep && *a->disk.content && !a->erase)
		return err_set(e, COMMAND_REFUSED, "there is something on %s (%s); --erase erases it, --keep takes a pool that is there",
			       a->source, a->disk.content);
	if (!a->keep && strcmp(a->disk.content, "LVM2_member") != 0)
		return 0;
	/* Whose group, though it is not active? */
	struct pool there = { .kind = strcmp(a->disk.content, "LVM2_member") ? POOL_EXT : POOL_THICK };

	if (a->keep && pool_disk_take(&a->pool, &a->disk, e))
		return e->code;
	if (!a->keep && pool_disk_take(&there, &a->disk, e))
		return e->code = 0;
	for (unsigned i = 0; i < all.n; i++)
		if ((*all.p[i].group && (!strcmp(all.p[i].group, there.group) || !strcmp(all.p[i].group, a->pool.group))) ||
		    (a->pool.kind == POOL_EXT && a->keep && !strcmp(all.p[i].source, a->pool.source)))
			return err_set(e, COMMAND_REFUSED, "%s belongs to pool %s", a->source, all.p[i].name);
	return 0;
}

static int check(struct adding *a, virConnectPtr conn, struct err *e)
{
	if (check_name(a, e))
		return e->code;
	if (a->pool.kind == POOL_NFS)
		return nfs_check(a->source, a->pool.options, e);
	return *a->in.name ? storage_room(&a->in, a->bytes, e) : check_disk(a, conn, e);
}

static int agree(const struct adding *a, struct err *e)
{
	char size[32];

	if (a->pool.kind == POOL_NFS || a->keep || *a->in.name)
		return 0;
	text_size(a->disk.bytes, size, sizeof(size));
	return *a->disk.content ? ask_yes(e, "Erase %s (%s, %s)?", a->source, size, a->disk.content) :
				  ask_yes(e, "Make pool %s of %s (%s, blank)?", a->pool.name, a->source, size);
}

/* Whether this host may write there, and reads what it wrote: a server tells only when it is tried. */
static int try_writing(const struct pool *p, struct err *e)
{
	static _Alignas(4096) char block[4096];
	char path[200];
	int fd, rc = 0;

	snprintf(path, sizeof(path), "%s/.dolmen-write-test", p->folder);
	fd = open(path, O_RDWR | O_CREAT | O_DIRECT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, COMMAND_REFUSED, "%s cannot be written: %s; the server must let root of this host write (no_root_squash)", p->source,
			       strerror(errno));
	if (pwrite(fd, block, sizeof(block), 0) != sizeof(block) || pread(fd, block, sizeof(block), 0) != sizeof(block))
		rc = err_set(e, COMMAND_REFUSED, "%s: what was written there cannot be read again; another version may: --options vers=4.0", p->source);
	close(fd);
	unlink(path);
	return rc;
}

static int make(struct adding *a, struct err *e)
{
	if (a->keep || a->pool.kind == POOL_NFS)
		return 0;
	if (*a->in.name ? pool_volume_make(&a->pool, &a->in, a->bytes, e) : pool_disk_make(&a->pool, &a->disk, e))
		return e->code;
	a->made = true;
	return 0;
}

static int record(const struct pool *p, struct err *e)
{
	struct hostconf h;
	char line[1024];
	int rc = hostconf_edit(&h, e);

	pool_write(p, line, sizeof(line));
	if (!rc)
		rc = hostconf_add(&h, "pool", line, e);
	if (!rc)
		rc = hostconf_write(&h, e);
	hostconf_close(&h);
	return rc;
}

static int add(struct adding *a, virConnectPtr conn, struct err *e)
{
	struct err ignored, warning;
	int rc;

	command_begin();
	rc = make(a, e) || pool_start(&a->pool, e) || (a->pool.kind == POOL_NFS && try_writing(&a->pool, e)) || record(&a->pool, e) ? e->code : 0;
	if (rc) {
		pool_stop(&a->pool, &ignored);
		if (a->made)
			pool_disk_erase(&a->pool, &ignored);
		return rc;
	}
	/* Guests need libvirt's pools for nothing. */
	if (pool_define(conn, &a->pool, &warning))
		fprintf(stderr, "dolmen: warning: %s\n", warning.msg);
	return 0;
}

static void print(const struct call *c, const struct pool *p)
{
	struct json j = { .out = c->out };
	struct pool_usage u;
	struct err ignored;
	char size[32];

	pool_measure(p, &u, &ignored);
	if (!c->json) {
		fprintf(c->out, "pool %s is there: %s free; dolmen vm create NAME --storage %s\n", p->name, text_size(u.free_bytes, size, sizeof(size)),
			p->name);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", p->name);
	json_text(&j, "kind", pool_kind_text[p->kind]);
	json_number(&j, "free_bytes", u.free_bytes);
	json_object_end(&j);
	json_end(&j);
}

static int add_run(struct call *c, struct err *e)
{
	static struct adding a;
	virConnectPtr conn = NULL;
	struct err ignored;
	int rc = fill(&a, c, e) || check_name(&a, e) || virt_open(&conn, e) || remember(&a, c, e) || check(&a, conn, e) ||
		 (!call_option(c, "yes") && agree(&a, e)) || add(&a, conn, e) ? e->code : 0;

	if (!rc)
		print(c, &a.pool);
	else if (a.entered)
		pool_leave(&a.pool, &ignored);
	if (rc && a.remembered)
		iscsi_forget(a.pool.iscsi);
	if (conn)
		virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "erase", NULL, "erase what is on the disk" },
	{ "keep", NULL, "take the pool that is on the disk already, with what is in it" },
	{ "in", "POOL", "instead of a disk: a volume in this pool (kind ext)" },
	{ "size", "SIZE", "of that volume" },
	{ "iscsi", "PORTAL", "instead of a disk: a LUN of an iSCSI target at this address" },
	{ "target", "IQN", "the target; without it, what the portal offers is told" },
	{ "chap-user", "USER", "its name for this host (CHAP); the secret is asked for" },
	{ "lun", "N", "its LUN; 0 when not given" },
	{ "options", "OPTIONS", "mount options of kind nfs: nconnect=4" },
	{ "yes", NULL, "do not ask" },
	{ 0 }
};

const struct command command_storage_add = { "storage add", "NAME KIND [SOURCE]", "add a storage pool",
	"  dolmen storage add fast thin /dev/sdb          thin volumes (LVM): snapshots, clones\n"
	"  dolmen storage add big lvm /dev/sdc            volumes that have all their room from the start\n"
	"  dolmen storage add files ext /dev/sdd          files in ext4\n"
	"  dolmen storage add isos ext --in local --size 8G   the same on a volume of another pool\n"
	"  dolmen storage add nas nfs server:/export      files on an NFS server (version 4), which other hosts may share\n"
	"  dolmen storage add san thin --iscsi 192.0.2.9 --target iqn.2001-04.com.example:a   on a LUN, for this host alone\n"
	"  dolmen storage add san thin --iscsi ... --chap-user host1 <secret   the secret from a file, where nobody types it\n"
	"A disk is erased; one that has something on it only with --erase. Files are in /storage/NAME.\n", options, add_run };
