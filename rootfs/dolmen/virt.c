/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "virt.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

static void silent(void *user, virErrorPtr error)
{
	(void)user;
	(void)error;
}

int virt_error(struct err *e, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	/* Its driver says what it did, and in a log of its own why that failed. */
	return err_set(e, -EIO, "%s: %s%s", what, virGetLastErrorMessage(),
		       strstr(virGetLastErrorMessage(), "libxenlight") ? "; why: /state/log/libvirt/libxl/libxl-driver.log" : "");
}

int virt_open(virConnectPtr *ret, struct err *e)
{
	const char *uri = getenv("DOLMEN_LIBVIRT");

	virSetErrorFunc(NULL, silent);
	*ret = virConnectOpen(uri ? uri : "xen:///system");
	return *ret ? 0 : virt_error(e, "libvirt does not answer");
}

int virt_machine(virConnectPtr c, const char *name, virDomainPtr *ret, struct err *e)
{
	*ret = virDomainLookupByName(c, name);
	if (*ret && !virt_is_arriving(*ret))
		return 0;
	if (*ret) {
		virDomainFree(*ret);
		*ret = NULL;
		return err_set(e, COMMAND_REFUSED, "`%.60s` is on its way here from another host; should that have broken off, it is gone in three minutes", name);
	}
	if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
		return err_set(e, COMMAND_REFUSED, "there is no virtual machine `%.60s`", name);
	return virt_error(e, "%.60s", name);
}

bool virt_is_arriving(virDomainPtr d)
{
	return virDomainIsActive(d) == 0 && virDomainIsPersistent(d) == 0;
}

int virt_volumes(virDomainPtr d, struct volumes *ret, struct err *e)
{
	const char *name = virDomainGetName(d);
	char *xml = virDomainGetXMLDesc(d, VIR_DOMAIN_XML_INACTIVE);
	int rc = xml ? storage_list_defined(name, xml, ret, e) : virt_error(e, "%s", name);

	free(xml);
	return rc;
}

int virt_is_free(virConnectPtr c, const char *name, struct err *e)
{
	virDomainPtr d = virDomainLookupByName(c, name);
	static struct volumes volumes;

	if (d) {
		virDomainFree(d);
		return err_set(e, COMMAND_REFUSED, "there is a virtual machine `%s` already", name);
	}
	if (storage_list(name, &volumes, e))
		return e->code;
	return volumes.n ? err_set(e, COMMAND_REFUSED, "there is a disk %s already, of a machine that is gone", volumes.v[0].name) : 0;
}

int virt_in_one_moment(virDomainPtr d, int (*act)(void *user, struct err *e), void *user, struct err *e)
{
	int state = 0, rc;
	bool halted = !virDomainGetState(d, &state, NULL, 0) && state == VIR_DOMAIN_RUNNING;

	if (halted && virDomainSuspend(d) < 0)
		return virt_error(e, "%s cannot be paused", virDomainGetName(d));
	rc = act(user, e);
	if (halted && virDomainResume(d) < 0 && !rc)
		rc = virt_error(e, "%s cannot go on", virDomainGetName(d));
	return rc;
}

bool virt_has_bridge(const char *name)
{
	const char *root = getenv("DOLMEN_ROOT");
	char path[300];

	snprintf(path, sizeof(path), "%s/sys/class/net/%s/bridge", root ? root : "", name);
	return *name && !strchr(name, '/') && access(path, F_OK) == 0;
}

const char *virt_state(int state)
{
	switch (state) {
	case VIR_DOMAIN_RUNNING:
	case VIR_DOMAIN_BLOCKED: return "running";
	case VIR_DOMAIN_PAUSED: return "paused";
	case VIR_DOMAIN_SHUTDOWN: return "shutting down";
	case VIR_DOMAIN_SHUTOFF: return "off";
	case VIR_DOMAIN_CRASHED: return "crashed";
	case VIR_DOMAIN_PMSUSPENDED: return "suspended";
	default: return "unknown";
	}
}
