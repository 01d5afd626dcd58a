/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `vm create` under another name: what is not said comes from the file. */
#include <string.h>

#include "core/text.h"
#include "import.h"

extern const struct command command_vm_create;

static const struct option import_option = { "import", "FILE", NULL };

/* The name that its description has, or that of the file, without what follows the first dot. */
static int name_of(const struct import *i, const char *path, char ret[SPEC_NAME], struct err *e)
{
	const char *file = strrchr(path, '/') + 1;
	char name[TAR_NAME];

	if (i->described)
		text_copy(name, sizeof(name), i->ovf.name);
	else
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(file, "."), file);
	text_copy(ret, SPEC_NAME, name);
	return spec_name(name, e) ? err_suffix(e, "; give it one: --name") : 0;
}

static int import_run(struct call *c, struct err *e)
{
	const char *path = c->argument[0], *name = call_option(c, "name");
	static struct import import;
	char own[SPEC_NAME];

	if (*path != '/')
		return err_set(e, COMMAND_REFUSED, "%.100s: write the whole path, from /", path);
	if (c->options == CALL_OPTIONS)
		return err_set(e, COMMAND_USAGE, "too many options");
	if (!name && (import_look(&import, path, e) || name_of(&import, path, own, e)))
		return e->code;
	c->argument[0] = name ? name : own;
	c->option[c->options++] = (struct given){ &import_option, path };
	return command_vm_create.run(c, e);
}

static const struct option options[] = {
	{ "name", "NAME", "its name; when not given, that in the OVA, or of the file" },
	{ "memory", "SIZE", "512M, 2G; when not given, as the OVA says" },
	{ "vcpus", "N", "processors; the same" },
	{ "disk", "SIZE", "make its first disk that large; may be given again, for the next ones" },
	{ "storage", "POOL", "where its disks are made; see `dolmen storage list`" },
	{ "net", "BRIDGE", "instead of the OVA's networks, a bridge; may be given again" },
	{ "kernel", "FILE", "boot this Linux kernel" },
	{ "initrd", "FILE", "with this initramfs" },
	{ "cmdline", "WORDS", "and this kernel command line" },
	{ "type", "TYPE", "pv, pvh or hvm; pvh with --kernel, else hvm" },
	{ "uefi", NULL, "boot by UEFI instead of BIOS" },
	{ "autostart", NULL, "start it with the host" },
	{ "start", NULL, "start it now" },
	{ 0 }
};

const struct command command_vm_import = { "vm import", "FILE", "make a virtual machine of an OVA or of a disk image",
	"FILE is an OVA, the OVF file of one that was unpacked, or an image: qcow2, raw, vmdk, vdi, vhd, vhdx. Nothing is made when something\n"
	"is wrong with it.\n", options, import_run };
