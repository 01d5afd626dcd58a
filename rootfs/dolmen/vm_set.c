/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"
#include "spec.h"
#include "sys/run.h"
#include "virt.h"

/* In the definition, and now, if it runs. */
static unsigned both(virDomainPtr d)
{
	return VIR_DOMAIN_AFFECT_CONFIG | (virDomainIsActive(d) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0);
}

static int set_memory(virDomainPtr d, const char *text, struct err *e)
{
	char max[32];
	uint64_t bytes;
	virDomainInfo i;

	if (spec_size(text, &bytes, e) || spec_memory(bytes, e))
		return e->code;
	if (virDomainGetInfo(d, &i) < 0)
		return virt_error(e, "%s", virDomainGetName(d));
	if (bytes / 1024 > i.maxMem && virDomainIsActive(d) == 1)
		return err_set(e, COMMAND_REFUSED, "%s can have %s at most while it runs", virDomainGetName(d),
			       text_size((uint64_t)i.maxMem * 1024, max, sizeof(max)));
	if (bytes / 1024 > i.maxMem && virDomainSetMemoryFlags(d, bytes / 1024, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_MEM_MAXIMUM) < 0)
		return virt_error(e, "its most memory cannot be set");
	return virDomainSetMemoryFlags(d, bytes / 1024, both(d)) < 0 ? virt_error(e, "its memory cannot be set") : 0;
}

static int set_vcpus(virDomainPtr d, const char *text, struct err *e)
{
	int max = virDomainGetVcpusFlags(d, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_VCPU_MAXIMUM);
	unsigned n;

	if (spec_count(text, 512, &n, e))
		return e->code;
	if (max > 0 && n > (unsigned)max && virDomainIsActive(d) == 1)
		return err_set(e, COMMAND_REFUSED, "%s can have %d processors at most while it runs", virDomainGetName(d), max);
	if (max > 0 && n > (unsigned)max && virDomainSetVcpusFlags(d, n, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_VCPU_MAXIMUM) < 0)
		return virt_error(e, "the most of its processors cannot be set");
	return virDomainSetVcpusFlags(d, n, both(d)) < 0 ? virt_error(e, "its processors cannot be set") : 0;
}

static int set_autostart(virDomainPtr d, const char *text, struct err *e)
{
	bool on = !strcmp(text, "on");

	if (!on && strcmp(text, "off") != 0)
		return err_set(e, COMMAND_REFUSED, "--autostart is on or off");
	return virDomainSetAutostart(d, on) < 0 ? virt_error(e, "starting with the host cannot be set") : 0;
}

/* Xen's credit2 scheduler, which libvirt does not know. */
static int set_scheduler(virDomainPtr d, const struct call *c, struct err *e)
{
	const char *weight = call_option(c, "weight"), *cap = call_option(c, "cap");
	struct log quiet = { .fd = -1 };
	char *argv[10] = { (char *)"xl", (char *)"sched-credit2", (char *)"-d", (char *)virDomainGetName(d) };
	unsigned n = 4, ignored;

	if (!weight && !cap)
		return 0;
	if (virDomainIsActive(d) != 1)
		return err_set(e, COMMAND_REFUSED, "%s does not run: weight and cap are set while it does", virDomainGetName(d));
	if ((weight && spec_count(weight, 65535, &ignored, e)) || (cap && strcmp(cap, "0") != 0 && spec_count(cap, 51200, &ignored, e)))
		return e->code;
	if (weight) {
		argv[n++] = (char *)"-w";
		argv[n++] = (char *)weight;
	}
	if (cap) {
		argv[n++] = (char *)"-c";
		argv[n++] = (char *)cap;
	}
	return run_command(&quiet, argv, e);
}

static int set(virDomainPtr d, const struct call *c, struct err *e)
{
	const char *memory = call_option(c, "memory"), *vcpus = call_option(c, "vcpus"), *autostart = call_option(c, "autostart");
	int rc = 0;

	if (!c->options)
		return err_set(e, COMMAND_USAGE, "vm set: nothing to set; see: dolmen help vm set");
	if (memory)
		rc = set_memory(d, memory, e);
	if (!rc && vcpus)
		rc = set_vcpus(d, vcpus, e);
	if (!rc && autostart)
		rc = set_autostart(d, autostart, e);
	return rc ? rc : set_scheduler(d, c, e);
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
	{ "weight", "N", "its share when processors are short; 256 is usual; until it ends" },
	{ "cap", "PERCENT", "of one processor that it gets at most, 0: no limit; until it ends" },
	{ "autostart", "on|off", "start it with the host" },
	{ 0 }
};

const struct command command_vm_set = { "vm set", "NAME", "change memory, processors, shares, start with the host", NULL, options, set_run };
