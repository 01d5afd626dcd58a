/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * find-device [--all] TAG=VALUE: print the block device that carries it (LABEL, UUID, PARTLABEL, PARTUUID), or all of them,
 * for boot scripts: busybox's findfs knows no partition GUIDs and there is no udev. Exit status 1 when there is none.
 */
#include <blkid/blkid.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct wanted {
	const char *tag, *value;
	bool all;
};

/* What the partition table says of this partition. */
static bool has_entry(const char *device, const char *key, const char *value)
{
	blkid_probe probe = blkid_new_probe_from_filename(device);
	const char *got = NULL;
	bool same;

	if (!probe)
		return false;
	blkid_probe_enable_superblocks(probe, 0);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, BLKID_PARTS_ENTRY_DETAILS);
	if (blkid_do_safeprobe(probe) == 0)
		blkid_probe_lookup_value(probe, key, &got, NULL);
	same = got && !strcmp(got, value);
	blkid_free_probe(probe);
	return same;
}

/* What is in the partitions is not looked at, which would take ten times as long: a host asks this way four times at each boot. */
static bool print_partitions(const struct wanted *w)
{
	const char *key = !strcmp(w->tag, "PARTUUID") ? "PART_ENTRY_UUID" : "PART_ENTRY_NAME";
	char line[256], name[64], path[128];
	FILE *f = fopen("/proc/partitions", "re");
	bool found = false;

	while (f && (!found || w->all) && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*u %*u %*u %63s", name) != 1)
			continue;
		snprintf(path, sizeof(path), "/sys/class/block/%s/partition", name);
		if (access(path, F_OK) < 0)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", name);
		if (has_entry(path, key, w->value)) {
			puts(path);
			found = true;
		}
	}
	if (f)
		fclose(f);
	return found;
}

static bool print_all(blkid_cache cache, const struct wanted *w)
{
	blkid_dev_iterate i = blkid_dev_iterate_begin(cache);
	bool found = false;
	blkid_dev dev;

	if (!i || blkid_dev_set_search(i, (char *)w->tag, (char *)w->value) < 0)
		return false;
	while (!blkid_dev_next(i, &dev)) {
		puts(blkid_dev_devname(dev));
		found = true;
	}
	blkid_dev_iterate_end(i);
	return found;
}

static bool print_file_systems(const struct wanted *w)
{
	blkid_cache cache = NULL;
	blkid_dev dev;

	/* A cache file of another boot would lie; /dev/null keeps it in memory. CD drives are not in /proc/partitions. */
	if (blkid_get_cache(&cache, "/dev/null") < 0 || blkid_probe_all(cache) < 0 ||
	    blkid_probe_all_removable(cache) < 0)
		return false;
	if (w->all)
		return print_all(cache, w);
	dev = blkid_find_dev_with_tag(cache, w->tag, w->value);
	if (dev)
		puts(blkid_dev_devname(dev));
	return dev;
}

int main(int argc, char **argv)
{
	bool all = argc == 3 && !strcmp(argv[1], "--all");
	char *tag = NULL, *value = NULL;
	struct wanted w;

	if (argc != 2 + all || blkid_parse_tag_string(argv[1 + all], &tag, &value) < 0) {
		fprintf(stderr, "usage: find-device [--all] TAG=VALUE\n");
		return 2;
	}
	w = (struct wanted){ .tag = tag, .value = value, .all = all };
	return !(!strncmp(tag, "PART", 4) ? print_partitions(&w) : print_file_systems(&w));
}
