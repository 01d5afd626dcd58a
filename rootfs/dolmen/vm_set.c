/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything is read and looked at before anything is set. */
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"
#include "pci.h"
#include "spec.h"
#include "vm.h"

#define WEIGHT_MAX 65535	/* of credit2 */
#define CAP_MAX 51200		/* 512 processors */
#define MAP_BYTES (SPEC_CPUS / 8)

struct wanted {
	uint64_t memory_bytes;	/* 0: as it is, as for all of these */
	unsigned vcpus, weight;
	bool cap, order, delay;
	struct vm_extra extra;	/* of it what these say */
	int autostart;		/* -1: as it is */
	const char *pin;
	unsigned char map[MAP_BYTES];
};

/* In the definition, and now, if it runs. */
static unsigned both(virDomainPtr d)
{
	return VIR_DOMAIN_AFFECT_CONFIG | (virDomainIsActive(d) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0);
}

/* A number that may be 0. */
static int count(const struct call *c, const char *option, unsigned most, unsigned *ret, bool *ret_given, struct err *e)
{
	const char *text = call_option(c, option);

	*ret_given = text;
	if (!text || !strcmp(text, "0"))
		return 0;
	return spec_count(text, most, ret, e) ? err_prefix(e, "--%s: ", option) : 0;
}

static int read_memory(struct wanted *w, virDomainPtr d, const struct call *c, struct err *e)
{
	const char *text = call_option(c, "memory");
	virDomainInfo i;
	char max[32];

	if (!text)
		return 0;
	if (spec_size(text, &w->memory_bytes, e) || spec_memory(w->memory_bytes, e))
		return e->code;
	if (virDomainGetInfo(d, &i) < 0)
		return virt_error(e, "%s", virDomainGetName(d));
	if (w->memory_bytes / 1024 > i.maxMem && virDomainIsActive(d) == 1)
		return err_set(e, COMMAND_REFUSED, "%s can have %s at most while it runs", virDomainGetName(d),
			       text_size((uint64_t)i.maxMem * 1024, max, sizeof(max)));
	return 0;
}

static int read_vcpus(struct wanted *w, virDomainPtr d, const struct call *c, struct err *e)
{
	const char *text = call_option(c, "vcpus");
	int max = text ? virDomainGetVcpusFlags(d, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_VCPU_MAXIMUM) : 0;

	if (text && spec_count(text, SPEC_CPUS, &w->vcpus, e))
		return e->code;
	if (max > 0 && w->vcpus > (unsigned)max && virDomainIsActive(d) == 1)
		return err_set(e, COMMAND_REFUSED, "%s can have %d processors at most while it runs", virDomainGetName(d), max);
	return 0;
}

static int read_pin(struct wanted *w, virDomainPtr d, const struct call *c, struct err *e)
{
	virNodeInfo node;

	w->pin = call_option(c, "pin");
	if (!w->pin)
		return 0;
	if (virNodeGetInfo(virDomainGetConnect(d), &node) < 0)
		return virt_error(e, "the host's processors");
	return spec_cpus(w->pin, VIR_NODEINFO_MAXCPUS(node), w->map, e);
}

static int read_all(struct wanted *w, virDomainPtr d, const struct call *c, struct err *e)
{
	const char *autostart = call_option(c, "autostart"), *weight = call_option(c, "weight");

	*w = (struct wanted){ .autostart = -1 };
	if (!c->options)
		return err_set(e, COMMAND_USAGE, "vm set: nothing to set; see: dolmen help vm set");
	if (autostart) {
		w->autostart = !strcmp(autostart, "on");
		if (!w->autostart && strcmp(autostart, "off") != 0)
			return err_set(e, COMMAND_REFUSED, "--autostart is on or off");
	}
	if (weight && spec_count(weight, WEIGHT_MAX, &w->weight, e))
		return err_prefix(e, "--weight: ");
	return read_memory(w, d, c, e) || read_vcpus(w, d, c, e) || read_pin(w, d, c, e) ||
	       count(c, "cap", CAP_MAX, &w->extra.cap, &w->cap, e) || count(c, "order", 9999, &w->extra.order, &w->order, e) ||
	       count(c, "delay", 3600, &w->extra.delay, &w->delay, e) || pci_check(d, c, e) ? e->code : 0;
}

static int set_memory(virDomainPtr d, uint64_t bytes, struct err *e)
{
	virDomainInfo i;

	if (virDomainGetInfo(d, &i) < 0)
		return virt_error(e, "%s", virDomainGetName(d));
	if (bytes / 1024 > i.maxMem && virDomainSetMemoryFlags(d, bytes / 1024, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_MEM_MAXIMUM) < 0)
		return virt_error(e, "its most memory cannot be set");
	return virDomainSetMemoryFlags(d, bytes / 1024, both(d)) < 0 ? virt_error(e, "its memory cannot be set") : 0;
}

