/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pure: what a machine's definition (libvirt's XML) wants of a host, and one that runs has of it. */
#ifndef DOLMEN_DEFINITION_H
#define DOLMEN_DEFINITION_H

#include <stdbool.h>

#include "core/err.h"

#define DEFINITION_DISKS 24
#define DEFINITION_NETS 16
#define DEFINITION_FILES 8

struct definition {
	unsigned disks, nets, files;
	struct definition_disk {
		char path[256];
		bool file;		/* else a block device */
	} disk[DEFINITION_DISKS];
	char net[DEFINITION_NETS][16];		/* bridges */
	/* What is only read: kernel, initramfs, CDs, firmware. */
	char file[DEFINITION_FILES][256];
	bool devices;				/* PCI or USB devices of the host */
	char vnc_port[8], tty[64];		/* of one that runs; "": none */
};

/* COMMAND_REFUSED: it has more of something than can be told, or a disk that is no path of the host; all else was read. */
int definition_read(struct definition *ret, const char *xml, struct err *e);
/* xml with another path for a disk; caller frees. NULL: no memory, or the path is not in it. */
char *definition_move(const char *xml, const char *from, const char *to);

#endif
