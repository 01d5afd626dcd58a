/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stats_read.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "sys/file.h"
#include "sys/run.h"

#define SECTOR 512	/* the unit of every sector count of the kernel */

struct reader {
	struct stats *s;
	const char *root;
};

/* The number that a file of sysfs holds; 0 when there is none: devices come and go. */
static uint64_t number(const struct reader *r, const char *folder, const char *name, const char *file)
{
	char path[512], text[64];

	snprintf(path, sizeof(path), "%s%s/%s/%s", r->root, folder, name, file);
	return file_read_line(path, text, sizeof(text)) ? strtoull(text, NULL, 10) : 0;
}

static bool exists(const struct reader *r, const char *folder, const char *name, const char *file)
{
	char path[512], text[8];

	snprintf(path, sizeof(path), "%s%s/%s/%s", r->root, folder, name, file);
	return file_read_line(path, text, sizeof(text));
}

/* Calls what for each name in the folder, in their order. */
static void each(struct reader *r, const char *folder, void what(struct reader *r, const char *folder, const char *name))
{
	struct dirent **list;
	char path[512];
	int n;

	snprintf(path, sizeof(path), "%s%s", r->root, folder);
	n = scandir(path, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			what(r, folder, list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static struct stats_domain *find_domain(struct stats *s, unsigned id)
{
	for (unsigned i = 0; i < s->domains; i++)
		if (s->domain[i].id == id)
			return &s->domain[i];
	return NULL;
}

static struct stats_traffic *add(struct stats_traffic *list, unsigned *n, const char *name)
{
	struct stats_traffic *t = *n < STATS_DEVICES ? &list[*n] : NULL;

	if (t) {
		snprintf(t->name, sizeof(t->name), "%s", name);
		++*n;
	}
	return t;
}

/* A guest's vifD.N, seen from dom0; or a NIC, which belongs to a device. */
static void take_interface(struct reader *r, const char *folder, const char *name)
{
	uint64_t in = number(r, folder, name, "statistics/rx_bytes"), out = number(r, folder, name, "statistics/tx_bytes");
	struct stats_domain *d;
	struct stats_traffic *t;
	unsigned id, device;

	if (sscanf(name, "vif%u.%u", &id, &device) == 2) {
		d = find_domain(r->s, id);
		if (d) {
			d->net_in += out;
			d->net_out += in;
		}
	} else if (exists(r, folder, name, "device/uevent") && (t = add(r->s->nic, &r->s->nics, name))) {
		t->in = in;
		t->out = out;
	}
}

static void take_backend(struct reader *r, const char *folder, const char *name)
{
	struct stats_domain *d;
	unsigned id, device;

	if (sscanf(name, "vbd-%u-%u", &id, &device) != 2 || !(d = find_domain(r->s, id)))
		return;
	d->disk_in += number(r, folder, name, "statistics/rd_sect") * SECTOR;
	d->disk_out += number(r, folder, name, "statistics/wr_sect") * SECTOR;
}

/* Documentation/block/stat.rst: sectors read and written are the third and the seventh. */
static void take_disk(struct reader *r, const char *folder, const char *name)
{
	char path[512], text[256];
	uint64_t in, out;
	struct stats_traffic *t;

	snprintf(path, sizeof(path), "%s%s/%s/stat", r->root, folder, name);
	if (!exists(r, folder, name, "device/uevent") || !file_read_line(path, text, sizeof(text)) ||
	    sscanf(text, "%*u %*u %" SCNu64 " %*u %*u %*u %" SCNu64, &in, &out) != 2 || !(t = add(r->s->disk, &r->s->disks, name)))
		return;
	t->in = in * SECTOR;
	t->out = out * SECTOR;
}

/* NAME ID MEM VCPUS STATE SECONDS, below a line that names them */
static void take_domain(void *user, const char *line)
{
	struct stats *s = user;
	struct stats_domain d = { 0 };
	uint64_t mib;
	double seconds;

	if (s->domains == STATS_GUESTS || sscanf(line, "%127s %u %" SCNu64 " %" SCNu64 " %*s %lf", d.name, &d.id, &mib, &d.vcpus, &seconds) != 5)
		return;
	d.memory = mib << 20;
	d.cpu_ms = (uint64_t)(seconds * 1000 + 0.5);
	s->domain[s->domains++] = d;
}

static void take_info(void *user, const char *line)
{
	struct stats *s = user;
	uint64_t n;
	char name[32];

	if (sscanf(line, "%31[a-z_] : %" SCNu64, name, &n) != 2)
		return;
	if (!strcmp(name, "nr_cpus"))
		s->cpus = n;
	else if (!strcmp(name, "total_memory"))
		s->memory = n << 20;
	else if (!strcmp(name, "free_memory"))
		s->memory_free = n << 20;
}

static int read_xl(struct reader *r, const char *word, run_line *line, struct err *e)
{
	struct log none = { .fd = -1 };
	char xl[512];

	snprintf(xl, sizeof(xl), "%s/usr/sbin/xl", r->root);
	return run_command_lines(&none, (char *[]){ xl, (char *)word, NULL }, line, r->s, e);
}

void stats_read_dom0(struct stats_dom0 *ret, const char *root)
{
	struct reader r = { .root = root };
	char path[512], *text = NULL, *p;
	struct err e;
	size_t len;

	*ret = (struct stats_dom0){ .uptime = number(&r, "/proc", ".", "uptime") };
	snprintf(path, sizeof(path), "%s/proc/meminfo", root);
	if (!file_read(path, 1 << 16, &text, &len, &e)) {
		p = strstr(text, "MemTotal:");
		ret->memory = p ? strtoull(p + 9, NULL, 10) << 10 : 0;
		p = strstr(text, "MemAvailable:");
		ret->available = p ? strtoull(p + 13, NULL, 10) << 10 : 0;
	}
	free(text);
}

static void read_state(struct reader *r)
{
	char path[512];
	struct statvfs fs;

	snprintf(path, sizeof(path), "%s/state", r->root);
	if (!statvfs(path, &fs)) {
		r->s->state = fs.f_blocks * fs.f_frsize;
		r->s->state_free = fs.f_bavail * fs.f_frsize;
	}
}

int stats_read(struct stats **ret, const char *root, struct err *e)
{
	struct reader r = { calloc(1, sizeof(*r.s)), root };
	int rc;

	if (!r.s)
		return err_set(e, -ENOMEM, "out of memory");
	rc = read_xl(&r, "info", take_info, e);
	if (!rc)
		rc = read_xl(&r, "list", take_domain, e);
	if (rc) {
		free(r.s);
		return rc;
	}
	stats_read_dom0(&r.s->dom0, root);
	read_state(&r);
	each(&r, "/sys/class/net", take_interface);
	each(&r, "/sys/devices/xen-backend", take_backend);
	each(&r, "/sys/block", take_disk);
	*ret = r.s;
	return 0;
}
