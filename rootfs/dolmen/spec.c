/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "spec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

const char *const vm_type_text[VM_TYPE_MAX] = { "pv", "pvh", "hvm" };

int spec_size(const char *text, uint64_t *ret_bytes, struct err *e)
{
	static const char units[] = "KMGTP";
	const char *unit = text + strspn(text, "0123456789."), *at;
	char *end;
	double n = strtod(text, &end);
	bool right = isdigit((unsigned char)*text) && end == unit && *unit && (at = strchr(units, toupper((unsigned char)*unit))) &&
		     (!unit[1] || !strcasecmp(unit + 1, "iB"));

	for (int i = 0; right && i <= at - units; i++)
		n *= 1024;
	if (!right || n < 1 || n >= (double)INT64_MAX)
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a size; write one like 512M or 20G", text);
	*ret_bytes = (uint64_t)n;
	return 0;
}

int spec_count(const char *text, unsigned most, unsigned *ret, struct err *e)
{
	unsigned long n = text_only(text, "0123456789") && strlen(text) < 7 ? strtoul(text, NULL, 10) : 0;

	if (n < 1 || n > most)
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a number from 1 to %u", text, most);
	*ret = (unsigned)n;
	return 0;
}

int spec_cpus(const char *text, unsigned cpus, unsigned char ret[SPEC_CPUS / 8], struct err *e)
{
	const char *p = text;
	bool right = *p;

	memset(ret, 0, SPEC_CPUS / 8);
	cpus = cpus > SPEC_CPUS ? SPEC_CPUS : cpus;
	for (unsigned i = 0; i < cpus && !strcmp(text, "all"); i++)
		ret[i / 8] |= (unsigned char)(1 << i % 8);
	while (right && *p && strcmp(text, "all") != 0) {
		unsigned first, last;
		int n = 0, more = 0;

		right = isdigit((unsigned char)*p) && sscanf(p, "%4u%n", &first, &n) == 1;
		last = first;
		if (right && p[n] == '-')
			right = isdigit((unsigned char)p[n + 1]) && sscanf(p + n + 1, "%4u%n", &last, &more) == 1 && ++n;
		p += n + more;
		right = right && first <= last && last < cpus && (!*p || (*p == ',' && *++p));
		for (unsigned i = first; right && i <= last; i++)
			ret[i / 8] |= (unsigned char)(1 << i % 8);
	}
	return right ? 0 : err_set(e, COMMAND_REFUSED, "`%.60s` are not processors like 0-3,6 of this host, whose last one is %u", text, cpus - 1);
}

int spec_name(const char *text, struct err *e)
{
	if (!text_only(text, LETTERS) || strchr("._-", *text) || strlen(text) >= SPEC_NAME)
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a name (letters, digits, `.`, `_` and `-`; %d at most)", text, SPEC_NAME - 1);
	return 0;
}

int spec_machine_name(const char *text, struct err *e)
{
	if (!spec_name(text, e) && text_only(text, "0123456789"))
		err_set(e, COMMAND_REFUSED, "`%s`: digits alone name a running machine by its number", text);
	return e->code;
}

int spec_memory(uint64_t bytes, struct err *e)
{
	char size[32];

	return bytes < 32 * MIB ? err_set(e, COMMAND_REFUSED, "%s of memory is too little for a machine; 32M at least",
					  text_size(bytes, size, sizeof(size))) : 0;
}

/* An option's text, cut nowhere. */
static int copy(char *dst, size_t size, const struct call *c, const char *option, struct err *e)
{
	const char *value = call_option(c, option);

	if (value && !*value)
		return err_set(e, COMMAND_REFUSED, "--%s says nothing", option);
	if (value && !text_copy(dst, size, value))
		return err_set(e, COMMAND_REFUSED, "--%s is too long", option);
	return 0;
}

/* A file: from the root, as libvirt's daemon works in a folder of its own. */
static int copy_path(char *dst, size_t size, const struct call *c, const char *option, struct err *e)
{
	int rc = copy(dst, size, c, option, e);

	if (!rc && *dst && *dst != '/')
		rc = err_set(e, COMMAND_REFUSED, "--%s %.100s: write the whole path, from /", option, dst);
	return rc;
}

