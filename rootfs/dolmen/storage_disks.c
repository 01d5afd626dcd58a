/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of this host, and what could become of them: a new pool, or more room for one. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "pool_disk.h"
#include "pool_virt.h"
#include "sys/file.h"

static int is_disk(const struct dirent *d)
{
	static const char *const others[] = { "loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd" };

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(d->d_name, others[i], strlen(others[i])))
			return 0;
	return d->d_name[0] != '.';
}

static void print_disk(const struct call *c, struct json *j, const char *name)
{
	char path[300], model[128] = "", sectors[32] = "0", size[32], words[300];
	struct pool_disk d;
	struct err why = { 0 };
	uint64_t bytes;

	snprintf(words, sizeof(words), "/sys/block/%s/device/model", name);
	if (file_read_line(words, model, sizeof(model)))
		memmove(model, text_trim(model), strlen(text_trim(model)) + 1);
	snprintf(words, sizeof(words), "/sys/block/%s/size", name);
	file_read_line(words, sectors, sizeof(sectors));
	bytes = strtoull(sectors, NULL, 10) * 512;
	snprintf(path, sizeof(path), "/dev/%s", name);
	if (!bytes)
		return;
	if (!pool_disk_look(&d, path, &why) && !*d.content)
		strcpy(d.content, "blank");
	if (!c->json) {
		fprintf(c->out, "%-14s %10s  %-20s %s\n", path, text_size(bytes, size, sizeof(size)), why.code ? "in use" : d.content, model);
		return;
	}
	json_object(j, NULL);
	json_text(j, "path", path);
	json_number(j, "bytes", bytes);
	json_text(j, "model", model);
	json_bool(j, "in_use", why.code);
	json_text(j, "content", why.code || !strcmp(d.content, "blank") ? NULL : d.content);
	json_object_end(j);
}

static int disks_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct dirent **names;
	int n = scandir("/sys/block", &names, is_disk, alphasort);

	if (n < 0)
		return err_set(e, -1, "/sys/block cannot be read");
	if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-14s %10s  %-20s %s\n", "DISK", "SIZE", "CONTENT", "MODEL");
	for (int i = 0; i < n; i++) {
		print_disk(c, &j, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return 0;
}

static int extend_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	const char *path = c->argument[1];
	virConnectPtr conn = NULL;
	struct pool_usage u;
	struct pool_disk d;
	struct pool p;
	char quoted[300], size[32];
	int rc = pool_open(c->argument[0], &p, e);

	if (!rc && pool_has_files(&p))
		rc = err_set(e, COMMAND_REFUSED, "pool %s is of kind %s; only thin and lvm take another disk", p.name, pool_kind_text[p.kind]);
	snprintf(quoted, sizeof(quoted), "%.255s'", path);
	if (!rc && (pool_disk_look(&d, path, e) || virt_open(&conn, e) || virt_path_unused(conn, quoted, e)))
		rc = e->code;
	if (!rc && *d.content && !call_option(c, "erase"))
		rc = err_set(e, COMMAND_REFUSED, "there is something on %s (%s); --erase erases it", path, d.content);
	if (!rc && !call_option(c, "yes"))
		rc = ask_yes(e, "Add %s (%s) to pool %s? It is erased.", path, text_size(d.bytes, size, sizeof(size)), p.name);
	if (!rc) {
		command_begin();
		rc = pool_disk_extend(&p, &d, e) || pool_measure(&p, &u, e) ? e->code : 0;
	}
	if (!rc && c->json) {
		json_object(&j, NULL);
		json_text(&j, "name", p.name);
		json_number(&j, "total_bytes", u.total_bytes);
		json_number(&j, "free_bytes", u.free_bytes);
		json_object_end(&j);
		json_end(&j);
	} else if (!rc) {
		fprintf(c->out, "pool %s has %s now\n", p.name, text_size(u.total_bytes, size, sizeof(size)));
	}
	if (conn)
		virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "erase", NULL, "erase what is on the disk" },
	{ "yes", NULL, "do not ask" },
	{ 0 }
};

const struct command command_storage_disks = { "storage disks", "", "list the host's disks and what is on them", NULL, NULL, disks_run };
const struct command command_storage_extend = { "storage extend", "NAME DISK", "add a disk to a pool of kind thin or lvm",
	"The pool is then on both disks, and needs both.\n", options, extend_run };
