/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of a plan: itself, GRUB's configuration, the host's configuration. */
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mbr.h"

static void write_slot(const struct plan *p, FILE *out)
{
	fprintf(out, "dolmen.slot=a dolmen.root=%s dolmen.state=%s", p->part[PART_ROOT_A].guid, p->part[PART_STATE].guid);
}

/*
 * The disk is the one GRUB itself came from ($root), never the result of a search: two disks of this kind in one
 * machine must not mix. The firmware's own console is used on UEFI; it knows about serial ports itself.
 * Xen's EFI loader takes the first word for its own name and hands what follows `--` to the hypervisor.
 */
void plan_write_grub_cfg(const struct plan *p, FILE *out)
{
	fputs("# Written by the installer.\n"
	      "set default=a\n"
	      "set timeout=3\n"
	      "if [ \"$grub_platform\" = \"pc\" ]; then\n"
	      "    if serial --unit=0 --speed=115200; then\n"
	      "        terminal_input console serial\n"
	      "        terminal_output console serial\n"
	      "    fi\n"
	      "fi\n"
	      "regexp --set=1:dolmen_disk '^([^,]+),' \"$root\"\n"
	      "menuentry \"Dolmen", out);
	if (*p->manifest.version)
		fprintf(out, " %s", p->manifest.version);
	fputs(" (slot A)\" --id a {\n"
	      "    set root=\"$dolmen_disk,gpt3\"\n"
	      "    if [ \"$grub_platform\" = \"pc\" ]; then\n", out);
	fprintf(out, "        multiboot2 /xen.gz %s\n", p->xencfg.options);
	fprintf(out, "        module2 /vmlinuz %s ", p->xencfg.kernel);
	write_slot(p, out);
	fputs("\n        module2 /initramfs\n"
	      "    else\n"
	      "        chainloader /xen.efi xen.efi -- ", out);
	write_slot(p, out);
	fputs("\n    fi\n}\n", out);
}

void plan_write_host_conf(const struct plan *p, const char *root_hash, FILE *out)
{
	fprintf(out, "schema=1\nhostname=%s\ntimezone=%s\nkeymap=%s\nroot_hash=%s\n", p->hostname, p->timezone, p->keymap,
		root_hash);
	for (unsigned i = 0; i < p->nics; i++)
		fprintf(out, "nic=eth%u %s\n", i, p->nic[i].mac);
	fprintf(out, "management=eth%u\nipv4=%s\n", p->management, p->ipv4 == IPV4_STATIC ? "static" : "dhcp");
	if (p->ipv4 == IPV4_STATIC) {
		fprintf(out, "address=%s/%u\n", p->address, p->prefix);
		if (*p->gateway)
			fprintf(out, "gateway=%s\n", p->gateway);
	}
	for (unsigned i = 0; i < p->dns_n; i++)
		fprintf(out, "dns=%s\n", p->dns[i]);
	for (unsigned i = 0; i < p->ntp_n; i++)
		fprintf(out, "ntp=%s\n", p->ntp[i]);
	if (*p->vg)
		fprintf(out, "storage=lvm %s\n", p->vg);
	else if (p->part[PART_STORAGE].at.sectors || p->extra_n)
		fprintf(out, "storage=ext %s\n", p->storage_uuid);
	else
		fputs("storage=none\n", out);
}

