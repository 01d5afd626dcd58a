/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "core/json.h"
#include "definition.h"
#include "vm.h"

static void print(const struct call *c, const char *name, const struct definition *d)
{
	const char *port = d->vnc_port;
	struct json j = { .out = c->out };
	char vnc[64];

	snprintf(vnc, sizeof(vnc), "127.0.0.1:%s", port);
	if (c->json) {
		json_object(&j, NULL);
		json_text(&j, "name", name);
		json_text(&j, "tty", *d->tty ? d->tty : NULL);
		json_text(&j, "vnc", *port ? vnc : NULL);
		json_object_end(&j);
		json_end(&j);
		return;
	}
	if (*port)
		fprintf(c->out, "VNC: %s, on this host only; from elsewhere: ssh -L %s:%s root@THIS-HOST\n", vnc, port, vnc);
}

/* virsh's console is the one that people of libvirt know: Ctrl-] leaves it. */
static int become_console(const char *name, bool start, struct err *e)
{
	const char *uri = getenv("DOLMEN_LIBVIRT");

	if (isatty(STDOUT_FILENO))
		printf("The text console of %s. Ctrl-] leaves it; the machine goes on.\n", name);
	fflush(stdout);
	/* -k 0: it would hang up where a busy host keeps libvirtd waiting for half a minute. */
	execlp("virsh", "virsh", "-q", "-k", "0", "-c", uri ? uri : "xen:///system", start ? "start" : "console", name, start ? "--console" : NULL, NULL);
	return err_set(e, -errno, "virsh: %s", strerror(errno));
}

static int console_run(struct call *c, struct err *e)
{
	bool start = call_option(c, "start");
	const char *name = c->argument[0];
	static struct definition has;
	struct err ignored = { 0 };
	virConnectPtr conn;
	char *xml;
	virDomainPtr d = NULL;
	int rc = virt_open(&conn, e);

	if (rc)
		return rc;
	rc = virt_machine(conn, name, &d, e);
	if (!rc && start)
		rc = vm_check_start(d, e);
	else if (!rc && virDomainIsActive(d) != 1)
		rc = err_set(e, COMMAND_REFUSED, "%s does not run", name);
	if (!rc && !start && (xml = virDomainGetXMLDesc(d, 0))) {
		/* Whatever else it has. */
		definition_read(&has, xml, &ignored);
		free(xml);
		print(c, name, &has);
	}
	if (d)
		virDomainFree(d);
	virConnectClose(conn);
	return rc || c->json || call_option(c, "show") ? rc : become_console(name, start, e);
}

static const struct option options[] = {
	{ "start", NULL, "start the machine first: its first line is seen" },
	{ "show", NULL, "only say where the picture is (VNC)" },
	{ 0 }
};

const struct command command_vm_console = { "vm console", "NAME", "its text console on this terminal, and where VNC is",
	"Ctrl-] leaves the console; the machine goes on.\n", options, console_run };
