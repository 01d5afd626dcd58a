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
		if (file_read(path, LOADER_MAX_BYTES, &data, &n, e)) {
			size_t used = strlen(e->msg);

			snprintf(e->msg + used, sizeof(e->msg) - used, "; write the medium again");
			return e->code;
		}
		free(data);
	}
	return 0;
}

static int put(const char *dir, const char *name, const void *data, size_t n, struct err *e)
{
	char path[160];

	snprintf(path, sizeof(path), "%s%s", dir, name);
	return file_write(path, data, n, 0644, e);
}

static int put_file(const struct install *ins, const char *dir, const char *from, const char *name, struct err *e)
{
	char path[400], *data = NULL;
	size_t n;
	int rc;

	snprintf(path, sizeof(path), "%s/%s", ins->boot_files, from);
	rc = file_read(path, LOADER_MAX_BYTES, &data, &n, e);
	if (!rc)
		rc = put(dir, name, data, n, e);
	free(data);
	return rc;
}

static int put_grub_cfg(const struct install *ins, const struct plan_target *t, const char *dir, struct err *e)
{
	static const char hook[] = "# Debian's GRUB looks here first.\nconfigfile /grub/grub.cfg\n";
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	int rc;

	if (!f)
		return err_set(e, -ENOMEM, "out of memory");
	plan_write_grub_cfg(ins->plan, t, f);
	rc = fclose(f) ? err_set(e, -ENOMEM, "out of memory") : put(dir, "/grub/grub.cfg", text, n, e);
	free(text);
	return rc ? rc : put(dir, "/EFI/debian/grub.cfg", hook, sizeof(hook) - 1, e);
}

static int fill_esp(const struct install *ins, const struct plan_target *t, const char *dir, struct err *e)
{
	static const char *const dirs[] = { "/EFI", "/EFI/BOOT", "/EFI/debian", "/grub" };
	char path[160];
	int rc;

	for (unsigned i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, dirs[i]);
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return err_set(e, -errno, "%s: %s", path, strerror(errno));
	}
	rc = put_grub_cfg(ins, t, dir, e);
	if (!rc)
		rc = put_file(ins, dir, "grubx64.efi", "/EFI/BOOT/grubx64.efi", e);
	sync();		/* the loader must not reach the disk before what it loads */
	return rc ? rc : put_file(ins, dir, "shimx64.efi", LOADER, e);
}

static int verify_file(const struct install *ins, const char *dir, const char *from, const char *name, struct err *e)
{
	char path[400], here[65], there[65];
	struct stat st;
	int rc;

	snprintf(path, sizeof(path), "%s/%s", ins->boot_files, from);
	if (stat(path, &st) < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	rc = file_hash(path, (uint64_t)st.st_size, false, here, NULL, NULL, e);
	snprintf(path, sizeof(path), "%s%s", dir, name);
	if (!rc)
		rc = file_hash(path, (uint64_t)st.st_size, true, there, NULL, NULL, e);
	if (!rc && strcmp(here, there) != 0)
		rc = err_set(e, -EBADMSG, "%s reads back different from what was written; the disk may be failing", path);
	return rc;
}

static int verify_esp(struct install *ins, const char *node, struct err *e)
{
	struct volume_mount v = { 0 };
	struct err e2;
	int rc;

	file_hash(node, 0, true, (char[65]){ 0 }, NULL, NULL, &e2);	/* drops the device's cache */
	rc = volume_open(&v, ins->log, node, "vfat", true, e);
	if (!rc)
		rc = verify_file(ins, v.dir, "grubx64.efi", "/EFI/BOOT/grubx64.efi", e);
	if (!rc)
		rc = verify_file(ins, v.dir, "shimx64.efi", LOADER, e);
	return volume_finish(&v, ins->log, rc, e);
}

static int write_esp(struct install *ins, const struct plan_target *t, struct err *e)
{
	const char *node = t->part[PART_ESP].node;
	struct volume_mount v = { 0 };
	int rc;

	rc = volume_open(&v, ins->log, node, "vfat", false, e);
	if (!rc)
		rc = fill_esp(ins, t, v.dir, e);
	rc = volume_finish(&v, ins->log, rc, e);
	return rc ? rc : verify_esp(ins, node, e);
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