static void write_indented(FILE *out, const char *title, const char *text)
{
	fprintf(out, "%s\n", title);
	while (*text) {
		size_t n = strcspn(text, "\n");

		fprintf(out, "        | %.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void write_file(const struct plan *p, FILE *out, const char *title, bool host_conf)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	if (host_conf)
		plan_write_host_conf(p, p->password_type == PASSWORD_NONE ? "!" : "***", f);
	else
		plan_write_grub_cfg(p, f);
	if (fclose(f) == 0)
		write_indented(out, title, text);
	free(text);
}

static void write_commands(const struct plan *p, FILE *out, enum plan_step step)
{
	for (unsigned i = 0; i < p->commands; i++) {
		const struct plan_command *c = &p->command[i];

		if (c->step != step)
			continue;
		fputs("    run", out);
		for (unsigned k = 0; c->argv[k]; k++)
			fprintf(out, strpbrk(c->argv[k], " {}") ? " '%s'" : " %s", c->argv[k]);
		fputc('\n', out);
	}
}

static void write_image(const struct plan *p, FILE *out, const char *from, const char *to)
{
	const struct manifest_file *f = manifest_find(&p->manifest, from);

	if (f)
		fprintf(out, "    write %s -> %s, %" PRIu64 " bytes, sha256 %s\n", from, to, f->bytes, f->sha256);
}

static void write_step(const struct plan *p, FILE *out, enum plan_step step)
{
	char to[128];

	fprintf(out, "step %d/%d %s\n", (int)step + 1, (int)STEP_MAX, plan_step_text[step]);
	switch (step) {
	case STEP_WIPE:
		for (unsigned i = 0; i < p->wipes; i++) {
			fprintf(out, "    zero %s %" PRIu64 "+%" PRIu64 "\n", p->wipe[i].disk, p->wipe[i].start, p->wipe[i].bytes);
			if (i == 0)
				fprintf(out, "    boot record of %s: \"%s\"\n", p->disk.path, MBR_STUB_TEXT);
		}
		break;
	case STEP_PARTITION:
		fprintf(out, "    table gpt %s\n", p->disk_guid);
		for (unsigned i = 1; i <= PART_MAX; i++)
			if (p->part[i].at.sectors)
				fprintf(out, "    partition %u %s start %" PRIu64 " sectors %" PRIu64 " type %s (%s) guid %s node %s\n", i,
					p->part[i].at.label, p->part[i].at.start, p->part[i].at.sectors,
					p->part[i].at.type_guid, p->part[i].at.type_name, p->part[i].guid, p->part[i].node);
		break;
	case STEP_ROOT_A:
		write_image(p, out, "dolmen/host.squashfs", p->part[PART_ROOT_A].node);
		break;
	case STEP_BOOT_A:
		write_commands(p, out, step);
		snprintf(to, sizeof(to), "%s:/xen.gz", p->part[PART_BOOT_A].node);
		write_image(p, out, "boot/xen.gz", to);
		snprintf(to, sizeof(to), "%s:/vmlinuz", p->part[PART_BOOT_A].node);
		write_image(p, out, "boot/vmlinuz", to);
		snprintf(to, sizeof(to), "%s:/initramfs", p->part[PART_BOOT_A].node);
		write_image(p, out, "boot/initramfs", to);
		snprintf(to, sizeof(to), "%s:/xen.efi", p->part[PART_BOOT_A].node);
		write_image(p, out, "boot/xen-unified.efi", to);
		fprintf(out, "    write manifest -> %s:/manifest\n", p->part[PART_BOOT_A].node);
		break;
	case STEP_STATE:
		write_commands(p, out, step);
		write_file(p, out, "    write /schema = 1, /host.conf:", true);
		break;
	case STEP_STORAGE:
		write_commands(p, out, step);
		break;
	case STEP_BOOT:
		write_commands(p, out, step);
		fprintf(out, "    write grubx64.efi, shimx64.efi -> %s:/EFI/BOOT/\n", p->part[PART_ESP].node);
		write_file(p, out, "    write /grub/grub.cfg:", false);
		if (p->bios)
			fprintf(out, "    write core.img -> %s; boot record last\n", p->part[PART_BIOS].node);
		else
			fputs("    no BIOS boot record: sectors of 4096 bytes\n", out);
		break;
	default:
		write_commands(p, out, step);
	}
}

static void write_disk(FILE *out, const char *what, const struct disk *d)
{
	char s[300];

	machine_describe_disk(d, s, sizeof(s));
	fprintf(out, "%s %s; %" PRIu64 " bytes, sectors of %" PRIu32 "\n", what, s, d->bytes, d->sector);
}

void plan_write(const struct plan *p, FILE *out)
{
	fprintf(out, "plan 1: fresh installation of Dolmen %s\n", p->manifest.version);
	write_disk(out, "disk", &p->disk);
	fprintf(out, "lost: %s\n", p->contents);
	for (unsigned i = 0; i < p->extra_n; i++)
		write_disk(out, "guest disk", &p->extra[i]);
	for (unsigned i = 0; i < STEP_MAX; i++)
		write_step(p, out, (enum plan_step)i);
}
