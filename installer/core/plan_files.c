/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of an installation that are made of the plan: GRUB's and the host's configuration, SSH keys. */
#include "plan.h"

static void write_slot(const struct plan *p, const struct plan_target *t, FILE *out)
{
	fprintf(out, "dolmen.slot=a dolmen.root=%s dolmen.state=", t->part[PART_ROOT_A].guid);
	if (*p->state_array)
		fprintf(out, "md:%s", p->state_array);
	else
		fputs(t->part[PART_STATE].guid, out);
}

void plan_write_dom0_cfg(unsigned memory_mib, unsigned vcpus, FILE *out)
{
	fputs("set dom0=\"", out);
	if (memory_mib)
		fprintf(out, "dom0_mem=%uM,max:%uM", memory_mib, memory_mib);
	if (vcpus)
		fprintf(out, "%sdom0_max_vcpus=%u", memory_mib ? " " : "", vcpus);
	fputs("\"\n", out);
}

/*
 * The disk is the one GRUB itself came from ($root), never the result of a search: two disks of this kind in one
 * machine must not mix. The firmware's own console is used on UEFI; it knows about serial ports itself.
 * Xen's EFI loader takes the first word for its own name and hands what follows `--` to the hypervisor.
 * What dom0.cfg sets comes after the options of xen.cfg, which say what is meant when nothing is said: of two, Xen takes the later one.
 */
void plan_write_grub_cfg(const struct plan *p, const struct plan_target *t, FILE *out)
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
	      "if [ -f /grub/dom0.cfg ]; then\n"
	      "    source /grub/dom0.cfg\n"
	      "fi\n"
	      "menuentry \"Dolmen", out);
	if (*p->manifest.version)
		fprintf(out, " %s", p->manifest.version);
	fprintf(out, " (slot A)\" --id a {\n"
		"    set root=\"$dolmen_disk,gpt%u\"\n"
		"    if [ \"$grub_platform\" = \"pc\" ]; then\n", t->part[PART_BOOT_A].number);
	fprintf(out, "        multiboot2 /xen.gz %s $dom0\n", p->xencfg.options);
	fprintf(out, "        module2 /vmlinuz %s ", p->xencfg.kernel);
	write_slot(p, t, out);
	fputs("\n        module2 /initramfs\n"
	      "    else\n"
	      "        chainloader /xen.efi xen.efi -- ", out);
	write_slot(p, t, out);
	fputs(" $dom0\n    fi\n}\n", out);
}

static void write_network(const struct plan *p, FILE *out)
{
	for (unsigned i = 0; i < p->nics; i++)
		fprintf(out, "nic=eth%u %s\n", i, p->nic[i].mac);
	if (p->bond != BOND_NONE) {
		fprintf(out, "bond=%s", bond_mode_text[p->bond]);
		for (unsigned i = 0; i < p->bond_nics; i++)
			fprintf(out, " eth%u", p->bond_nic[i]);
		fputc('\n', out);
	}
	fprintf(out, "management=%s\n", p->management);
	if (p->vlan)
		fprintf(out, "vlan=%u\n", p->vlan);
	fprintf(out, "ipv4=%s\n", ipv4_mode_text[p->ipv4]);
	if (p->ipv4 == IPV4_STATIC) {
		fprintf(out, "address=%s/%u\n", p->address, p->prefix);
		if (*p->gateway)
			fprintf(out, "gateway=%s\n", p->gateway);
	}
	fprintf(out, "ipv6=%s\n", ipv6_mode_text[p->ipv6]);
	if (p->ipv6 == IPV6_STATIC) {
		fprintf(out, "address6=%s/%u\n", p->address6, p->prefix6);
		if (*p->gateway6)
			fprintf(out, "gateway6=%s\n", p->gateway6);
	}
	for (unsigned i = 0; i < p->dns_n; i++)
		fprintf(out, "dns=%s\n", p->dns[i]);
	fprintf(out, "ntp_source=%s\n", ntp_source_text[p->ntp_source]);
	for (unsigned i = 0; p->ntp_source == NTP_MANUAL && i < p->ntp_n; i++)
		fprintf(out, "ntp=%s\n", p->ntp[i]);
}

/* docs/HOSTCONF.md */
void plan_write_host_conf(const struct plan *p, const char *root_hash, FILE *out)
{
	fprintf(out, "schema=1\nhostname=%s\ntimezone=%s\nkeymap=%s\nlanguage=%s\n", p->hostname, p->timezone, p->keymap,
		p->language);
	write_network(p, out);
	fprintf(out, "root_hash=%s\nssh=%s\n", root_hash, p->ssh == SSH_ON ? "on" : "off");
	if (p->dom0_memory_mib)
		fprintf(out, "dom0_memory=%uM\n", p->dom0_memory_mib);
	if (p->dom0_vcpus)
		fprintf(out, "dom0_vcpus=%u\n", p->dom0_vcpus);
	if (*p->storage_array)
		fprintf(out, "md=%s\n", p->storage_array);
	fprintf(out, "storage=%s\n", p->storage);
}

void plan_write_authorized_keys(const struct plan *p, FILE *out)
{
	for (unsigned i = 0; i < p->ssh_keys; i++)
		fprintf(out, "%s\n", p->ssh_key[i]);
}
