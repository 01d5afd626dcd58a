/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one text of a plan. */
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mbr.h"

static void write_indented(FILE *out, const char *title, const char *text)
{
	fprintf(out, "%s\n", title);
	while (*text) {
		size_t n = strcspn(text, "\n");

		fprintf(out, "        | %.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void write_host_conf(const struct plan *p, const struct plan_target *t, FILE *out)
{
	static const char *const hash[PASSWORD_TYPE_MAX] = { [PASSWORD_NONE] = "!", [PASSWORD_PLAINTEXT] = "***",
							     [PASSWORD_HASH] = "***", [PASSWORD_ASK] = "!!" };

	(void)t;
	plan_write_host_conf(p, hash[p->password_type], out);
}

static void write_keys(const struct plan *p, const struct plan_target *t, FILE *out)
{
	(void)t;
	plan_write_authorized_keys(p, out);
}

static void write_file(const struct plan *p, const struct plan_target *t, FILE *out, const char *title,
		       void (*write)(const struct plan *p, const struct plan_target *t, FILE *out))
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	write(p, t, f);
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
			fprintf(out, strpbrk(c->argv[k], " {}\\()") ? " '%s'" : " %s", c->argv[k]);
		fputs(c->may_fail ? " (may fail)\n" : "\n", out);
	}
}

static void write_image(const struct plan *p, FILE *out, const char *from, const char *to)
{
	const struct manifest_file *f = manifest_find(&p->manifest, from);

	if (f)
		fprintf(out, "    write %s -> %s, %" PRIu64 " bytes, sha256 %s\n", from, to, f->bytes, f->sha256);
}

static void write_wipes(const struct plan *p, FILE *out)
{
	for (unsigned i = 0; i < p->wipes; i++) {
		const struct plan_wipe *w = &p->wipe[i];

		if (w->bytes)
			fprintf(out, "    zero %s %" PRIu64 "+%" PRIu64 "\n", w->disk, w->start, w->bytes);
		if (w->stub)
			fprintf(out, "    boot record of %s: \"%s\"\n", w->disk, MBR_STUB_TEXT);
	}
}

static void write_table(const struct plan *p, const struct plan_target *t, FILE *out)
{
	if (p->mode == MODE_FRESH)
		fprintf(out, "    table gpt %s\n", t->disk_guid);
	else
		fprintf(out, "    keep the table of %s\n", t->disk.path);
	for (unsigned i = 0; i <= PART_MAX; i++) {
		const struct plan_partition *pp = &t->part[i];

		if (pp->at.sectors)
			fprintf(out, "    partition %u %s start %" PRIu64 " sectors %" PRIu64 " type %s (%s) guid %s node %s%s\n", pp->number,
				pp->at.label, pp->at.start, pp->at.sectors, pp->at.type_guid, pp->at.type_name, pp->guid, pp->node, i ? "" : " (kept)");
	}
}

static void write_boot_a(const struct plan *p, const struct plan_target *t, FILE *out)
{
	static const char *const files[][2] = { { "boot/xen.gz", "xen.gz" }, { "boot/vmlinuz", "vmlinuz" },
						{ "boot/initramfs", "initramfs" }, { "boot/xen-unified.efi", "xen.efi" } };
	char to[128];

	for (unsigned i = 0; i < 4; i++) {
		snprintf(to, sizeof(to), "%s:/%s", t->part[PART_BOOT_A].node, files[i][1]);
		write_image(p, out, files[i][0], to);
	}
	fprintf(out, "    write manifest -> %s:/manifest\n", t->part[PART_BOOT_A].node);
}

static void write_dom0(const struct plan *p, const struct plan_target *t, FILE *out)
{
	(void)t;
	plan_write_dom0_cfg(p->dom0_memory_mib, p->dom0_vcpus, out);
}

static void write_boot(const struct plan *p, const struct plan_target *t, FILE *out)
{
	fprintf(out, "    write grubx64.efi, shimx64.efi -> %s:/EFI/BOOT/\n", t->part[PART_ESP].node);
	write_file(p, t, out, "    write /grub/grub.cfg:", plan_write_grub_cfg);
	if (p->mode == MODE_UPGRADE)
		fputs("    write /grub/dom0.cfg: as the host's configuration says\n", out);
	else
		write_file(p, t, out, "    write /grub/dom0.cfg:", write_dom0);
	if (p->bios)
		fprintf(out, "    write core.img -> %s; boot record last\n", t->part[PART_BIOS].node);
	else
		fputs("    no BIOS boot record: sectors of 4096 bytes\n", out);
}

static void write_state(const struct plan *p, FILE *out)
{
	if (p->mode == MODE_UPGRADE) {
		fprintf(out, "    keep %s with all its files; add /log/install.log\n", p->state_node);
		return;
	}
	write_file(p, NULL, out, "    write /schema = 1, /host.conf:", write_host_conf);
	if (p->ssh_keys)
		write_file(p, NULL, out, "    write /root/.ssh/authorized_keys:", write_keys);
	if (p->ssh == SSH_ON)
		fputs("    make /etc/dropbear/host_key_ed25519\n", out);
}

/* In which step a stage's scripts run, at its end. */
static const enum plan_step script_step[STAGE_MAX] = { [STAGE_START] = STEP_CHECK, [STAGE_PACKAGES] = STEP_STATE,
							[STAGE_POPULATED] = STEP_STATE, [STAGE_COMPLETE] = STEP_FINISH };

/* A password in the address is a secret. */
static void write_scripts(const struct plan *p, FILE *out, enum script_stage stage)
{
	for (unsigned i = 0; i < p->scripts; i++) {
		const struct answer_script *s = &p->script[i];
		const char *host = strstr(s->url, "://"), *at;

		if (s->stage != stage)
			continue;
		host = host ? host + 3 : s->url;
		at = memrchr(host, '@', strcspn(host, "/"));
		fprintf(out, "    script %s: %.*s%s%s%s\n", script_stage_text[stage], (int)(host - s->url), s->url, at ? "***" : "",
			at ? at : host, s->may_fail ? " (may fail)" : "");
	}
}

static void write_step(const struct plan *p, FILE *out, enum plan_step step)
{
	fprintf(out, "step %d/%d %s\n", (int)step + 1, (int)STEP_MAX, plan_step_text[step]);
	write_commands(p, out, step);
	if (step == STEP_WIPE)
		write_wipes(p, out);
	else if (step == STEP_STATE)
		write_state(p, out);
	else if (step == STEP_STORAGE && p->mode != MODE_FRESH)
		fprintf(out, "    keep: %s\n", p->storage);
	for (unsigned stage = 0; stage < STAGE_MAX; stage++)
		if (script_step[stage] == step)
			write_scripts(p, out, (enum script_stage)stage);
	for (unsigned i = 0; i < p->targets; i++) {
		const struct plan_target *t = &p->target[i];

		if (step == STEP_PARTITION)
			write_table(p, t, out);
		else if (step == STEP_ROOT_A)
			write_image(p, out, "dolmen/host.squashfs", t->part[PART_ROOT_A].node);
		else if (step == STEP_BOOT_A)
			write_boot_a(p, t, out);
		else if (step == STEP_BOOT)
			write_boot(p, t, out);
	}
}

static void write_disk(FILE *out, const char *what, const struct disk *d)
{
	char s[500];

	machine_describe_disk(d, s, sizeof(s));
	fprintf(out, "%s %s; %" PRIu64 " bytes, sectors of %" PRIu32 "\n", what, s, d->bytes, d->sector);
}

void plan_write(const struct plan *p, FILE *out)
{
	static const char *const what[MODE_MAX] = { [MODE_FRESH] = "fresh installation of", [MODE_REINSTALL] = "reinstallation of",
						    [MODE_UPGRADE] = "upgrade to" };

	fprintf(out, "plan 1: %s Dolmen %s\n", p->repair ? "boot repair of" : what[p->mode], p->manifest.version);
	if (p->targets > 1)
		fputs("two disks, a mirror: each boots without the other\n", out);
	for (unsigned i = 0; i < p->targets; i++) {
		write_disk(out, "disk", &p->target[i].disk);
		fprintf(out, p->repair ? "made anew: %s\n" : "lost: %s\n", p->target[i].lost.text);
		if (*p->target[i].kept.text)
			fprintf(out, "kept: %s\n", p->target[i].kept.text);
	}
	if (*p->kept_elsewhere.text)
		fprintf(out, "kept: %s\n", p->kept_elsewhere.text);
	for (unsigned i = 0; i < p->extra_n; i++) {
		write_disk(out, "guest disk", &p->extra[i]);
		fprintf(out, "lost: %s\n", p->extra_lost[i].text);
	}
	if (*p->layers.text)
		fprintf(out, "switched off where active: %s\n", p->layers.text);
	for (unsigned i = 0; i < STEP_MAX; i++)
		if (plan_has_step(p, (enum plan_step)i))
			write_step(p, out, (enum plan_step)i);
}
