/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "status.h"

#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "core/cmdline.h"
#include "core/json.h"
#include "core/text.h"
#include "pool.h"
#include "sys/file.h"
#include "sys/run.h"
#include "ui/i18n.h"
#include "ui/wrap.h"

/* Seconds: */
#define MACHINE_EVERY 20	/* `xl` loads the whole toolstack, twice */
#define POOLS_EVERY 60		/* looking at volume groups reads the disks */

static bool read_line(const char *root, const char *path, char *buf, size_t size)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	return file_read_line(whole, buf, size);
}

/* Calls what with each file that fits the pattern, in their order; returns how many there are. */
static unsigned each_file(const char *root, const char *pattern, void what(struct status *s, const char *path), struct status *s)
{
	char whole[512];
	glob_t g;
	unsigned n = 0;

	snprintf(whole, sizeof(whole), "%s%s", root, pattern);
	if (glob(whole, 0, NULL, &g) == 0) {
		n = (unsigned)g.gl_pathc;
		for (unsigned i = 0; what && i < n; i++)
			what(s, g.gl_pathv[i]);
		globfree(&g);
	}
	return n;
}

static void take_alerts(struct status *s, const char *path)
{
	char *text = NULL, *save = NULL;
	struct err e;
	size_t n;

	if (file_read(path, 1 << 16, &text, &n, &e))
		return;
	for (char *line = strtok_r(text, "\n", &save); line && s->alerts < STATUS_ALERTS; line = strtok_r(NULL, "\n", &save))
		text_copy(s->alert[s->alerts++], sizeof(s->alert[0]), line);
	free(text);
}

/* `2: xenbr0    inet 192.0.2.10/24 brd ... scope global xenbr0` */
static void take_address(void *user, const char *line)
{
	struct status *s = user;
	char interface[32], address[48];

	if (s->addresses < STATUS_ADDRESSES && sscanf(line, "%*u: %31s inet%*[6 ] %47s", interface, address) == 2)
		snprintf(s->address[s->addresses++], sizeof(s->address[0]), "%s %s", interface, address);
}

static void read_xen_version(struct status *s, const char *root)
{
	char part[3][32] = { "" };

	read_line(root, "/sys/hypervisor/version/major", part[0], sizeof(part[0]));
	read_line(root, "/sys/hypervisor/version/minor", part[1], sizeof(part[1]));
	read_line(root, "/sys/hypervisor/version/extra", part[2], sizeof(part[2]));
	if (*part[0])
		snprintf(s->xen, sizeof(s->xen), "%s.%s%s", part[0], part[1], part[2]);
}

