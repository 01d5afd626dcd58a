/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The medium in a virtual CD drive. A drive cannot come while a machine runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "core/json.h"
#include "core/text.h"
#include "domain.h"
#include "iso.h"
#include "virt.h"

/* A path, or an ISO of the library. */
static int find_iso(const char *what, char ret[ISO_PATH], struct err *e)
{
	struct stat st;

	if (!text_copy(ret, ISO_PATH, what))
		return err_set(e, COMMAND_REFUSED, "%.100s: the path is too long", what);
	if (iso_resolve(ret, e))
		return e->code;
	if (*ret != '/')
		return err_set(e, COMMAND_REFUSED, "%.100s: write the whole path, from /", ret);
	if (stat(ret, &st) < 0 || access(ret, R_OK) < 0)
		return err_set(e, COMMAND_REFUSED, "%.200s: %s", ret, strerror(errno));
	return S_ISREG(st.st_mode) || S_ISBLK(st.st_mode) ? 0 : err_set(e, COMMAND_REFUSED, "%.200s: this is not a file", ret);
}

/* path "": nothing is in it. Caller frees. */
static char *drive(const char *path)
{
	char *xml = NULL;
	size_t n;
	FILE *f = open_memstream(&xml, &n);

	if (!f)
		return NULL;
	spec_write_cdrom(path, f);
	return fclose(f) ? NULL : xml;
}

static int change(virDomainPtr d, const char *path, bool has_drive, struct err *e)
{
	unsigned flags = VIR_DOMAIN_AFFECT_CONFIG | (virDomainIsActive(d) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0);
	const char *name = virDomainGetName(d);
	char *xml;
	int r;

	if (!has_drive && (flags & VIR_DOMAIN_AFFECT_LIVE))
		return err_set(e, COMMAND_REFUSED, "%s has no CD drive, and cannot get one while it runs", name);
	if (!has_drive && !*path)
		return err_set(e, COMMAND_REFUSED, "%s has no CD drive", name);
	xml = drive(path);
	r = !xml ? -1 : has_drive ? virDomainUpdateDeviceFlags(d, xml, flags) : virDomainAttachDeviceFlags(d, xml, flags);
	free(xml);
	return r < 0 ? virt_error(e, "the CD of %s cannot be changed", name) : 0;
}

static void print(const struct call *c, const char *name, bool has_drive, const char *path)
{
	struct json j = { .out = c->out };

	if (!c->json) {
		fprintf(c->out, "%s: %s\n", name, !has_drive ? "no CD drive" : *path ? path : "no CD");
		return;
	}
	json_object(&j, NULL);
	json_text(&j, "name", name);
	json_bool(&j, "drive", has_drive);
	json_text(&j, "cdrom", *path ? path : NULL);
	json_object_end(&j);
	json_end(&j);
}

/* What is in it now, if it runs, else at its next start. */
static int read_drive(virDomainPtr d, struct vm_spec *ret, struct err *e)
{
	char *xml = virDomainGetXMLDesc(d, 0);
	int rc = !xml ? virt_error(e, "%s", virDomainGetName(d)) : domain_read(xml, ret, e);

	free(xml);
	return rc;
}

static int cdrom_run(struct call *c, struct err *e)
{
	const char *name = c->argument[0];
	char iso[ISO_PATH] = "";
	bool eject = call_option(c, "eject");
	virConnectPtr conn = NULL;
	virDomainPtr d = NULL;
	struct vm_spec s;
	int rc;

	if (c->argument[1] && eject)
		return err_set(e, COMMAND_USAGE, "vm cdrom: a CD is put in or taken out, not both");
	rc = virt_open(&conn, e) || virt_machine(conn, name, &d, e) || (c->argument[1] && find_iso(c->argument[1], iso, e)) || read_drive(d, &s, e) ? e->code : 0;
	if (!rc && s.type != VM_HVM)
		rc = err_set(e, COMMAND_REFUSED, "%s is of type %s: only hvm has CDs", name, vm_type_text[s.type]);
	if (!rc && (*iso || eject))
		rc = change(d, iso, s.cdrom_drive, e) || read_drive(d, &s, e) ? e->code : 0;
	if (!rc)
		print(c, name, s.cdrom_drive, s.cdrom);
	if (d)
		virDomainFree(d);
	if (conn)
		virConnectClose(conn);
	return rc;
}

static const struct option options[] = {
	{ "eject", NULL, "take it out" },
	{ 0 }
};

const struct command command_vm_cdrom = { "vm cdrom", "NAME [ISO]", "put a CD into its drive, or tell which one is there", NULL, options,
	cdrom_run };
