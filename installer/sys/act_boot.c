/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot: what the firmware starts. Written last of all: until then neither firmware finds anything to boot. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions.h"
#include "disk.h"
#include "file.h"
#include "volume.h"

#define LOADER "/EFI/BOOT/BOOTX64.EFI"
#define LOADER_MAX_BYTES (32u << 20)

/* All of each is read: what cannot be read must be known before the old loaders are gone. */
static int check_boot(struct install *ins, struct err *e)
{
	char path[400], core[32], *data = NULL;
	size_t n;
	const char *const need[] = { "shimx64.efi", "grubx64.efi", "xen.cfg", "boot.img", core };

	disk_core_name(&ins->plan->target[0], core, sizeof(core));
	for (unsigned i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", ins->boot_files, need[i]);
		if (file_read(path, LOADER_MAX_BYTES, &data, &n, e))
			return err_suffix(e, "; write the medium again");
		free(data);
	}
	if (ins->plan->repair)
		actions_learn(ins);
	return 0;
}

/* In the order in which they are written: what loads others comes last. */
enum { ESP_DOM0, ESP_GRUB_CFG, ESP_HOOK, ESP_GRUB, ESP_LOADER, ESP_FILES };
static const char *const esp_path[ESP_FILES] = {
	[ESP_DOM0] = "/grub/dom0.cfg", [ESP_GRUB_CFG] = "/grub/grub.cfg", [ESP_HOOK] = "/EFI/debian/grub.cfg",
	[ESP_GRUB] = "/EFI/BOOT/grubx64.efi", [ESP_LOADER] = LOADER,
};

struct esp {
	char *data[ESP_FILES];		/* owned */
	size_t bytes[ESP_FILES];
};

static int esp_text(struct esp *esp, unsigned file, void (*text)(const struct install *ins, const struct plan_target *t, FILE *f),
		    const struct install *ins, const struct plan_target *t, struct err *e)
{
	FILE *f = open_memstream(&esp->data[file], &esp->bytes[file]);

	if (f)
		text(ins, t, f);
	return !f || fclose(f) ? err_set(e, -ENOMEM, "out of memory") : 0;
}

static void grub_cfg(const struct install *ins, const struct plan_target *t, FILE *f)
{
	plan_write_grub_cfg(ins->plan, t, f);
}

static void dom0_cfg(const struct install *ins, const struct plan_target *t, FILE *f)
{
	const struct plan *p = ins->plan;

	(void)t;
	if (p->mode == MODE_UPGRADE)
		plan_write_dom0_cfg(ins->dom0_memory_mib, ins->dom0_vcpus, f);
	else
		plan_write_dom0_cfg(p->dom0_memory_mib, p->dom0_vcpus, f);
}

static void hook(const struct install *ins, const struct plan_target *t, FILE *f)
{
	(void)ins, (void)t;
	fputs("# Debian's GRUB looks here first.\nconfigfile /grub/grub.cfg\n", f);
}

static int esp_file(struct esp *esp, unsigned file, const char *from, const struct install *ins, struct err *e)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", ins->boot_files, from);
	return file_read(path, LOADER_MAX_BYTES, &esp->data[file], &esp->bytes[file], e);
}

static int esp_make(struct esp *esp, const struct install *ins, const struct plan_target *t, struct err *e)
{
	int rc = esp_text(esp, ESP_GRUB_CFG, grub_cfg, ins, t, e);

	if (!rc)
		rc = esp_text(esp, ESP_DOM0, dom0_cfg, ins, t, e);
	if (!rc)
		rc = esp_text(esp, ESP_HOOK, hook, ins, t, e);
	if (!rc)
		rc = esp_file(esp, ESP_GRUB, "grubx64.efi", ins, e);
	return rc ? rc : esp_file(esp, ESP_LOADER, "shimx64.efi", ins, e);
}

static int esp_fill(const struct esp *esp, const char *dir, struct err *e)
{
	static const char *const dirs[] = { "/EFI", "/EFI/BOOT", "/EFI/debian", "/grub" };
	char path[160];
	int rc = 0;

	for (unsigned i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, dirs[i]);
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return err_set(e, -errno, "%s: %s", path, strerror(errno));
	}
	for (unsigned i = 0; !rc && i < ESP_FILES; i++) {
		if (i == ESP_LOADER)
			sync();		/* it must not reach the disk before what it loads */
		snprintf(path, sizeof(path), "%s%s", dir, esp_path[i]);
		rc = file_write(path, esp->data[i], esp->bytes[i], 0644, e);
	}
	return rc;
}

static int esp_verify(const struct esp *esp, const char *dir, struct err *e)
{
	char path[160];
	int rc = 0;

	for (unsigned i = 0; !rc && i < ESP_FILES; i++) {
		snprintf(path, sizeof(path), "%s%s", dir, esp_path[i]);
		rc = file_compare(path, esp->data[i], esp->bytes[i], NULL, NULL, e);
	}
	return rc;
}

static int write_esp(struct install *ins, const struct plan_target *t, struct err *e)
{
	const char *node = t->part[PART_ESP].node;
	struct volume_mount v = { 0 };
	struct esp esp = { 0 };
	int rc = esp_make(&esp, ins, t, e);

	if (rc)
		goto out;
	rc = volume_open(&v, ins->log, node, "vfat", false, e);
	if (!rc)
		rc = esp_fill(&esp, v.dir, e);
	rc = volume_finish(&v, ins->log, rc, e);
	if (rc)
		goto out;
	file_drop_cache(node);
	rc = volume_open(&v, ins->log, node, "vfat", true, e);
	if (!rc)
		rc = esp_verify(&esp, v.dir, e);
	rc = volume_finish(&v, ins->log, rc, e);
out:
	for (unsigned i = 0; i < ESP_FILES; i++)
		free(esp.data[i]);
	return rc;
}

static int run_boot(struct install *ins, struct err *e)
{
	int rc = actions_commands(ins, e);

	if (rc)
		return rc;
	ins->esp_made = true;
	for (unsigned i = 0; !rc && i < ins->plan->targets; i++)
		rc = write_esp(ins, &ins->plan->target[i], e);
	for (unsigned i = 0; !rc && ins->plan->bios && i < ins->plan->targets; i++)
		rc = disk_write_grub(&ins->plan->target[i], ins->boot_files, e);
	return rc;
}

void actions_make_unbootable(struct install *ins)
{
	struct err e;

	for (unsigned i = 0; i < ins->plan->targets; i++) {
		const struct plan_target *t = &ins->plan->target[i];

		if (disk_write_stub(t->disk.path, &e))
			log_error(ins->log, "boot", "%s", e.msg);
		if (ins->esp_made && volume_remove(ins->log, t->part[PART_ESP].node, LOADER, &e))
			log_error(ins->log, "boot", "%s", e.msg);
	}
}

const struct action action_boot = { .check = check_boot, .run = run_boot };
