/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is one call on one machine, each a row. */
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/json.h"
#include "core/text.h"
#include "definition.h"
#include "spec.h"
#include "vm.h"
#include "vm_all.h"

#define SHUTDOWN_SECONDS 120

static bool is_active(virDomainPtr d)
{
	return virDomainIsActive(d) == 1;
}

bool vm_wait_off(virDomainPtr d, unsigned seconds)
{
	const struct timespec step = { .tv_nsec = 200000000 };

	for (unsigned i = 0; i < seconds * 5; i++) {
		if (virDomainIsActive(d) == 0)	/* -1: nobody knows */
			return true;
		nanosleep(&step, NULL);
	}
	return virDomainIsActive(d) == 0;
}

static int missing(virDomainPtr d, const char *what, struct err *e)
{
	return err_set(e, COMMAND_REFUSED, "%s wants %s, which is not there", virDomainGetName(d), what);
}

/* Xen finds out late, or not at all: a machine whose disk is missing waits for it. */
static int check_sources(virDomainPtr d, struct err *e)
{
	char *xml = virDomainGetXMLDesc(d, VIR_DOMAIN_XML_INACTIVE), bridge[40];
	struct err strange = { 0 };	/* what is not understood is libvirt's to judge */
	static struct definition want;

	if (!xml)
		return virt_error(e, "%s", virDomainGetName(d));
	definition_read(&want, xml, &strange);
	free(xml);
	for (unsigned i = 0; i < want.disks; i++)
		if (access(want.disk[i].path, F_OK) < 0)
			return missing(d, want.disk[i].path, e);
	for (unsigned i = 0; i < want.files; i++)
		if (access(want.file[i], F_OK) < 0)
			return missing(d, want.file[i], e);
	for (unsigned i = 0; i < want.nets; i++)
		if (!virt_has_bridge(want.net[i])) {
			snprintf(bridge, sizeof(bridge), "the bridge `%s`", want.net[i]);
			return missing(d, bridge, e);
		}
	return 0;
}

int vm_check_start(virDomainPtr d, struct err *e)
{
	const char *name = virDomainGetName(d);
	uint64_t room = virNodeGetFreeMemory(virDomainGetConnect(d));
	char want[32], have[32];
	virDomainInfo i;

	if (is_active(d))
		return err_set(e, COMMAND_REFUSED, "%s runs already", name);
	if (!virDomainGetInfo(d, &i) && room && (uint64_t)i.memory * 1024 > room)
		return err_set(e, COMMAND_REFUSED, "%s wants %s of memory, %s are free", name,
			       text_size((uint64_t)i.memory * 1024, want, sizeof(want)), text_size(room, have, sizeof(have)));
	return check_sources(d, e);
}

int vm_start(virDomainPtr d, struct err *e)
{
	return vm_check_start(d, e) || vm_create_domain(d, e) ? e->code : 0;
}

static int start(virDomainPtr d, const struct call *c, struct err *e)
{
	return vm_check_start(d, e) || (call_option(c, "fresh") && vm_forget_saved(d, e)) || vm_create_domain(d, e) ? e->code : 0;
}

static int restore(virDomainPtr d, const struct call *c, struct err *e)
{
	(void)c;
	if (!is_active(d) && !vm_is_saved(d))
		return err_set(e, COMMAND_REFUSED, "%s is not saved; `dolmen vm start` boots it", virDomainGetName(d));
	return vm_start(d, e);
}

static int shut_down(virDomainPtr d, const struct call *c, struct err *e)
{
	const char *text = call_option(c, "timeout");
	unsigned seconds = SHUTDOWN_SECONDS;

	if (text && spec_count(text, 86400, &seconds, e))
		return e->code;
	if (virDomainShutdown(d) < 0)
		return virt_error(e, "%s cannot be asked to shut down", virDomainGetName(d));
	if (isatty(STDOUT_FILENO) && !c->json)
		fprintf(c->out, "%s was asked to shut down; waiting %u s at most\n", virDomainGetName(d), seconds);
	fflush(c->out);
	if (!vm_wait_off(d, seconds))
		return err_set(e, -1, "%s was asked and has not shut down in %u s; `dolmen vm destroy` turns it off", virDomainGetName(d), seconds);
	return 0;
}

static int restart(virDomainPtr d, const struct call *c, struct err *e)
{
	(void)c;
	return virDomainReboot(d, 0) < 0 ? virt_error(e, "%s cannot be asked to restart", virDomainGetName(d)) : 0;
}

static int turn_off(virDomainPtr d, const struct call *c, struct err *e)
{
	(void)c;
	return virDomainDestroy(d) < 0 ? virt_error(e, "%s cannot be turned off", virDomainGetName(d)) : 0;
}

