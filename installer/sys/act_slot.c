/* SPDX-License-Identifier: GPL-2.0-or-later */
/* root-a, boot-a: the slot's image and boot files, each read back from the disk and compared with the manifest. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions.h"
#include "core/unified.h"
#include "file.h"
#include "volume.h"

#define SQUASHFS "dolmen/host.squashfs"
#define DAMAGED "%s is damaged: its SHA-256 is %.8s... instead of %.8s...; write the medium again, or use another"
#define UNIFIED "boot/xen-unified.efi"

static const struct {
	const char *from, *to;
} boot_files[] = { { "boot/xen.gz", "xen.gz" }, { "boot/vmlinuz", "vmlinuz" }, { "boot/initramfs", "initramfs" } };
#define BOOT_FILES (sizeof(boot_files) / sizeof(boot_files[0]))

static const struct manifest_file *record(const struct install *ins, const char *path)
{
	return manifest_find(&ins->plan->manifest, path);	/* plan_make() has seen that it is there */
}

static int check_size(const struct install *ins, const char *name, struct err *e)
{
	const struct manifest_file *f = record(ins, name);
	char path[400];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", ins->medium, name);
	if (stat(path, &st) < 0)
		return err_set(e, -errno, "%s: %s; write the medium again, or use another", path, strerror(errno));
	if (!f || (uint64_t)st.st_size != f->bytes)
		return err_set(e, -EBADMSG, "%s has %lld bytes, its manifest says %" PRIu64 "; write the medium again, or use another", path,
			       (long long)st.st_size, f ? f->bytes : 0);
	return 0;
}

static int check_hash(struct install *ins, const char *name, struct err *e)
{
	const struct manifest_file *f = record(ins, name);
	char path[400], sha256[65];
	struct err why;
	int rc = check_size(ins, name, e);

	if (rc)
		return rc;
	snprintf(path, sizeof(path), "%s/%s", ins->medium, name);
	rc = file_hash(path, f->bytes, false, sha256, actions_progress, ins, &why);
	if (rc)
		return err_set(e, rc, "%s; the medium cannot be read there: write it again, or use another", why.msg);
	if (strcmp(sha256, f->sha256) != 0)
		rc = err_set(e, -EBADMSG, DAMAGED, path, sha256, f->sha256);
	return rc;
}

uint64_t actions_medium_bytes(const struct install *ins)
{
	uint64_t n = record(ins, SQUASHFS)->bytes + record(ins, "boot/xen.efi")->bytes;

	for (unsigned i = 0; i < BOOT_FILES; i++)
		n += record(ins, boot_files[i].from)->bytes;
	return n;
}

/* ---- root-a ---- */

/* Read whole before the first write, and hashed again while it is copied: then it comes from memory. */
static int check_root(struct install *ins, struct err *e)
{
	return check_hash(ins, SQUASHFS, e);
}

static uint64_t cost_root(const struct install *ins)
{
	return ins->plan->targets * 2 * record(ins, SQUASHFS)->bytes;
}

static int write_root(struct install *ins, const char *node, struct err *e)
{
	const struct manifest_file *f = record(ins, SQUASHFS);
	char path[400], sha256[65];
	int rc;

	snprintf(path, sizeof(path), "%s/%s", ins->medium, SQUASHFS);
	rc = file_copy(path, node, f->bytes, sha256, actions_progress, ins, e);
	if (rc)
		return rc;
	if (strcmp(sha256, f->sha256) != 0)
		return err_set(e, -EBADMSG, DAMAGED, path, sha256, f->sha256);
	rc = file_hash(node, f->bytes, true, sha256, actions_progress, ins, e);
	if (rc)
		return rc;
	if (strcmp(sha256, f->sha256) != 0)
		return err_set(e, -EBADMSG, "%s: reads back with SHA-256 %s instead of %s; the disk may be failing: check it or use another",
			       node, sha256, f->sha256);
	return 0;
}

static int run_root(struct install *ins, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < ins->plan->targets; i++)
		rc = write_root(ins, ins->plan->target[i].part[PART_ROOT_A].node, e);
	return rc;
}

/* ---- boot-a ---- */

static int check_boot_files(struct install *ins, struct err *e)
{
	int rc = check_hash(ins, "boot/xen.efi", e);

	for (unsigned i = 0; !rc && i < BOOT_FILES; i++)
		rc = check_hash(ins, boot_files[i].from, e);
	return rc;
}

