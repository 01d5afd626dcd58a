/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pci.h"

#include <dirent.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/text.h"
#include "sys/run.h"

#define DEVICES "/sys/bus/pci/devices"

static const char *root(void)
{
	const char *r = getenv("DOLMEN_ROOT");

	return r ? r : "";
}

bool pci_parse(const char *text, struct pci_address *a)
{
	int end = 0;

	*a = (struct pci_address){ 0 };
	if (text_only(text, "0123456789abcdefABCDEF:.") &&
	    ((sscanf(text, "%4x:%2x:%2x.%1x%n", &a->domain, &a->bus, &a->slot, &a->function, &end) == 4 && end && !text[end]) ||
	     (!(a->domain = 0) && sscanf(text, "%2x:%2x.%1x%n", &a->bus, &a->slot, &a->function, &end) == 3 && end && !text[end])))
		return a->slot < 32 && a->function < 8;
	return false;
}

static void attribute(const char *device, const char *name, char *ret, size_t size)
{
	char path[300];
	FILE *f;

	*ret = 0;
	snprintf(path, sizeof(path), "%s" DEVICES "/%s/%s", root(), device, name);
	f = fopen(path, "re");
	if (f) {
		if (fgets(ret, (int)size, f))
			text_trim(ret);
		fclose(f);
	}
}

static void driver(const char *device, char ret[64])
{
	char path[300], to[300];
	ssize_t n;

	*ret = 0;
	snprintf(path, sizeof(path), "%s" DEVICES "/%s/driver", root(), device);
	n = readlink(path, to, sizeof(to) - 1);
	if (n > 0) {
		to[n] = 0;
		text_copy(ret, 64, basename(to));
	}
}

/* Xen says whether there is an IOMMU, and that it uses it; without one a guest's device could write anywhere. */
static int check_iommu(struct err *e)
{
	struct log quiet = { .fd = -1 };
	char said[300] = "";
	int rc = run_command_last(&quiet, (char *const[]){ (char *)"xl", (char *)"info", (char *)"virt_caps", NULL }, said, sizeof(said), e);

	if (!rc && !strstr(said, "hvm_directio"))
		rc = err_set(e, COMMAND_REFUSED, "Xen has no IOMMU here, so that no machine can have a device: "
			     "turn on VT-d or AMD-Vi in the firmware (dolmen report has what Xen says about it)");
	return rc;
}

static int check_device(const char *text, struct err *e)
{
	struct pci_address a;
	char device[16], class[16];

	if (!pci_parse(text, &a))
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a PCI address like 0000:03:00.0", text);
	snprintf(device, sizeof(device), "%04x:%02x:%02x.%x", a.domain & 0xffff, a.bus & 0xff, a.slot & 31, a.function & 7);
	attribute(device, "class", class, sizeof(class));
	if (!*class)
		return err_set(e, COMMAND_REFUSED, "this host has no PCI device %s; see: dolmen pci list", device);
	if (!strncmp(class, "0x06", 4))
		return err_set(e, COMMAND_REFUSED, "%s is a bridge, which stays with the host", device);
	return 0;
}

int pci_check(virDomainPtr d, const struct call *c, struct err *e)
{
	const char *text;
	unsigned at = 0;
	char *type;
	int rc = 0;

	while (!rc && (text = call_next(c, "pci", &at)))
		rc = check_device(text, e);
	if (rc || !at || !call_option(c, "pci"))
		return rc;
	type = virDomainGetXMLDesc(d, VIR_DOMAIN_XML_INACTIVE);
	if (type && strstr(type, ">xenpvh</type>"))
		rc = err_set(e, COMMAND_REFUSED, "machines of type pvh cannot have devices of the host; hvm and pv can");
	free(type);
	return rc ? rc : check_iommu(e);
}

static int change(virDomainPtr d, const char *text, bool add, struct err *e)
{
	unsigned flags = VIR_DOMAIN_AFFECT_CONFIG | (virDomainIsActive(d) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0);
	struct pci_address a;
	char xml[300];

	if (!pci_parse(text, &a))
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a PCI address like 0000:03:00.0", text);
	/* managed: libvirt takes it from the host's driver when the machine starts, and gives it back. */
	snprintf(xml, sizeof(xml), "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
		 "<address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/></source></hostdev>", a.domain, a.bus, a.slot, a.function);
	if ((add ? virDomainAttachDeviceFlags(d, xml, flags) : virDomainDetachDeviceFlags(d, xml, flags)) < 0)
		return virt_error(e, add ? "%s cannot be given" : "%s cannot be taken back", text);
	return 0;
}

int pci_set(virDomainPtr d, const struct call *c, struct err *e)
{
	const char *text;
	unsigned at = 0;
	int rc = 0;

	while (!rc && (text = call_next(c, "pci-remove", &at)))
		rc = change(d, text, false, e);
	at = 0;
	while (!rc && (text = call_next(c, "pci", &at)))
		rc = change(d, text, true, e);
	return rc;
}

static void print(const struct call *c, struct json *j, const char *device)
{
	char class[16], vendor[16], id[16], by[64];

	attribute(device, "class", class, sizeof(class));
	attribute(device, "vendor", vendor, sizeof(vendor));
	attribute(device, "device", id, sizeof(id));
	driver(device, by);
	if (!c->json) {
		fprintf(c->out, "%-14s %-8s %.4s:%.4s  %s\n", device, class + 2 * !!*class, vendor + 2 * !!*vendor, id + 2 * !!*id, *by ? by : "-");
		return;
	}
	json_object(j, NULL);
	json_text(j, "address", device);
	json_text(j, "class", class);
	json_text(j, "vendor", vendor);
	json_text(j, "device", id);
	json_text(j, "driver", *by ? by : NULL);
	json_object_end(j);
}

static int list_run(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct dirent **all = NULL;
	char path[300];
	int n;

	snprintf(path, sizeof(path), "%s" DEVICES, root());
	n = scandir(path, &all, NULL, alphasort);
	if (n < 0)
		return err_set(e, -1, "%s cannot be read", path);
	if (c->json)
		json_array(&j, NULL);
	else
		fprintf(c->out, "%-14s %-8s %-9s  %s\n", "ADDRESS", "CLASS", "ID", "DRIVER");
	for (int i = 0; i < n; i++) {
		if (all[i]->d_name[0] != '.')
			print(c, &j, all[i]->d_name);
		free(all[i]);
	}
	free(all);
	if (c->json) {
		json_array_end(&j);
		json_end(&j);
	}
	return 0;
}

const struct command command_pci_list = { "pci list", "", "list the host's PCI devices; pciback: given to a machine", NULL, NULL, list_run };
