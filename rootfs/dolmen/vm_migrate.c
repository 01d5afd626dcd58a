/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine to another host. Both hosts are asked before anything is made; until the other one has all, nothing is taken away here.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/text.h"
#include "definition.h"
#include "disk_copy.h"
#include "facts.h"
#include "handover.h"
#include "peer.h"
#include "spec.h"
#include "virt.h"

#define MIB (UINT64_C(1024) * 1024)
#define PASSES 4		/* over disks while the machine runs */
#define FEW (64 * MIB)		/* so little has changed: the rest when it has stopped */

struct move {
	const struct call *call;
	const char *name;
	virDomainPtr d;
	bool runs, live;
	struct peer peer;
	struct definition want;
	char *definition, *running;		/* XML, as it will be there; running: of a machine that runs */
	struct volumes volumes;			/* here */
	struct disk_copy copy[DEFINITION_DISKS];
	unsigned copies;
	int64_t began, stopped, goes;		/* ms */
	uint64_t disk_bytes, memory_bytes;	/* sent */
};

static int check_snapshots(struct move *m, struct err *e)
{
	if (virt_volumes(m->d, &m->volumes, e))
		return e->code;
	for (unsigned i = 0; i < m->volumes.n; i++)
		if (*m->volumes.v[i].snapshot)
			return err_set(e, COMMAND_REFUSED, "%s has the snapshot `%s`, which would stay behind; delete it first", m->name,
				       m->volumes.v[i].snapshot);
	return 0;
}

static int check_here(struct move *m, struct err *e)
{
	char uuid[VIR_UUID_STRING_BUFLEN];
	int state = 0;

	if (virDomainGetState(m->d, &state, NULL, 0) < 0)
		return virt_error(e, "%s", m->name);
	m->runs = state == VIR_DOMAIN_RUNNING || state == VIR_DOMAIN_BLOCKED;
	if (!m->runs && state != VIR_DOMAIN_SHUTOFF)
		return err_set(e, COMMAND_REFUSED, "%s is %s; let it run, or turn it off", m->name, virt_state(state));
	if (m->live && !m->runs)
		return err_set(e, COMMAND_REFUSED, "%s does not run: leave out --live", m->name);
	if (virDomainHasManagedSaveImage(m->d, 0) == 1)
		return err_set(e, COMMAND_REFUSED, "%s is saved, its memory is here; start it first", m->name);
	m->definition = virDomainGetXMLDesc(m->d, VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE);
	m->running = m->runs ? virDomainGetXMLDesc(m->d, VIR_DOMAIN_XML_SECURE) : NULL;
	if (!m->definition || (m->runs && !m->running) || virDomainGetUUIDString(m->d, uuid) < 0)
		return virt_error(e, "%s", m->name);
	if (spec_name(m->name, e) || definition_read(&m->want, m->runs ? m->running : m->definition, e))
		return err_prefix(e, "%s: ", m->name);
	if (m->want.devices)
		return err_set(e, COMMAND_REFUSED, "%s has a device of this host (PCI or USB), which cannot go with it", m->name);
	return call_option(m->call, "with-disks") ? check_snapshots(m, e) : 0;
}

static int check_room(struct move *m, const char *facts, struct err *e)
{
	char here[FACT], want[32], have[32];
	uint64_t free_bytes = strtoull(facts, NULL, 10), need;
	const char *there = strchr(facts, ' ');
	virDomainInfo i;

	if (!m->runs || virDomainGetInfo(m->d, &i) < 0)
		return 0;
	/* The toolstack's own for a machine: page tables, shadow. */
	need = (uint64_t)i.memory * 1024 * 65 / 64 + 16 * MIB;
	if (free_bytes && need > free_bytes)
		return err_set(e, COMMAND_REFUSED, "%s has no room for its memory: it wants %s, %s are free", m->peer.host,
			       text_size(need, want, sizeof(want)), text_size(free_bytes, have, sizeof(have)));
	fact_cpu(here);
	if (there && !fact_cpu_fits(here, there + 1))
		return err_set(e, COMMAND_REFUSED, "the processor of %s lacks features of this one (hw_caps in `xl info`), which a machine that runs "
			       "may use; shut it down first", m->peer.host);
	return 0;
}