static int halt(virDomainPtr d, const struct call *c, struct err *e)
{
	(void)c;
	return virDomainSuspend(d) < 0 ? virt_error(e, "%s cannot be paused", virDomainGetName(d)) : 0;
}

static int go_on(virDomainPtr d, const struct call *c, struct err *e)
{
	int state = 0;

	(void)c;
	if (!virDomainGetState(d, &state, NULL, 0) && state != VIR_DOMAIN_PAUSED)
		return err_set(e, COMMAND_REFUSED, "%s is not paused", virDomainGetName(d));
	return virDomainResume(d) < 0 ? virt_error(e, "%s cannot go on", virDomainGetName(d)) : 0;
}

static int save(virDomainPtr d, const struct call *c, struct err *e)
{
	(void)c;
	return vm_save(d, e);
}

static const struct power {
	const char *command;
	bool running;		/* only what runs */
	int (*act)(virDomainPtr d, const struct call *c, struct err *e);
	const char *done;
} powers[] = {
	{ "vm start", false, start, "started" },
	{ "vm shutdown", true, shut_down, "off" },
	{ "vm reboot", true, restart, "asked to restart" },
	{ "vm destroy", true, turn_off, "off" },
	{ "vm pause", true, halt, "paused" },
	{ "vm resume", true, go_on, "running" },
	{ "vm save", true, save, "saved" },
	{ "vm restore", false, restore, "running" },
};

static int act(const struct power *p, virDomainPtr d, const struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	int rc;

	if (p->running && !is_active(d))
		return err_set(e, COMMAND_REFUSED, "%s does not run", virDomainGetName(d));
	rc = p->act(d, c, e);
	if (rc)
		return rc;
	if (!c->json) {
		fprintf(c->out, "%s: %s\n", virDomainGetName(d), p->done);
		return 0;
	}
	json_object(&j, NULL);
	json_text(&j, "name", virDomainGetName(d));
	json_text(&j, "result", p->done);
	json_object_end(&j);
	json_end(&j);
	return 0;
}

/* `vm shutdown`, which alone takes no name. */
static int shutdown_all(struct call *c, struct err *e)
{
	const char *text = call_option(c, "timeout");
	unsigned seconds = SHUTDOWN_SECONDS;

	if (!call_option(c, "all"))
		return err_set(e, COMMAND_USAGE, "vm shutdown wants NAME or --all");
	if (text && spec_count(text, 86400, &seconds, e))
		return e->code;
	return vm_all_shutdown(c, seconds, e);
}

static int power_run(struct call *c, struct err *e)
{
	const struct power *p = powers;
	virConnectPtr conn;
	virDomainPtr d;
	int rc;

	if (!c->argument[0])
		return shutdown_all(c, e);
	if (call_option(c, "all"))
		return err_set(e, COMMAND_USAGE, "vm shutdown wants NAME or --all, not both");
	rc = virt_open(&conn, e);
	if (rc)
		return rc;
	while (strcmp(p->command, c->command->name) != 0)
		p++;
	rc = virt_machine(conn, c->argument[0], &d, e);
	if (!rc) {
		rc = act(p, d, c, e);
		virDomainFree(d);
	}
	virConnectClose(conn);
	return rc;
}

static const struct option start_options[] = { { "fresh", NULL, "boot it, and forget the memory that was saved" }, { 0 } };
static const struct option shutdown_options[] = {
	{ "timeout", "SECONDS", "how long to wait; 120 when not given" },
	{ "all", NULL, "all machines; who does not hear is saved, or else turned off" },
	{ 0 }
};

const struct command command_vm_start = { "vm start", "NAME", "start it, or go on where it was saved", NULL, start_options, power_run };
const struct command command_vm_shutdown = { "vm shutdown", "[NAME]", "ask it to shut down and wait", NULL, shutdown_options, power_run };
const struct command command_vm_reboot = { "vm reboot", "NAME", "ask it to restart", NULL, NULL, power_run };
const struct command command_vm_destroy = { "vm destroy", "NAME", "turn it off at once; its disks stay", NULL, NULL, power_run };
const struct command command_vm_pause = { "vm pause", "NAME", "stop its processors", NULL, NULL, power_run };
const struct command command_vm_resume = { "vm resume", "NAME", "let a paused one go on", NULL, NULL, power_run };
const struct command command_vm_save = { "vm save", "NAME", "write its memory to disk and turn it off; start goes on", NULL, NULL,
					 power_run };
const struct command command_vm_restore = { "vm restore", "NAME", "go on where it was saved", NULL, NULL, power_run };
