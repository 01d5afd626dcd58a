/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts.h"

#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/text.h"
#include "sys/file.h"
#include "sys/run.h"

static const char *root(void)
{
	const char *r = getenv("DOLMEN_ROOT");

	return r ? r : "";
}

/* Device mapper's UUID has those of LVM's group and volume in it; a LUN has the name that its array gave it. */
static void block_identity(dev_t dev, char ret[FACT])
{
	static const char *const places[][2] = { { "dm/uuid", "lvm" }, { "wwid", "disk" }, { "device/wwid", "disk" } };
	char path[256], line[200];

	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/sys/dev/block/%u:%u/%s", root(), major(dev), minor(dev), places[i][0]);
		if (!file_read_line(path, line, sizeof(line)) || !*text_trim(line) || (i == 0 && strncmp(line, "LVM-", 4) != 0))
			continue;
		snprintf(ret, FACT, "%s %s", places[i][1], line);
		return;
	}
}

/* The file system that the path is in: the longest mount point that it begins with. */
static void file_identity(const char *path, ino_t inode, char ret[FACT])
{
	char table[256], source[200] = "", type[32] = "", line[1024];
	FILE *f;
	struct mntent entry;
	size_t longest = 0;

	snprintf(table, sizeof(table), "%s/proc/self/mounts", root());
	f = setmntent(table, "re");
	while (f && getmntent_r(f, &entry, line, sizeof(line))) {
		size_t n = strlen(entry.mnt_dir);

		if (n < longest || strncmp(path, entry.mnt_dir, n) != 0 || (path[n] != '/' && n > 1))
			continue;
		longest = n;
		text_copy(source, sizeof(source), entry.mnt_fsname);
		text_copy(type, sizeof(type), entry.mnt_type);
	}
	if (f)
		endmntent(f);
	if (!strncmp(type, "nfs", 3))
		snprintf(ret, FACT, "nfs %s %llu", source, (unsigned long long)inode);
}

bool fact_disk(const char *path, char ret[FACT])
{
	char *real = realpath(path, NULL);
	struct stat st;

	ret[0] = 0;
	if (!real || stat(real, &st) < 0 || (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))) {
		free(real);
		return false;
	}
	if (S_ISBLK(st.st_mode))
		block_identity(st.st_rdev, ret);
	else
		file_identity(real, st.st_ino, ret);
	free(real);
	return true;
}

static void take_cpu(void *user, const char *line)
{
	const char *colon = strchr(line, ':');

	if (!strncmp(line, "hw_caps", 7) && colon)
		text_copy(user, FACT, colon + 1 + strspn(colon + 1, " "));
}

void fact_cpu(char ret[FACT])
{
	struct log quiet = { .fd = -1 };
	struct err ignored = { 0 };

	ret[0] = 0;
	if (run_exists("xl"))
		run_command_lines(&quiet, (char *const[]){ (char *)"xl", (char *)"info", NULL }, take_cpu, ret, &ignored);
}

bool fact_cpu_fits(const char *first, const char *second)
{
	char *end_first, *end_second;

	while (*first && *second) {
		unsigned long a = strtoul(first, &end_first, 16), b = strtoul(second, &end_second, 16);

		if (end_first == first || end_second == second)
			return true;
		if (a & ~b)
			return false;
		first = end_first + (*end_first == ':');
		second = end_second + (*end_second == ':');
	}
	return true;
}