static int set_vcpus(virDomainPtr d, unsigned n, struct err *e)
{
	int max = virDomainGetVcpusFlags(d, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_VCPU_MAXIMUM);

	if (max > 0 && n > (unsigned)max && virDomainSetVcpusFlags(d, n, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_VCPU_MAXIMUM) < 0)
		return virt_error(e, "the most of its processors cannot be set");
	return virDomainSetVcpusFlags(d, n, both(d)) < 0 ? virt_error(e, "its processors cannot be set") : 0;
}

/* libvirt's Xen driver keeps one or the other at a call. */
static int set_pin(virDomainPtr d, const unsigned char *map, struct err *e)
{
	static const unsigned where[2] = { VIR_DOMAIN_AFFECT_CONFIG, VIR_DOMAIN_AFFECT_LIVE };

	for (unsigned i = 0; i < (virDomainIsActive(d) == 1 ? 2 : 1); i++) {
		int n = virDomainGetVcpusFlags(d, where[i]);

		for (int cpu = 0; cpu < n; cpu++)
			if (virDomainPinVcpuFlags(d, (unsigned)cpu, (unsigned char *)map, MAP_BYTES, where[i]) < 0)
				return virt_error(e, "its processors cannot be bound");
	}
	return 0;
}

/* Now, to Xen's credit2 scheduler. */
static int set_scheduler(virDomainPtr d, const char *field, unsigned value, struct err *e)
{
	virTypedParameterPtr params = NULL;
	int n = 0, most = 0, r;

	if (virDomainIsActive(d) != 1)
		return 0;
	virTypedParamsAddUInt(&params, &n, &most, field, value);
	r = virDomainSetSchedulerParameters(d, params, n);
	virTypedParamsFree(params, n);
	return r < 0 ? virt_error(e, "its %s cannot be set", field) : 0;
}

/* In the definition, which libvirt's Xen driver changes in no other way. */
static int define_weight(virDomainPtr d, unsigned weight, struct err *e)
{
	char *xml = virDomainGetXMLDesc(d, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
	char *edited = xml ? spec_xml_weight(xml, weight) : NULL;
	virDomainPtr again = edited ? virDomainDefineXML(virDomainGetConnect(d), edited) : NULL;

	free(xml);
	free(edited);
	if (!again)
		return virt_error(e, "its weight cannot be set");
	virDomainFree(again);
	return 0;
}

static int set_extra(virDomainPtr d, const struct wanted *w, struct err *e)
{
	struct vm_extra x;

	if (!w->cap && !w->order && !w->delay)
		return 0;
	vm_extra_read(d, &x);
	if (w->cap)
		x.cap = w->extra.cap;
	if (w->order)
		x.order = w->extra.order;
	if (w->delay)
		x.delay = w->extra.delay;
	return vm_extra_write(d, &x, e);
}

static int set(virDomainPtr d, const struct call *c, struct err *e)
{
	struct wanted w;

	if (read_all(&w, d, c, e))
		return e->code;
	if ((w.memory_bytes && set_memory(d, w.memory_bytes, e)) || (w.vcpus && set_vcpus(d, w.vcpus, e)) || (w.pin && set_pin(d, w.map, e)) ||
	    (w.weight && (define_weight(d, w.weight, e) || set_scheduler(d, "weight", w.weight, e))) ||
	    (w.cap && set_scheduler(d, "cap", w.extra.cap, e)) || set_extra(d, &w, e) || pci_set(d, c, e))
		return e->code;
	if (w.autostart >= 0 && virDomainSetAutostart(d, w.autostart) < 0)
		return virt_error(e, "starting with the host cannot be set");
	return 0;
}

static int set_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	virConnectPtr conn;
	virDomainPtr d;
	int rc = virt_open(&conn, e);

	if (rc)
		return rc;
	rc = virt_machine(conn, c->argument[0], &d, e);
	if (!rc) {
		rc = set(d, c, e);
		virDomainFree(d);
	}
	if (!rc && c->json) {
		json_object(&j, NULL);
		json_text(&j, "name", c->argument[0]);
		for (unsigned i = 0; i < c->options; i++)
			json_text(&j, c->option[i].option->name, c->option[i].value);
		json_object_end(&j);
		json_end(&j);
	}
	virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "memory", "SIZE", "while it runs, up to its --memory-max" },
	{ "vcpus", "N", "while it runs, up to its --vcpus-max" },
	{ "pin", "CPUS", "the host's processors that it runs on: 0-3,6; all: any" },
	{ "weight", "N", "its share when processors are short; 256 is usual" },
	{ "cap", "PERCENT", "of one processor that it gets at most, 0: no limit" },
	{ "autostart", "on|off", "start it with the host" },
	{ "order", "N", "starts before greater numbers, shuts down after; 0: the last" },
	{ "delay", "SECONDS", "that the next one waits when the host starts it" },
	{ "pci", "ADDRESS", "give it a device of the host; may be given again" },
	{ "pci-remove", "ADDRESS", "give a device back to the host" },
	{ 0 }
};

const struct command command_vm_set = { "vm set", "NAME", "change memory, processors, shares, devices, autostart", NULL, options, set_run };
