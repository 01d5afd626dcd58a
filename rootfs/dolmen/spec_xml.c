/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libvirt's Xen driver takes; the rest is its default. */
#include <inttypes.h>
#include <string.h>

#include "core/xml_write.h"
#include "spec.h"

/* libvirt's word for the type, and for the machine. */
static const char *const os_type[VM_TYPE_MAX] = { "linux", "xenpvh", "hvm" };
static const char *const machine[VM_TYPE_MAX] = { "xenpv", "xenpvh", "xenfv" };

static void write_os(const struct vm_spec *s, FILE *out)
{
	fprintf(out, "  <os>\n    <type arch='x86_64' machine='%s'>%s</type>\n", machine[s->type], os_type[s->type]);
	/* The toolstack knows the file; libvirt wants to hear one to know that it is UEFI. */
	if (s->uefi)
		fputs("    <loader readonly='yes' type='pflash'>/usr/share/ovmf/OVMF.fd</loader>\n", out);
	xml_element(out, "    ", "kernel", s->kernel);
	xml_element(out, "    ", "initrd", s->initrd);
	xml_element(out, "    ", "cmdline", s->cmdline);
	/* The CD when the disk has nothing to boot: once, for the installation. */
	if (!*s->kernel && s->disks)
		fputs("    <boot dev='hd'/>\n", out);
	if (*s->cdrom)
		fputs("    <boot dev='cdrom'/>\n", out);
	fputs("  </os>\n", out);
	if (s->type == VM_HVM)
		fputs("  <features><acpi/><apic/><pae/></features>\n", out);
}

static void write_disk(const struct spec_disk *d, unsigned i, FILE *out)
{
	fprintf(out, "    <disk type='%s' device='disk'>\n      <driver name='%s' type='raw'/>\n      <source %s=\"", d->file ? "file" : "block",
		d->file ? "qemu" : "phy", d->file ? "file" : "dev");
	xml_put(out, d->path);
	fprintf(out, "\"/>\n      <target dev='xvd%c' bus='xen'/>\n    </disk>\n", 'a' + (int)i);
}

void spec_write_cdrom(const char *iso, FILE *out)
{
	fputs("    <disk type='file' device='cdrom'>\n      <driver name='qemu' type='raw'/>\n", out);
	if (*iso) {
		fputs("      <source file=\"", out);
		xml_put(out, iso);
		fputs("\"/>\n", out);
	}
	fputs("      <target dev='hdc' bus='ide'/>\n      <readonly/>\n    </disk>\n", out);
}

static void write_devices(const struct vm_spec *s, FILE *out)
{
	fputs("  <devices>\n", out);
	if (s->type == VM_HVM)
		fputs("    <emulator>/usr/libexec/xen-qemu-system-i386</emulator>\n", out);
	for (unsigned i = 0; i < s->disks; i++)
		write_disk(&s->disk[i], i, out);
	if (*s->cdrom)
		spec_write_cdrom(s->cdrom, out);
	for (unsigned i = 0; i < s->nets; i++)
		fprintf(out, "    <interface type='bridge'>\n      <source bridge='%s'/>\n%s    </interface>\n", s->net[i].bridge,
			s->type == VM_HVM ? "      <model type='e1000'/>\n" : "");
	if (s->type == VM_HVM)
		fputs("    <serial type='pty'><target port='0'/></serial>\n"
		      "    <input type='tablet' bus='usb'/>\n"
		      "    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>\n"
		      "    <video><model type='vga' vram='16384'/></video>\n", out);
	else
		fputs("    <console type='pty'><target type='xen' port='0'/></console>\n", out);
	fputs("  </devices>\n", out);
}

void spec_write_xml(const struct vm_spec *s, FILE *out)
{
	fprintf(out, "<domain type='xen'>\n  <name>%s</name>\n", s->name);
	fprintf(out, "  <memory unit='KiB'>%" PRIu64 "</memory>\n", s->memory_max_bytes / 1024);
	fprintf(out, "  <currentMemory unit='KiB'>%" PRIu64 "</currentMemory>\n", s->memory_bytes / 1024);
	fprintf(out, "  <vcpu current='%u'>%u</vcpu>\n", s->vcpus, s->vcpus_max);
	write_os(s, out);
	fputs("  <clock offset='utc'/>\n  <on_poweroff>destroy</on_poweroff>\n  <on_reboot>restart</on_reboot>\n"
	      "  <on_crash>destroy</on_crash>\n", out);
	write_devices(s, out);
	fputs("</domain>\n", out);
}

char *spec_xml_weight(const char *xml, unsigned weight)
{
	const char *old = strstr(xml, "<shares>"), *tune = strstr(xml, "<cputune>"), *end = strstr(xml, "</domain>");
	const char *at = old ? old : tune ? tune + strlen("<cputune>") : end, *rest = at;
	char *text = NULL;
	size_t n;
	FILE *f = at ? open_memstream(&text, &n) : NULL;

	if (!f)
		return NULL;
	if (old)
		rest = strstr(old, "</shares>") + strlen("</shares>");
	fprintf(f, "%.*s%s<shares>%u</shares>%s%s", (int)(at - xml), xml, old || tune ? "" : "<cputune>", weight, old || tune ? "" : "</cputune>",
		rest);
	fclose(f);
	return text;
}
