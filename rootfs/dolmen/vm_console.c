/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "core/json.h"
#include "vm.h"

/* The value of an attribute of the first element of that name in libvirt's own text, which has one form; "": none. */
static void attribute(const char *xml, const char *element, const char *name, char *ret, size_t size)
{
	char want[64];
	const char *p = strstr(xml, element), *end = p ? strchr(p, '>') : NULL, *at;

	*ret = 0;
	snprintf(want, sizeof(want), " %s='", name);
	at = p ? strstr(p, want) : NULL;
	if (at && at < end)
		snprintf(ret, size, "%.*s", (int)strcspn(at + strlen(want), "'"), at + strlen(want));
}

static void print(const struct call *c, const char *name, const char *tty, const char *port)
{
	struct json j = { .out = c->out };
	char vnc[64];

	snprintf(vnc, sizeof(vnc), "127.0.0.1:%s", port);
	if (c->json) {
		json_object(&j, NULL);
		json_text(&j, "name", name);
		json_text(&j, "tty", *tty ? tty : NULL);
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
	char tty[64], port[16], *xml;
	virConnectPtr conn;
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
		attribute(xml, "<console", "tty", tty, sizeof(tty));
		attribute(xml, "<graphics type='vnc'", "port", port, sizeof(port));
		free(xml);
		print(c, name, tty, port);
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
