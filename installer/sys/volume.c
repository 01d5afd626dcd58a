/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "volume.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "core/text.h"
#include "run.h"

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void remove_tree(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static int copy_in(struct volume_mount *v, struct log *l, struct err *e)
{
	char dir[80];
	char *argv[] = { (char *)"mcopy", (char *)"-s", (char *)"-n", (char *)"-Q", (char *)"-i", v->node, (char *)"::/", dir, NULL };

	snprintf(dir, sizeof(dir), "%s/", v->dir);
	return run_command(l, argv, e);
}

static int copy_out(struct volume_mount *v, struct log *l, struct err *e)
{
	char *argv[32] = { (char *)"mcopy", (char *)"-s", (char *)"-o", (char *)"-Q", (char *)"-i", v->node };
	char pattern[80];
	unsigned n = 6;
	glob_t g;
	int rc = 0;

	snprintf(pattern, sizeof(pattern), "%s/*", v->dir);
	if (glob(pattern, 0, NULL, &g) == 0) {
		for (size_t i = 0; i < g.gl_pathc && n < 30; i++)
			argv[n++] = g.gl_pathv[i];
		argv[n++] = (char *)"::/";
		rc = run_command(l, argv, e);
		globfree(&g);
	}
	return rc;
}

int volume_open(struct volume_mount *v, struct log *l, const char *node, const char *type, bool readonly, struct err *e)
{
	int rc;

	memset(v, 0, sizeof(*v));
	text_copy(v->node, sizeof(v->node), node);
	text_copy(v->dir, sizeof(v->dir), "/tmp/dolmen-XXXXXX");
	v->readonly = readonly;
	if (!mkdtemp(v->dir)) {
		v->dir[0] = 0;
		return err_set(e, -errno, "/tmp: %s", strerror(errno));
	}
	/* ext3 and ext4 would play their journal back: also read-only, that writes */
	if (mount(node, v->dir, type, MS_NOSUID | MS_NODEV | MS_NOEXEC | (readonly ? MS_RDONLY : 0),
		  readonly && (!strcmp(type, "ext3") || !strcmp(type, "ext4")) ? "noload" : NULL) == 0) {
		v->mounted = true;
		return 0;
	}
	if (errno == ENODEV && !strcmp(type, "vfat") && run_exists("mcopy")) {
		v->copied = true;
		rc = readonly ? copy_in(v, l, e) : 0;
	} else {
		rc = err_set(e, -errno, "%s: cannot be mounted as %s: %s", node, type, strerror(errno));
	}
	if (rc) {
		remove_tree(v->dir);
		v->dir[0] = 0;
	}
	return rc;
}

int volume_close(struct volume_mount *v, struct log *l, struct err *e)
{
	int rc = 0, fd;

	if (!v->dir[0])
		return 0;
	if (v->copied && !v->readonly)
		rc = copy_out(v, l, e);
	if (v->mounted) {
		fd = open(v->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0) {
			if (!v->readonly && syncfs(fd) < 0)
				rc = err_set(e, -errno, "%s: writing to the disk: %s", v->node, strerror(errno));
			close(fd);
		}
		if (umount2(v->dir, UMOUNT_NOFOLLOW) < 0)
			rc = err_set(e, -errno, "%s: cannot be unmounted: %s", v->node, strerror(errno));
		else
			rmdir(v->dir);
	} else {
		remove_tree(v->dir);
	}
	v->dir[0] = 0;
	return rc;
}

int volume_finish(struct volume_mount *v, struct log *l, int rc, struct err *e)
{
	struct volume_mount was = *v;
	struct err closing = { 0 };
	char at[sizeof(v->node) + 2];

	if (volume_close(v, l, &closing) && !rc) {
		*e = closing;
		return closing.code;
	}
	snprintf(at, sizeof(at), "%s:", was.node);
	if (rc && *was.dir)
		err_replace(e, was.dir, at);
	return rc;
}

int volume_remove(struct log *l, const char *node, const char *path, struct err *e)
{
	struct volume_mount v;
	char name[160];
	int rc;

	rc = volume_open(&v, l, node, "vfat", false, e);
	if (rc)
		return rc;
	if (v.copied) {
		char *argv[] = { (char *)"mdel", (char *)"-i", v.node, name, NULL };

		snprintf(name, sizeof(name), "::%s", path);
		rc = run_command(l, argv, e);
	} else {
		snprintf(name, sizeof(name), "%s%s", v.dir, path);
		if (unlink(name) < 0 && errno != ENOENT)
			rc = err_set(e, -errno, "%s: %s", name, strerror(errno));
	}
	return volume_close(&v, l, e) ? e->code : rc;
}