static int fill_type(struct vm_spec *s, const struct call *c, struct err *e)
{
	const char *text = call_option(c, "type");

	s->type = *s->kernel && !s->uefi ? VM_PVH : VM_HVM;
	for (unsigned i = 0; text && i <= VM_TYPE_MAX; i++) {
		if (i == VM_TYPE_MAX)
			return err_set(e, COMMAND_REFUSED, "there is no type `%.60s`; write pv, pvh or hvm", text);
		s->type = (enum vm_type)i;
		if (!strcmp(text, vm_type_text[i]))
			break;
	}
	if (s->type != VM_HVM && !*s->kernel)
		return err_set(e, COMMAND_REFUSED, "a machine of type %s wants --kernel; type hvm boots from its disk", vm_type_text[s->type]);
	if (s->type != VM_HVM && s->uefi)
		return err_set(e, COMMAND_REFUSED, "only machines of type hvm have --uefi");
	if (s->type != VM_HVM && *s->cdrom)
		return err_set(e, COMMAND_REFUSED, "only machines of type hvm boot from --cdrom");
	if (*s->kernel && *s->cdrom)
		return err_set(e, COMMAND_REFUSED, "a machine boots --kernel or --cdrom, not both");
	if (*s->kernel && s->uefi)
		return err_set(e, COMMAND_REFUSED, "UEFI starts no --kernel; leave --uefi or --kernel out");
	if (!*s->kernel && (*s->initrd || *s->cmdline))
		return err_set(e, COMMAND_REFUSED, "--initrd and --cmdline belong to --kernel");
	return 0;
}

static int fill_cpu_and_memory(struct vm_spec *s, const struct call *c, struct err *e)
{
	const char *memory = call_option(c, "memory"), *memory_max = call_option(c, "memory-max");
	const char *vcpus = call_option(c, "vcpus"), *vcpus_max = call_option(c, "vcpus-max");
	int rc = 0;

	s->memory_bytes = 1024 * MIB;
	s->vcpus = 1;
	if (memory)
		rc = spec_size(memory, &s->memory_bytes, e);
	s->memory_max_bytes = s->memory_bytes;
	if (!rc && memory_max)
		rc = spec_size(memory_max, &s->memory_max_bytes, e);
	if (!rc && vcpus)
		rc = spec_count(vcpus, SPEC_CPUS, &s->vcpus, e);
	s->vcpus_max = s->vcpus;
	if (!rc && vcpus_max)
		rc = spec_count(vcpus_max, SPEC_CPUS, &s->vcpus_max, e);
	if (!rc)
		rc = spec_memory(s->memory_bytes, e);
	if (!rc && s->memory_max_bytes < s->memory_bytes)
		rc = err_set(e, COMMAND_REFUSED, "--memory-max %s is less than --memory", memory_max);
	if (!rc && s->vcpus_max < s->vcpus)
		rc = err_set(e, COMMAND_REFUSED, "--vcpus-max %s is less than --vcpus", vcpus_max);
	return rc;
}

static int fill_disks(struct vm_spec *s, const struct call *c, struct err *e)
{
	const char *value;
	unsigned at = 0;
	int rc;

	while ((value = call_next(c, "disk", &at))) {
		if (s->disks == SPEC_DISKS)
			return err_set(e, COMMAND_REFUSED, "a machine has at most %d disks", SPEC_DISKS);
		rc = spec_size(value, &s->disk[s->disks].bytes, e);
		if (rc)
			return rc;
		if (s->disk[s->disks].bytes < MIB)
			return err_set(e, COMMAND_REFUSED, "--disk %s is less than 1M", value);
		s->disks++;
	}
	/* Its size is known when it is read. */
	if (*s->import && !s->disks)
		s->disks = 1;
	if (!s->disks && !*s->kernel && !*s->cdrom)
		return err_set(e, COMMAND_REFUSED, "nothing to boot from: give --disk, --cdrom, --kernel or --import");
	return 0;
}

static int fill_nets(struct vm_spec *s, const struct call *c, struct err *e)
{
	const char *value;
	unsigned at = 0;

	while ((value = call_next(c, "net", &at))) {
		if (s->nets == SPEC_NETS)
			return err_set(e, COMMAND_REFUSED, "a machine has at most %d networks", SPEC_NETS);
		if (!text_only(value, LETTERS) || !text_copy(s->net[s->nets++].bridge, sizeof(s->net[0].bridge), value))
			return err_set(e, COMMAND_REFUSED, "`%.60s` is not the name of a bridge like xenbr0", value);
	}
	return 0;
}

int spec_fill(struct vm_spec *s, const struct call *c, struct err *e)
{
	*s = (struct vm_spec){ .uefi = call_option(c, "uefi") };
	if (spec_machine_name(c->argument[0], e))
		return e->code;
	text_copy(s->name, sizeof(s->name), c->argument[0]);
	return copy_path(s->kernel, sizeof(s->kernel), c, "kernel", e) || copy_path(s->initrd, sizeof(s->initrd), c, "initrd", e) ||
	       copy(s->cmdline, sizeof(s->cmdline), c, "cmdline", e) || copy(s->cdrom, sizeof(s->cdrom), c, "cdrom", e) ||
	       copy_path(s->import, sizeof(s->import), c, "import", e) || fill_type(s, c, e) || fill_cpu_and_memory(s, c, e) ||
	       fill_disks(s, c, e) || fill_nets(s, c, e) ? e->code : 0;
}
