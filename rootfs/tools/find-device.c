/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * find-device [--all] TAG=VALUE: print the block device that carries it (LABEL, UUID, PARTLABEL, PARTUUID), or all of them,
 * for boot scripts: busybox's findfs knows no partition GUIDs and there is no udev. Exit status 1 when there is none.
 */
#include <blkid/blkid.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int print_all(blkid_cache cache, const char *tag, const char *value)
{
	blkid_dev_iterate i = blkid_dev_iterate_begin(cache);
	blkid_dev dev;
	int found = 0;

	if (!i || blkid_dev_set_search(i, (char *)tag, (char *)value) < 0)
		return 1;
	while (!blkid_dev_next(i, &dev)) {
		puts(blkid_dev_devname(dev));
		found = 1;
	}
	blkid_dev_iterate_end(i);
	return !found;
}

int main(int argc, char **argv)
{
	bool all = argc == 3 && !strcmp(argv[1], "--all");
	char *tag = NULL, *value = NULL;
	blkid_cache cache = NULL;
	const char *device = NULL;
	blkid_dev dev;

	if (argc != 2 + all || blkid_parse_tag_string(argv[1 + all], &tag, &value) < 0) {
		fprintf(stderr, "usage: find-device [--all] TAG=VALUE\n");
		return 2;
	}
	/* A cache file of another boot would lie; /dev/null keeps it in memory. CD drives are not in /proc/partitions. */
	if (blkid_get_cache(&cache, "/dev/null") < 0 || blkid_probe_all(cache) < 0 ||
	    blkid_probe_all_removable(cache) < 0)
		return 1;
	if (all)
		return print_all(cache, tag, value);
	dev = blkid_find_dev_with_tag(cache, tag, value);
	if (dev)
		device = blkid_dev_devname(dev);
	if (!device)
		return 1;
	puts(device);
	return 0;
}