static uint64_t cost_boot(const struct install *ins)
{
	uint64_t n = 2 * record(ins, UNIFIED)->bytes;

	for (unsigned i = 0; i < BOOT_FILES; i++)
		n += 2 * record(ins, boot_files[i].from)->bytes;
	return ins->plan->targets * n;
}

static int read_part(const char *dir, const char *name, struct unified_part *ret, struct err *e)
{
	char path[400], *data = NULL;
	int rc;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	rc = file_read(path, 256u << 20, &data, &ret->bytes, e);
	ret->data = data;
	return rc;
}

static int write_unified(struct install *ins, const char *dir, struct err *e)
{
	struct unified_parts parts = { .sbat = { unified_sbat_default, strlen(unified_sbat_default) } };
	char path[128];
	FILE *out = NULL;
	int rc, fd;

	rc = read_part(ins->medium, "boot/xen.efi", &parts.xen, e);
	if (!rc)
		rc = read_part(ins->boot_files, "xen.cfg", &parts.config, e);
	if (!rc)
		rc = read_part(ins->medium, "boot/vmlinuz", &parts.kernel, e);
	if (!rc)
		rc = read_part(ins->medium, "boot/initramfs", &parts.ramdisk, e);
	if (rc)
		goto out;
	snprintf(path, sizeof(path), "%s/xen.efi", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out) {
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		goto out;
	}
	rc = unified_write(&parts, out, e);
	if (!rc && (fflush(out) || fsync(fd) < 0))
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	if (fclose(out) && !rc)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
out:
	free((void *)parts.xen.data);
	free((void *)parts.config.data);
	free((void *)parts.kernel.data);
	free((void *)parts.ramdisk.data);
	return rc;
}

static int fill_boot(struct install *ins, const char *dir, struct err *e)
{
	char from[400], to[128], sha256[65], *text = NULL;
	size_t n;
	int rc = 0;

	for (unsigned i = 0; !rc && i < BOOT_FILES; i++) {
		snprintf(from, sizeof(from), "%s/%s", ins->medium, boot_files[i].from);
		snprintf(to, sizeof(to), "%s/%s", dir, boot_files[i].to);
		rc = file_copy(from, to, record(ins, boot_files[i].from)->bytes, sha256, actions_progress, ins, e);
	}
	if (!rc)
		rc = write_unified(ins, dir, e);
	actions_progress(ins, record(ins, UNIFIED)->bytes);
	snprintf(from, sizeof(from), "%s/dolmen/manifest", ins->medium);
	snprintf(to, sizeof(to), "%s/manifest", dir);
	if (!rc)
		rc = file_read(from, 4u << 20, &text, &n, e);
	if (!rc)
		rc = file_write(to, text, n, 0644, e);
	free(text);
	return rc;
}

static int verify_file(struct install *ins, const char *dir, const char *name, const char *rec, struct err *e)
{
	const struct manifest_file *f = record(ins, rec);
	char path[128], sha256[65];
	struct stat st;
	int rc;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (stat(path, &st) < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	if ((uint64_t)st.st_size != f->bytes)
		return err_set(e, -EBADMSG, "%s has %lld bytes instead of %" PRIu64, path, (long long)st.st_size, f->bytes);
	rc = file_hash(path, f->bytes, true, sha256, actions_progress, ins, e);
	if (!rc && strcmp(sha256, f->sha256) != 0)
		rc = err_set(e, -EBADMSG, "%s reads back with SHA-256 %s instead of %s; the disk may be failing: check it or use another",
			     path, sha256, f->sha256);
	return rc;
}

static int write_boot(struct install *ins, const char *node, struct err *e)
{
	struct volume_mount v = { 0 };
	struct err e2;
	int rc;

	rc = volume_open(&v, ins->log, node, "vfat", false, e);
	if (!rc)
		rc = fill_boot(ins, v.dir, e);
	rc = volume_finish(&v, ins->log, rc, e);
	if (rc)
		return rc;
	file_hash(node, 0, true, (char[65]){ 0 }, NULL, NULL, &e2);	/* drops the device's cache */
	rc = volume_open(&v, ins->log, node, "vfat", true, e);
	for (unsigned i = 0; !rc && i < BOOT_FILES; i++)
		rc = verify_file(ins, v.dir, boot_files[i].to, boot_files[i].from, e);
	if (!rc)
		rc = verify_file(ins, v.dir, "xen.efi", UNIFIED, e);
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
