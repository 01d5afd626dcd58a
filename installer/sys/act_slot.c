/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root-a, boot-a: the slot's image and boot files. The check reads each once, compares it with the manifest and keeps it in
 * memory; that is written, and what the disk gives back is compared with it. The image, which is most of it, is read by a
 * thread of its own while the rest is.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions.h"
#include "core/phrase.h"
#include "core/unified.h"
#include "file.h"
#include "volume.h"

#define DAMAGED N_("%s/%s is damaged: its SHA-256 is %.8s... instead of %.8s...; write the medium again, or use another")
#define UNIFIED "boot/xen-unified.efi"

static const char *const medium_path[MEDIUM_MAX] = {
	[MEDIUM_SQUASHFS] = "dolmen/host.squashfs", [MEDIUM_XEN_EFI] = "boot/xen.efi",   [MEDIUM_XEN_GZ] = "boot/xen.gz",
	[MEDIUM_VMLINUZ] = "boot/vmlinuz",	    [MEDIUM_INITRAMFS] = "boot/initramfs",
};
/* What stands on the boot partition as it is on the medium. */
static const struct {
	enum medium_file file;
	const char *name;
} boot_files[] = { { MEDIUM_XEN_GZ, "xen.gz" }, { MEDIUM_VMLINUZ, "vmlinuz" }, { MEDIUM_INITRAMFS, "initramfs" } };
#define BOOT_FILES (sizeof(boot_files) / sizeof(boot_files[0]))

static const struct manifest_file *record(const struct install *ins, const char *path)
{
	return manifest_find(&ins->plan->manifest, path);	/* plan_make() has seen that it is there, but for a repair */
}

static uint64_t medium_bytes(const struct install *ins, enum medium_file file)
{
	return record(ins, medium_path[file])->bytes;
}

static int check_size(const char *path, const struct manifest_file *f, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(e, -errno, "%s: %s; write the medium again, or use another", path, strerror(errno));
	if (!f || (uint64_t)st.st_size != f->bytes)
		return err_set(e, -EBADMSG, "%s has %lld bytes, its manifest says %" PRIu64 "; write the medium again, or use another", path,
			       (long long)st.st_size, f ? f->bytes : 0);
	return 0;
}

/* sha256: or NULL, what holds it is compared in its place. */
static int load(struct install *ins, enum medium_file file, file_progress *progress, char sha256[65], struct err *e)
{
	const struct manifest_file *f = record(ins, medium_path[file]);
	char path[400];
	int rc;

	snprintf(path, sizeof(path), "%s/%s", ins->medium, medium_path[file]);
	rc = check_size(path, f, e);
	if (rc)
		return rc;
	rc = file_load(path, f->bytes, &ins->loaded[file], sha256, progress, ins, e);
	if (rc == -ENOMEM)
		return err_suffix(e, "; this needs a machine with more memory");
	return rc ? err_suffix(e, "; the medium cannot be read there: write it again, or use another") : 0;
}

static int compare(const struct install *ins, enum medium_file file, const char sha256[65], struct err *e)
{
	const char *want = record(ins, medium_path[file])->sha256;

	return strcmp(sha256, want) ? err_set(e, -EBADMSG, DAMAGED, ins->medium, medium_path[file], sha256, want) : 0;
}

static int load_compared(struct install *ins, enum medium_file file, file_progress *progress, struct err *e)
{
	char sha256[65];
	int rc = load(ins, file, progress, sha256, e);

	return rc ? rc : compare(ins, file, sha256, e);
}

static int load_squashfs(struct install *ins, struct err *e)
{
	return load_compared(ins, MEDIUM_SQUASHFS, NULL, e);
}

void actions_unload(struct install *ins)
{
	for (unsigned i = 0; i < MEDIUM_MAX; i++) {
		free(ins->loaded[i]);
		ins->loaded[i] = NULL;
	}
	free(ins->unified);
	ins->unified = NULL;
}

uint64_t actions_medium_bytes(const struct install *ins)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < MEDIUM_MAX; i++)
		n += medium_bytes(ins, (enum medium_file)i);
	return n;
}

/* ---- root-a ---- */

static int check_root(struct install *ins, struct err *e)
{
	return background_start(&ins->loader, ins, load_squashfs, e);
}

static uint64_t cost_root(const struct install *ins)
{
	return ins->plan->targets * 2 * medium_bytes(ins, MEDIUM_SQUASHFS);
}

static int write_root(struct install *ins, const char *node, struct err *e)
{
	uint64_t bytes = medium_bytes(ins, MEDIUM_SQUASHFS);
	int rc = file_store(node, ins->loaded[MEDIUM_SQUASHFS], bytes, actions_progress, ins, e);

	return rc ? rc : file_compare(node, ins->loaded[MEDIUM_SQUASHFS], bytes, actions_progress, ins, e);
}

static int run_root(struct install *ins, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < ins->plan->targets; i++)
		rc = write_root(ins, ins->plan->target[i].part[PART_ROOT_A].node, e);
	return rc;
}

/* ---- boot-a ---- */

static uint64_t cost_boot(const struct install *ins)
{
	uint64_t n = 2 * record(ins, UNIFIED)->bytes;

	for (unsigned i = 0; i < BOOT_FILES; i++)
		n += 2 * medium_bytes(ins, boot_files[i].file);
	return ins->plan->targets * n;
}

static struct unified_part part(const struct install *ins, enum medium_file file)
{
	return (struct unified_part){ ins->loaded[file], medium_bytes(ins, file) };
}

