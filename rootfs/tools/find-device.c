/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * find-device TAG=VALUE: print the block device that carries it (LABEL, UUID, PARTLABEL, PARTUUID), for boot scripts:
 * busybox's findfs knows no partition GUIDs and there is no udev. Exit status 1 when there is none.
 */
#include <blkid/blkid.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char *tag = NULL, *value = NULL;
	blkid_cache cache = NULL;
	const char *device = NULL;
	blkid_dev dev;

	if (argc != 2 || blkid_parse_tag_string(argv[1], &tag, &value) < 0) {
		fprintf(stderr, "usage: find-device TAG=VALUE\n");
		return 2;
	}
	/* A cache file of another boot would lie; /dev/null keeps it in memory. CD drives are not in /proc/partitions. */
	if (blkid_get_cache(&cache, "/dev/null") < 0 || blkid_probe_all(cache) < 0 ||
	    blkid_probe_all_removable(cache) < 0)
		return 1;
	dev = blkid_find_dev_with_tag(cache, tag, value);
	if (dev)
		device = blkid_dev_devname(dev);
	if (!device)
		return 1;
	puts(device);
	return 0;
}
