/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "vm.h"

/* A machine of the list; false: it has gone in between. */
static bool read_machine(virDomainPtr d, virDomainInfo *ret, int *ret_autostart)
{
	*ret_autostart = 0;
	if (virDomainGetInfo(d, ret) < 0)
		return false;
	virDomainGetAutostart(d, ret_autostart);
	return true;
}

static void print_row(FILE *out, virDomainPtr d, const virDomainInfo *i, int autostart)
{
	char size[32];

	fprintf(out, "%-24s %-14s %10s %5u  %s\n", virDomainGetName(d), vm_state(d, i->state),
		text_size((uint64_t)i->maxMem * 1024, size, sizeof(size)), i->nrVirtCpu, autostart ? "yes" : "no");
}

static void print_json(struct json *j, virDomainPtr d, const virDomainInfo *i, int autostart)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	unsigned id = virDomainGetID(d);

	virDomainGetUUIDString(d, uuid);
	json_object(j, NULL);
	json_text(j, "name", virDomainGetName(d));
	json_text(j, "uuid", uuid);
	json_text(j, "state", vm_state(d, i->state));
	if (id != (unsigned)-1)
		json_number(j, "domid", id);
	json_number(j, "memory_bytes", (uint64_t)i->memory * 1024);
	json_number(j, "memory_max_bytes", (uint64_t)i->maxMem * 1024);
	json_number(j, "vcpus", i->nrVirtCpu);
	json_number(j, "cpu_seconds", i->cpuTime / 1000000000);
	json_bool(j, "autostart", autostart);
	json_object_end(j);
}

static int list_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	virDomainPtr *all = NULL;
	virConnectPtr conn;
	int n, rc = virt_open(&conn, e);

	if (rc)
		return rc;
	n = virConnectListAllDomains(conn, &all, 0);
	if (n < 0)
		rc = virt_error(e, "the virtual machines cannot be listed");
	else if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-24s %-14s %10s %5s  %s\n", "NAME", "STATE", "MEMORY", "VCPUS", "AUTOSTART");
	for (int i = 0; i < n; i++) {
		virDomainInfo info;
		int autostart;

		/* Domain-0 is the host. */
		if (virDomainGetID(all[i]) != 0 && read_machine(all[i], &info, &autostart)) {
			if (c->json)
				print_json(&j, all[i], &info, autostart);
			else
				print_row(c->out, all[i], &info, autostart);
		}
		virDomainFree(all[i]);
	}
	if (n >= 0 && c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	free(all);
	virConnectClose(conn);
	return rc;
}

const struct command command_vm_list = { "vm list", "", "list the virtual machines", NULL, NULL, list_run };