static int compare_parts(const struct install *ins, struct err *e)
{
	static const enum medium_file part[] = { MEDIUM_XEN_EFI, MEDIUM_VMLINUZ, MEDIUM_INITRAMFS };
	char sha256[65];
	int rc = 0;

	for (unsigned i = 0; !rc && i < sizeof(part) / sizeof(part[0]); i++) {
		data_hash(ins->loaded[part[i]], medium_bytes(ins, part[i]), sha256);
		rc = compare(ins, part[i], sha256, e);
	}
	return rc;
}

static int compare_unified(const struct install *ins, struct err *e)
{
	const struct manifest_file *f = record(ins, UNIFIED);
	char sha256[65];

	data_hash(ins->unified, ins->unified_bytes, sha256);
	if (f && ins->unified_bytes == f->bytes && !strcmp(sha256, f->sha256))
		return 0;
	return err_set(e, -EBADMSG, "xen.efi: what was assembled of the medium's files is not what its manifest says; write the medium again, or use another");
}

/*
 * Assembled here, of what the medium has: the manifest says what has to come out. Kernel and initramfs are in it as they are, and
 * Xen all but its headers: its hash is theirs.
 */
static int make_unified(struct install *ins, struct err *e)
{
	struct unified_parts parts = {
		.xen = part(ins, MEDIUM_XEN_EFI),
		.kernel = part(ins, MEDIUM_VMLINUZ),
		.ramdisk = part(ins, MEDIUM_INITRAMFS),
		.sbat = { unified_sbat_default, strlen(unified_sbat_default) },
	};
	char path[400], *config = NULL;
	struct err e2;
	FILE *out;
	int rc;

	snprintf(path, sizeof(path), "%s/xen.cfg", ins->boot_files);
	rc = file_read(path, 1u << 20, &config, &parts.config.bytes, e);
	if (rc)
		return rc;
	parts.config.data = config;
	out = open_memstream(&ins->unified, &ins->unified_bytes);
	rc = out ? unified_write(&parts, out, e) : err_set(e, -ENOMEM, "out of memory");
	if (out && fclose(out) && !rc)
		rc = err_set(e, -ENOMEM, "out of memory");
	free(config);
	if (!rc)
		rc = compare_unified(ins, e);
	/* One of the files is to blame, most likely. */
	if (rc && compare_parts(ins, &e2)) {
		*e = e2;
		rc = e2.code;
	}
	return rc;
}

static int check_boot_files(struct install *ins, struct err *e)
{
	int rc = load_compared(ins, MEDIUM_XEN_GZ, actions_progress, e);

	if (!rc)
		rc = load(ins, MEDIUM_XEN_EFI, actions_progress, NULL, e);
	if (!rc)
		rc = load(ins, MEDIUM_VMLINUZ, actions_progress, NULL, e);
	if (!rc)
		rc = load(ins, MEDIUM_INITRAMFS, actions_progress, NULL, e);
	return rc ? rc : make_unified(ins, e);
}

static int fill_boot(struct install *ins, const char *dir, struct err *e)
{
	char from[400], to[128], *text = NULL;
	size_t n;
	int rc = 0;

	for (unsigned i = 0; !rc && i < BOOT_FILES; i++) {
		enum medium_file file = boot_files[i].file;

		snprintf(to, sizeof(to), "%s/%s", dir, boot_files[i].name);
		rc = file_store(to, ins->loaded[file], medium_bytes(ins, file), actions_progress, ins, e);
	}
	snprintf(to, sizeof(to), "%s/xen.efi", dir);
	if (!rc)
		rc = file_store(to, ins->unified, ins->unified_bytes, actions_progress, ins, e);
	snprintf(from, sizeof(from), "%s/dolmen/manifest", ins->medium);
	snprintf(to, sizeof(to), "%s/manifest", dir);
	if (!rc)
		rc = file_read(from, 4u << 20, &text, &n, e);
	if (!rc)
		rc = file_write(to, text, n, 0644, e);
	free(text);
	return rc;
}

static int verify_boot(struct install *ins, const char *dir, struct err *e)
{
	char path[128];
	int rc = 0;

	for (unsigned i = 0; !rc && i < BOOT_FILES; i++) {
		enum medium_file file = boot_files[i].file;

		snprintf(path, sizeof(path), "%s/%s", dir, boot_files[i].name);
		rc = file_compare(path, ins->loaded[file], medium_bytes(ins, file), actions_progress, ins, e);
	}
	snprintf(path, sizeof(path), "%s/xen.efi", dir);
	return rc ? rc : file_compare(path, ins->unified, ins->unified_bytes, actions_progress, ins, e);
}

static int write_boot(struct install *ins, const char *node, struct err *e)
{
	struct volume_mount v = { 0 };
	int rc;

	rc = volume_open(&v, ins->log, node, "vfat", false, e);
	if (!rc)
		rc = fill_boot(ins, v.dir, e);
	rc = volume_finish(&v, ins->log, rc, e);
	if (rc)
		return rc;
	file_drop_cache(node);
	rc = volume_open(&v, ins->log, node, "vfat", true, e);
	if (!rc)
		rc = verify_boot(ins, v.dir, e);
	return volume_finish(&v, ins->log, rc, e);
}

static int run_boot_a(struct install *ins, struct err *e)
{
	int rc = actions_commands(ins, e);

	for (unsigned i = 0; !rc && i < ins->plan->targets; i++)
		rc = write_boot(ins, ins->plan->target[i].part[PART_BOOT_A].node, e);
	return rc;
}

const struct action action_root_a = { .check = check_root, .cost = cost_root, .run = run_root };
const struct action action_boot_a = { .check = check_boot_files, .cost = cost_boot, .run = run_boot_a };