/* Whether the disk is the same one there; if not, it is to be copied. */
static int check_disk(struct move *m, unsigned i, bool copy, struct err *e)
{
	const struct definition_disk *d = &m->want.disk[i];
	char here[FACT], there[FACT] = "";
	struct err ignored = { 0 };

	if (!fact_disk(d->path, here))
		return err_set(e, COMMAND_REFUSED, "its disk %s is not there", d->path);
	if (peer_ask(&m->peer, there, sizeof(there), NULL, 0, &ignored, "disk %s", d->path) && ignored.code != COMMAND_REFUSED) {
		*e = ignored;
		return e->code;
	}
	if (*here && !strcmp(here, there))
		return 0;
	if (!copy)
		return err_set(e, COMMAND_REFUSED, "its disk %s is this host's own; --with-disks copies it to %s", d->path, m->peer.host);
	if (m->copies && m->want.disk[m->copy[0].number].file != d->file)
		return err_set(e, COMMAND_REFUSED, "some of its disks are files and some are volumes");
	return disk_copy_open(&m->copy[m->copies++], i, d->path, e);
}

static int check_pool(struct move *m, const char *pool, struct err *e)
{
	return peer_ask(&m->peer, NULL, 0, NULL, 0, e, "pool %s%s%s", m->want.disk[m->copy[0].number].file ? "file" : "block", pool ? " " : "",
			pool ? pool : "");
}

static int check_there(struct move *m, struct err *e)
{
	bool copy = call_option(m->call, "with-disks");
	char facts[600], uuid[VIR_UUID_STRING_BUFLEN];
	int rc;

	virDomainGetUUIDString(m->d, uuid);
	rc = peer_ask(&m->peer, facts, sizeof(facts), NULL, 0, e, "name %s %s", m->name, uuid);
	if (!rc)
		rc = check_room(m, facts, e);
	for (unsigned i = 0; i < m->want.nets && !rc; i++)
		rc = peer_ask(&m->peer, NULL, 0, NULL, 0, e, "bridge %s", m->want.net[i]);
	for (unsigned i = 0; i < m->want.files && !rc; i++)
		rc = peer_ask(&m->peer, NULL, 0, NULL, 0, e, "file %s", m->want.file[i]);
	for (unsigned i = 0; i < m->want.disks && !rc; i++)
		rc = check_disk(m, i, copy, e);
	return rc || !m->copies ? rc : check_pool(m, call_option(m->call, "storage"), e);
}

static int rename_disk(char **xml, const char *from, const char *to, struct err *e)
{
	char *moved = *xml ? definition_move(*xml, from, to) : NULL;

	if (!*xml)
		return 0;
	if (!moved)
		return err_set(e, -1, "%s is not in the machine's definition", from);
	free(*xml);
	*xml = moved;
	return 0;
}

/* The first disks may be made there before one has no room; the other host takes them away when we hang up. */
static int make_disks(struct move *m, struct err *e)
{
	char there[256];

	for (unsigned i = 0; i < m->copies; i++) {
		struct disk_copy *c = &m->copy[i];

		if (peer_ask(&m->peer, there, sizeof(there), NULL, 0, e, "create %u %" PRIu64, c->number, c->bytes) ||
		    rename_disk(&m->definition, c->path, there, e) || rename_disk(&m->running, c->path, there, e))
			return e->code;
	}
	return 0;
}

static int copy_pass(struct move *m, bool progress, uint64_t *ret_sent, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; i < m->copies && !rc; i++)
		rc = disk_copy_pass(&m->copy[i], &m->peer, progress, ret_sent, e);
	m->disk_bytes += *ret_sent;
	return rc;
}

