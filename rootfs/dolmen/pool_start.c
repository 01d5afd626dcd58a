/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool_start.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "hostconf.h"
#include "iscsi.h"
#include "pool_disk.h"
#include "sys/run.h"

#define W (char *)

static struct log quiet = { .fd = -1 };

static int start_ext(const struct pool *p, struct err *e)
{
	char device[256];
	int rc = 0;

	pool_device(p->source, device);
	if (!*device)
		rc = err_set(e, -ENODEV, "no disk carries its file system (UUID %s)", p->source);
	/* 1 and 2, something was wrong and is right again, are failures for run_command(); a second look tells. */
	if (!rc && run_command(&quiet, (char *const[]){ W"e2fsck", W"-p", device, NULL }, e)) {
		e->code = 0;
		rc = run_command(&quiet, (char *const[]){ W"e2fsck", W"-p", device, NULL }, e);
		if (rc)
			err_suffix(e, "; its file system wants: e2fsck %s", device);
	}
	if (!rc && mount(device, p->folder, "ext4", MS_NODEV | MS_NOSUID, "errors=remount-ro") < 0)
		rc = err_set(e, -errno, "%s cannot be mounted: %s", device, strerror(errno));
	return rc;
}

/* dm-thin's own way is to fail writes after a minute without room: guests' file systems would not outlive it. They wait. */
static void wait_for_room(void)
{
	int fd = open("/sys/module/dm_thin_pool/parameters/no_space_timeout", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "0\n", 2) != 2)
		fputs("dolmen: a full thin pool will fail writes after a minute\n", stderr);
	close(fd);
}

static int start_group(const struct pool *p, struct err *e)
{
	struct err ignored;
	int rc;

	run_command(&quiet, (char *const[]){ W"modprobe", W"-qa", W"dm_mod", W"dm_thin_pool", W"dm_snapshot", NULL }, &ignored);
	wait_for_room();
	rc = run_command(&quiet, (char *const[]){ W"vgchange", W"-qq", W"--activate", W"y", W p->group, NULL }, e);
	run_command(&quiet, (char *const[]){ W"vgmknodes", W"-qq", NULL }, &ignored);
	return rc;
}

/* A group is known as soon as its disk is there; that its volumes were activated, this file tells. */
static const char *mark(const struct pool *p, char path[256])
{
	char words[128];

	snprintf(words, sizeof(words), "/run/dolmen/pool-%s", p->name);
	return host_path(path, 256, words);
}

bool pool_is_active(const struct pool *p)
{
	char path[256];

	return pool_is_up(p) && (pool_has_files(p) || !access(mark(p, path), F_OK));
}

bool pool_is_on(const struct pool *files, const struct pool *group)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	char begins[160] = "/dev/mapper/";
	size_t n = strlen(begins);
	struct mntent *m;
	bool found = false;

	/* The device mapper's names double the hyphens of LVM's. */
	for (const char *c = group->group; *c; c++) {
		begins[n++] = *c;
		if (*c == '-')
			begins[n++] = '-';
	}
	begins[n++] = '-';
	while (f && (m = getmntent(f)))
		found = found || (!strcmp(m->mnt_dir, files->folder) && !strncmp(m->mnt_fsname, begins, n));
	if (f)
		endmntent(f);
	return found;
}

int pool_start(const struct pool *p, struct err *e)
{
	char path[256];
	int fd;

	if (*p->iscsi && iscsi_attach(p->iscsi, path, e))
		return e->code;
	if (pool_is_active(p))
		return 0;
	if (!pool_has_files(p)) {
		if (start_group(p, e))
			return e->code;
		fd = open(mark(p, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd >= 0)
			close(fd);
		return 0;
	}
	if (pool_is_mounted(p))
		return err_set(e, -ETIMEDOUT, "%s does not answer", p->source);
	if (mkdir(p->folder, 0755) < 0 && errno != EEXIST)
		return err_set(e, -errno, "%s: %s", p->folder, strerror(errno));
	return p->kind == POOL_NFS ? nfs_mount(p, e) : start_ext(p, e);
}

int pool_stop(const struct pool *p, struct err *e)
{
	char path[256];
	int rc;

	if (pool_has_files(p)) {
		/* EINVAL: it is not mounted */
		if (umount2(p->folder, 0) < 0 && errno != EINVAL && errno != ENOENT)
			return err_set(e, errno == EBUSY ? COMMAND_REFUSED : -errno, "%s: %s", p->folder,
				       errno == EBUSY ? "a file in it is open, or somebody works in it" : strerror(errno));
		rmdir(p->folder);
		return 0;
	}
	if (!pool_is_up(p))
		return 0;
	rc = run_command(&quiet, (char *const[]){ W"vgchange", W"-qq", W"--activate", W"n", W p->group, NULL }, e);
	if (rc)
		return err_set(e, COMMAND_REFUSED, "a volume of %s is in use; `lvs %s` shows which are open (o)", p->group, p->group);
	unlink(mark(p, path));
	return 0;
}

int pool_leave(const struct pool *p, struct err *e)
{
	struct pools all;
	size_t target = *p->iscsi ? (size_t)(strrchr(p->iscsi, ',') - p->iscsi) : 0;

	if (!target)
		return 0;
	if (pool_list(&all, e))
		return e->code;
	for (unsigned i = 0; i < all.n; i++)
		if (strcmp(all.p[i].name, p->name) != 0 && !strncmp(all.p[i].iscsi, p->iscsi, target + 1))
			return 0;
	return iscsi_detach(p->iscsi, e);
}
