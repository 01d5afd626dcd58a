/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OVF: the description of a machine in an OVA (DMTF DSP0243, versions 1 and 2), as VMware, VirtualBox and others write it. What
 * is not known is passed over, as it asks for. Pure.
 */
#ifndef DOLMEN_OVF_H
#define DOLMEN_OVF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/err.h"

#define OVF_DISKS 8
#define OVF_NETS 8
#define OVF_BYTES (1024 * 1024)	/* no description is larger */

struct ovf {
	char name[128];
	uint64_t memory_bytes;		/* 0: not said */
	unsigned vcpus;			/* 0: not said */
	bool uefi;
	unsigned disks;
	struct ovf_disk {
		char file[256];		/* "": an empty disk */
		uint64_t file_bytes;	/* 0: not said */
		uint64_t bytes;		/* of the disk; 0: not said */
	} disk[OVF_DISKS];
	unsigned nets;
	struct ovf_net {
		char network[64];
	} net[OVF_NETS];
	/* Of a Dolmen host's: what else a machine is there. A kernel and its initramfs are files of that host, and only named. "": not said */
	char type[8], kernel[256], initrd[256], cmdline[512];
};

/* COMMAND_REFUSED: it is broken, or not of one machine, or its files are compressed, in pieces, or anywhere but beside it. */
int ovf_parse(struct ovf *ret, const char *xml, size_t n, struct err *e);
void ovf_write(const struct ovf *o, FILE *out);

#endif