/* The machine has stopped, or is off: what is still missing there. */
static int last_pass(void *user, struct err *e)
{
	struct move *m = user;
	uint64_t sent = 0;

	if (!m->copies)
		return 0;
	return copy_pass(m, !m->runs, &sent, e) ? e->code : peer_ask(&m->peer, NULL, 0, NULL, 0, e, "keep");
}

static int move_off(struct move *m, struct err *e)
{
	struct err undo = { 0 };
	int autostart = 0;

	virDomainGetAutostart(m->d, &autostart);
	if (last_pass(m, e) ||
	    peer_ask(&m->peer, NULL, 0, m->definition, strlen(m->definition), e, "define %d %zu", autostart, strlen(m->definition)))
		return e->code;
	if (virDomainUndefine(m->d) < 0)
		virt_error(e, "%s cannot be deleted here", m->name);
	if (e->code && peer_ask(&m->peer, NULL, 0, NULL, 0, &undo, "undo"))
		err_suffix(e, "; and it is on %s, too: %s", m->peer.host, undo.msg);
	return e->code;
}

static bool is_copied(const struct move *m, unsigned disk)
{
	for (unsigned i = 0; i < m->copies; i++)
		if (m->copy[i].number == disk)
			return true;
	return false;
}

/* What was written to a shared file here is to be read there. */
static void settle(struct move *m)
{
	struct err ignored = { 0 };

	for (unsigned i = 0; i < m->want.disks; i++) {
		int fd = m->want.disk[i].file && !is_copied(m, i) ? open(m->want.disk[i].path, O_WRONLY | O_CLOEXEC) : -1;

		if (fd < 0)
			continue;
		fsync(fd);
		close(fd);
		peer_ask(&m->peer, NULL, 0, NULL, 0, &ignored, "forget %s", m->want.disk[i].path);
	}
}

static int move_running(struct move *m, struct err *e)
{
	struct handover h = { .host = m->peer.host, .xml = m->running, .live = m->live, .before_end = last_pass, .user = m };
	struct err undo = { 0 };
	uint64_t sent = FEW + 1;
	int autostart = 0, rc = 0;

	virDomainGetAutostart(m->d, &autostart);
	for (unsigned i = 0; i < PASSES && sent > FEW && m->copies && !rc; i++) {
		sent = 0;
		rc = copy_pass(m, true, &sent, e);
	}
	if (rc)
		return rc;
	rc = handover(&h, m->d, e);
	if (rc) {
		if (peer_ask(&m->peer, NULL, 0, NULL, 0, &undo, "undo"))
			err_suffix(e, "; %s may have the machine still, paused or off (%s); say there: dolmen vm destroy %s", m->peer.host, undo.msg, m->name);
		return rc;
	}
	settle(m);
	if (peer_ask(&m->peer, NULL, 0, NULL, 0, e, "resume"))
		return err_suffix(e, "; it is on %s, paused: dolmen vm resume %s", m->peer.host, m->name);
	m->goes = clock_ms();
	m->stopped = h.stopped_ms;
	m->memory_bytes = h.sent_bytes;
	/* What differs from the machine that runs: for its next start. */
	if (peer_ask(&m->peer, NULL, 0, m->definition, strlen(m->definition), e, "define %d %zu", autostart, strlen(m->definition)))
		return err_suffix(e, "; it runs there");
	return 0;
}

/* Of a machine that is gone from here. */
static int remove_copied(struct move *m, struct err *e)
{
	char path[VOLUME_PATH];

	if (call_option(m->call, "keep-disks"))
		return 0;
	for (unsigned i = 0; i < m->volumes.n; i++) {
		storage_path(m->volumes.v[i].pool, m->volumes.v[i].name, path);
		for (unsigned k = 0; k < m->copies; k++)
			if (!strcmp(m->copy[k].path, path) && storage_remove(m->volumes.v[i].pool, m->volumes.v[i].name, e))
				return err_prefix(e, "%s is on %s; its disk is left here: ", m->name, m->peer.host);
	}
	return 0;
}