static void read_version(struct status *s, const char *root)
{
	char line[128], *cmdline = NULL, path[512];
	struct err e;
	size_t n;

	if (read_line(root, "/boot/manifest", line, sizeof(line)) && !strncmp(line, "version ", 8))
		snprintf(s->version, sizeof(s->version), "%.*s", (int)strcspn(line + 8, "\n"), line + 8);
	snprintf(path, sizeof(path), "%s/run/dolmen/cmdline", root);
	if (!file_read(path, 1 << 16, &cmdline, &n, &e))
		cmdline_get(cmdline, "dolmen.slot", s->slot, sizeof(s->slot));
	free(cmdline);
	read_xen_version(s, root);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool due(const struct status *s, uint64_t looked_ms, unsigned seconds)
{
	return !looked_ms || s->at_ms - looked_ms >= seconds * 1000;
}

static void measure_machine(struct status_machine *m, const struct status_machine *before, const char *root)
{
	struct stats *x;
	struct err e;

	m->busy = -1;
	if (stats_read(&x, root, &e))
		return;
	m->at_ms = now_ms();	/* of the figures, which may have taken a while */
	m->cpus = x->cpus;
	m->memory = x->memory;
	m->memory_free = x->memory_free;
	m->running = x->domains ? x->domains - 1 : 0;
	for (unsigned i = 0; i < x->domains; i++)
		m->cpu_ms += x->domain[i].cpu_ms;
	free(x);
	/* A guest that ended takes its time with it. */
	if (before->at_ms && m->at_ms > before->at_ms && m->cpus && m->cpu_ms >= before->cpu_ms)
		m->busy = (int)((m->cpu_ms - before->cpu_ms) * 100 / ((m->at_ms - before->at_ms) * m->cpus));
	if (m->busy > 100)
		m->busy = 100;
}

static void measure_pools(struct status *s)
{
	static struct pools all;
	struct err e;

	s->pools_ms = s->at_ms;
	if (pool_list(&all, &e))
		return;
	for (unsigned i = 0; i < all.n && s->pools < STATUS_POOLS; i++) {
		struct status_pool *p = &s->pool[s->pools++];
		struct pool_usage u;

		text_copy(p->name, sizeof(p->name), all.p[i].name);
		p->up = !pool_measure(&all.p[i], &u, &e);
		if (p->up) {
			p->bytes = u.total_bytes;
			p->free = u.free_bytes;
		}
	}
}

static void read_pools(struct status *s, const struct status *before)
{
	if (due(s, before->pools_ms, POOLS_EVERY)) {
		measure_pools(s);
		return;
	}
	s->pools = before->pools;
	memcpy(s->pool, before->pool, sizeof(s->pool));
	s->pools_ms = before->pools_ms;
}

void status_read(struct status *ret, const struct status *before, const char *root)
{
	static const struct status never;
	struct log none = { .fd = -1 };
	char ip[512], path[512];
	struct err e;

	before = before ? before : &never;
	*ret = (struct status){ .at_ms = now_ms() };
	read_line(root, "/run/etc/hostname", ret->name, sizeof(ret->name));
	read_version(ret, root);
	stats_read_dom0(&ret->dom0, root);
	/* Twice at once: `busy` wants two looks. */
	if (before->machine.busy < 0 || due(ret, before->machine.at_ms, MACHINE_EVERY))
		measure_machine(&ret->machine, &before->machine, root);
	else
		ret->machine = before->machine;
	snprintf(ip, sizeof(ip), "%s/usr/bin/ip", root);
	run_command_lines(&none, (char *[]){ ip, (char *)"-o", (char *)"address", (char *)"show", (char *)"scope", (char *)"global", NULL },
			  take_address, ret, &e);
	snprintf(path, sizeof(path), "%s/run/service/dropbear/run", root);
	ret->ssh = file_read_line(path, path, sizeof(path));
	ret->guests = each_file(root, "/state/libvirt/libxl/*.xml", NULL, NULL);
	if (ret->guests < ret->machine.running)
		ret->guests = ret->machine.running;	/* those that `xl` made */
	each_file(root, "/run/dolmen/degraded", take_alerts, ret);
	each_file(root, "/run/dolmen/alerts/*", take_alerts, ret);
	read_pools(ret, before);
}

/* ---- what is shown ---- */

static const char *size_text(uint64_t bytes)
{
	static char buf[4][32];
	static unsigned next;

	next = (next + 1) % 4;
	return text_size(bytes, buf[next], sizeof(buf[0]));
}

/* A line's first column; the labels have different widths in each language. */
static void print_label(FILE *out, const char *label)
{
	char padded[120];

	fputs(wrap_pad(label, 12, padded, sizeof(padded)), out);
}

static void print_uptime(FILE *out, uint64_t seconds)
{
	unsigned long minutes = seconds / 60;

	if (minutes >= 48 * 60)
		fprintf(out, _("%lu days"), minutes / 60 / 24);
	else
		fprintf(out, _("%lu:%02lu h"), minutes / 60, minutes % 60);
	fputc('\n', out);
}

static void print_use(FILE *out, const struct status *s)
{
	print_label(out, _("Processors"));
	fprintf(out, "%" PRIu64, s->machine.cpus);
	if (s->machine.busy >= 0)
		fprintf(out, _(", %d %% busy"), s->machine.busy);
	fputc('\n', out);
	print_label(out, _("Memory"));
	fprintf(out, _("%s, %s free"), size_text(s->machine.memory), size_text(s->machine.memory_free));
	fputc('\n', out);
	print_label(out, "dom0");
	fprintf(out, _("%s, %s free"), size_text(s->dom0.memory), size_text(s->dom0.available));
	fputc('\n', out);
}

static void print_pools(FILE *out, const struct status *s)
{
	for (unsigned i = 0; i < s->pools; i++) {
		print_label(out, i ? "" : _("Storage"));
		fprintf(out, "%s: ", s->pool[i].name);
		if (s->pool[i].up)
			fprintf(out, _("%s, %s free"), size_text(s->pool[i].bytes), size_text(s->pool[i].free));
		else
			fputs(_("not there"), out);
		fputc('\n', out);
	}
	if (!s->pools) {
		print_label(out, _("Storage"));
		fprintf(out, "%s\n", _("none"));
	}
}

void status_write(const struct status *s, FILE *out)
{
	fprintf(out, "%s: Dolmen %s", s->name, s->version);
	if (*s->slot)
		fprintf(out, _(" (slot %s)"), s->slot);
	fprintf(out, ", Xen %s\n\n", *s->xen ? s->xen : "-");
	print_label(out, _("Runs for"));
	print_uptime(out, s->dom0.uptime);
	for (unsigned i = 0; i < s->addresses; i++) {
		print_label(out, i ? "" : _("Addresses"));
		fprintf(out, "%s\n", s->address[i]);
	}
	if (!s->addresses) {
		print_label(out, _("Addresses"));
		fprintf(out, "%s\n", _("none: the host is not on the network"));
	}
	print_label(out, "SSH");
	fprintf(out, "%s\n", s->ssh ? _("on") : _("off"));
	print_use(out, s);
	print_pools(out, s);
	print_label(out, _("Guests"));
	fprintf(out, _("%u running, %u in all"), s->machine.running, s->guests);
	fputc('\n', out);
	for (unsigned i = 0; i < s->alerts; i++)
		fprintf(out, "%s%s: %s\n", i ? "" : "\n", _("Warning"), s->alert[i]);
}

static void print_json(FILE *out, const struct status *s)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_text(&j, "name", s->name);
	json_text(&j, "version", s->version);
	json_text(&j, "slot", s->slot);
	json_text(&j, "xen", s->xen);
	json_number(&j, "uptime_seconds", s->dom0.uptime);
	json_array(&j, "addresses");
	for (unsigned i = 0; i < s->addresses; i++)
		json_text(&j, NULL, s->address[i]);
	json_array_end(&j);
	json_bool(&j, "ssh", s->ssh);
	json_number(&j, "cpus", s->machine.cpus);
	json_number(&j, "memory_bytes", s->machine.memory);
	json_number(&j, "memory_free_bytes", s->machine.memory_free);
	json_number(&j, "dom0_memory_bytes", s->dom0.memory);
	json_number(&j, "dom0_memory_available_bytes", s->dom0.available);
	json_array(&j, "pools");
	for (unsigned i = 0; i < s->pools; i++) {
		json_object(&j, NULL);
		json_text(&j, "name", s->pool[i].name);
		json_bool(&j, "up", s->pool[i].up);
		json_number(&j, "bytes", s->pool[i].bytes);
		json_number(&j, "free_bytes", s->pool[i].free);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_number(&j, "guests_running", s->machine.running);
	json_number(&j, "guests", s->guests);
	json_array(&j, "alerts");
	for (unsigned i = 0; i < s->alerts; i++)
		json_text(&j, NULL, s->alert[i]);
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

static int status_run(struct call *c, struct err *e)
{
	const char *root = getenv("DOLMEN_ROOT");
	static struct status s;

	(void)e;
	status_read(&s, NULL, root ? root : "");
	if (c->json)
		print_json(c->out, &s);
	else
		status_write(&s, c->out);
	return 0;
}

const struct command command_status = {
	"status", "", "show the host at a glance", "It is what the screen of the host shows before anybody logs in.\n", NULL, status_run,
};
