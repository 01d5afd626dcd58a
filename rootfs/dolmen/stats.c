/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen stats`: what the host and its guests use, for people, programs and Prometheus. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "stats_read.h"

/* The figures of the host and of a domain, under the same names in JSON and for Prometheus. */
struct figure {
	const char *name;
	size_t at;
	bool counts;		/* it only grows */
};

static const struct figure host_figures[] = {
	{ "cpus", offsetof(struct stats, cpus), false },
	{ "memory_bytes", offsetof(struct stats, memory), false },
	{ "memory_free_bytes", offsetof(struct stats, memory_free), false },
	{ "dom0_memory_bytes", offsetof(struct stats, dom0.memory), false },
	{ "dom0_memory_available_bytes", offsetof(struct stats, dom0.available), false },
	{ "uptime_seconds", offsetof(struct stats, dom0.uptime), false },
	{ "state_bytes", offsetof(struct stats, state), false },
	{ "state_free_bytes", offsetof(struct stats, state_free), false },
	{ 0 },
}, domain_figures[] = {
	{ "vcpus", offsetof(struct stats_domain, vcpus), false },
	{ "memory_bytes", offsetof(struct stats_domain, memory), false },
	{ "cpu_milliseconds", offsetof(struct stats_domain, cpu_ms), true },
	{ "received_bytes", offsetof(struct stats_domain, net_in), true },
	{ "sent_bytes", offsetof(struct stats_domain, net_out), true },
	{ "read_bytes", offsetof(struct stats_domain, disk_in), true },
	{ "written_bytes", offsetof(struct stats_domain, disk_out), true },
	{ 0 },
};

static uint64_t value(const void *from, const struct figure *f)
{
	uint64_t n;

	memcpy(&n, (const char *)from + f->at, sizeof(n));
	return n;
}

static const char *size(uint64_t bytes, char buf[32])
{
	return text_size(bytes, buf, 32);
}

static void print_devices(FILE *out, const char *title, const char *in_word, const char *out_word, const struct stats_traffic *t, unsigned n)
{
	char in[32], gone[32];

	fprintf(out, "\n%-24s %12s %12s\n", title, in_word, out_word);
	for (unsigned i = 0; i < n; i++)
		fprintf(out, "%-24s %12s %12s\n", t[i].name, size(t[i].in, in), size(t[i].out, gone));
}

static void print_text(FILE *out, const struct stats *s)
{
	char a[32], b[32], c[32], d[32];

	fprintf(out, "machine    %" PRIu64 " processors, %s of memory, %s free\n", s->cpus, size(s->memory, a), size(s->memory_free, b));
	fprintf(out, "dom0       %s of memory, %s available; up %" PRIu64 " s\n", size(s->dom0.memory, a), size(s->dom0.available, b), s->dom0.uptime);
	fprintf(out, "state      %s, %s free\n", size(s->state, a), size(s->state_free, b));
	print_devices(out, "INTERFACE", "RECEIVED", "SENT", s->nic, s->nics);
	print_devices(out, "DISK", "READ", "WRITTEN", s->disk, s->disks);
	fprintf(out, "\n%-24s %5s %5s %10s %10s %10s %10s %10s %10s\n", "DOMAIN", "ID", "VCPUS", "MEMORY", "CPU (s)", "RECEIVED", "SENT", "READ", "WRITTEN");
	for (unsigned i = 0; i < s->domains; i++) {
		const struct stats_domain *m = &s->domain[i];

		fprintf(out, "%-24s %5u %5" PRIu64 " %10s %10.1f", m->name, m->id, m->vcpus, size(m->memory, a), (double)m->cpu_ms / 1000);
		fprintf(out, " %10s %10s %10s %10s\n", size(m->net_in, a), size(m->net_out, b), size(m->disk_in, c), size(m->disk_out, d));
	}
}

static void json_devices(struct json *j, const char *name, const char *in_word, const char *out_word, const struct stats_traffic *t, unsigned n)
{
	json_array(j, name);
	for (unsigned i = 0; i < n; i++) {
		json_object(j, NULL);
		json_text(j, "name", t[i].name);
		json_number(j, in_word, t[i].in);
		json_number(j, out_word, t[i].out);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_figures(struct json *j, const void *from, const struct figure *f)
{
	for (; f->name; f++)
		json_number(j, f->name, value(from, f));
}

static void print_json(FILE *out, const struct stats *s)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_figures(&j, s, host_figures);
	json_devices(&j, "interfaces", "received_bytes", "sent_bytes", s->nic, s->nics);
	json_devices(&j, "disks", "read_bytes", "written_bytes", s->disk, s->disks);
	json_array(&j, "domains");
	for (unsigned i = 0; i < s->domains; i++) {
		json_object(&j, NULL);
		json_text(&j, "name", s->domain[i].name);
		json_number(&j, "domid", s->domain[i].id);
		json_figures(&j, &s->domain[i], domain_figures);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

/* Prometheus' text format 0.0.4: samples of one name stand together, below their type. */
static void metric_type(FILE *out, char name[64], const char *what, const char *figure, bool counts)
{
	snprintf(name, 64, "dolmen_%s%s%s", what, figure, counts ? "_total" : "");
	fprintf(out, "# TYPE %s %s\n", name, counts ? "counter" : "gauge");
}

/* A value of a label: backslash, quote and line feed are escaped. */
static void label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "{%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		fputc(*value == '\n' ? ' ' : *value, out);
	}
	fputs("\"}", out);
}

static void metric_devices(FILE *out, const char *kind, const char *figure, const struct stats_traffic *t, unsigned n, bool outwards)
{
	char name[64], what[32];

	snprintf(what, sizeof(what), "%s_", kind);
	metric_type(out, name, what, figure, true);
	for (unsigned i = 0; i < n; i++) {
		fputs(name, out);
		label(out, kind, t[i].name);
		fprintf(out, " %" PRIu64 "\n", outwards ? t[i].out : t[i].in);
	}
}

static void print_prometheus(FILE *out, const struct stats *s)
{
	char name[64];

	for (const struct figure *f = host_figures; f->name; f++) {
		metric_type(out, name, "", f->name, f->counts);
		fprintf(out, "%s %" PRIu64 "\n", name, value(s, f));
	}
	metric_devices(out, "interface", "received_bytes", s->nic, s->nics, false);
	metric_devices(out, "interface", "sent_bytes", s->nic, s->nics, true);
	metric_devices(out, "disk", "read_bytes", s->disk, s->disks, false);
	metric_devices(out, "disk", "written_bytes", s->disk, s->disks, true);
	for (const struct figure *f = domain_figures; f->name; f++) {
		metric_type(out, name, "domain_", f->name, f->counts);
		for (unsigned i = 0; i < s->domains; i++) {
			fputs(name, out);
			label(out, "domain", s->domain[i].name);
			fprintf(out, " %" PRIu64 "\n", value(&s->domain[i], f));
		}
	}
}

static int stats_run(struct call *c, struct err *e)
{
	const char *root = getenv("DOLMEN_ROOT");
	struct stats *s;
	int rc = stats_read(&s, root ? root : "", e);

	if (rc)
		return rc;
	if (call_option(c, "prometheus"))
		print_prometheus(c->out, s);
	else if (c->json)
		print_json(c->out, s);
	else
		print_text(c->out, s);
	free(s);
	return 0;
}

static const struct option options[] = {
	{ "prometheus", NULL, "print Prometheus' text format" },
	{ 0 },
};

const struct command command_stats = {
	"stats", "", "show what the host and its guests use",
	"Counters begin with the boot, or with the guest. Domain-0 is the host itself. Disks that qemu serves\nare not counted for a guest.\n",
	options, stats_run,
};