static void print(const struct move *m)
{
	uint64_t total = (uint64_t)(clock_ms() - m->began), still = m->stopped ? (uint64_t)(m->goes - m->stopped) : 0;
	struct json j = { .out = m->call->out };
	char disks[32], memory[32];

	if (!m->call->json) {
		fprintf(m->call->out, "%s %s on %s: %.1f s in all", m->name, m->runs ? "runs" : "is", m->peer.host, (double)total / 1000);
		if (m->stopped)
			fprintf(m->call->out, ", it stood still for %.2f s", (double)still / 1000);
		if (m->runs)
			fprintf(m->call->out, "; memory sent: %s", text_size(m->memory_bytes, memory, sizeof(memory)));
		if (m->copies)
			fprintf(m->call->out, "; disks sent: %s", text_size(m->disk_bytes, disks, sizeof(disks)));
		fputc('\n', m->call->out);
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", m->name);
	json_text(&j, "host", m->peer.host);
	json_text(&j, "state", m->runs ? "running" : "off");
	json_bool(&j, "live", m->live);
	json_number(&j, "total_ms", total);
	if (m->stopped)
		json_number(&j, "downtime_ms", still);
	else
		json_text(&j, "downtime_ms", NULL);
	json_number(&j, "memory_bytes", m->memory_bytes);
	json_number(&j, "disk_bytes", m->disk_bytes);
	json_object_end(&j);
	json_end(&j);
}

static int migrate_run(struct call *c, struct err *e)
{
	static struct move m;
	virConnectPtr conn;
	int rc = virt_open(&conn, e);

	if (rc)
		return rc;
	m = (struct move){ .call = c, .name = c->argument[0], .live = call_option(c, "live"), .began = clock_ms() };
	rc = virt_machine(conn, m.name, &m.d, e);
	if (!rc && (check_here(&m, e) || peer_open(&m.peer, c->argument[1], call_option(c, "trust"), e) || check_there(&m, e)))
		rc = e->code;
	if (!rc) {
		command_begin();
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "moving %s to %s; Ctrl-C gives up, and it goes on here\n", m.name, m.peer.host);
		rc = make_disks(&m, e) || (m.runs ? move_running(&m, e) : move_off(&m, e)) ? e->code : 0;
	}
	for (unsigned i = 0; i < m.copies; i++)
		disk_copy_close(&m.copy[i]);
	if (!rc)
		rc = remove_copied(&m, e);
	if (!rc)
		print(&m);
	peer_close(&m.peer);
	free(m.definition);
	free(m.running);
	if (m.d)
		virDomainFree(m.d);
	virConnectClose(conn);
	return rc;
}

static int key_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	char key[400];
	int rc = peer_key(key, sizeof(key), e);

	if (rc)
		return rc;
	if (!c->json) {
		fprintf(c->out, "%s\n", key);
		return 0;
	}
	json_object(&j, NULL);
	json_text(&j, "key", key);
	json_object_end(&j);
	json_end(&j);
	return 0;
}

static const struct option options[] = {
	{ "live", NULL, "it runs while its memory is sent; else it stands still" },
	{ "with-disks", NULL, "copy disks that the other host does not see, and delete them here" },
	{ "keep-disks", NULL, "leave copied disks here, too" },
	{ "storage", "POOL", "where the other host makes them; its first pool when not given" },
	{ "trust", NULL, "take the key of a host that was never met before" },
	{ 0 }
};

const struct command command_vm_migrate = { "vm migrate", "NAME HOST", "move it to another host",
	"  dolmen vm migrate web host2 --live\n"
	"HOST, a name or an address, has SSH on and lets this host's key in (dolmen vm migrate-key). Both are looked at before\n"
	"anything is done. When something fails, or Ctrl-C gives it up, the machine goes on here.\n", options, migrate_run };
const struct command command_vm_migrate_key = { "vm migrate-key", "", "show the key by which this host enters others",
	"It is what `dolmen key add` takes there, and made when there is none yet.\n", NULL, key_run };
