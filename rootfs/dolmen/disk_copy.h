/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk's content to another host, in passes: each reads the whole disk and sends the blocks that are not what was sent before. So
 * the first ones may run while the machine does; what the last one leaves behind is the disk as it is then.
 */
#ifndef DOLMEN_DISK_COPY_H
#define DOLMEN_DISK_COPY_H

#include <stdint.h>

#include "peer.h"

struct disk_copy {
	unsigned number;		/* on the other host, which has made it, empty */
	char path[256];
	uint64_t bytes;
	int fd;
	char (*sent)[33];		/* a hash of each block; "": zeros */
};

/* The size is the disk's. */
int disk_copy_open(struct disk_copy *ret, unsigned number, const char *path, struct err *e);
/* The path stays. */
void disk_copy_close(struct disk_copy *c);
/* One pass, to the other host's disk and written there. *ret_sent: bytes that had changed. progress: says how far it is, to a terminal. */
int disk_copy_pass(struct disk_copy *c, struct peer *p, bool progress, uint64_t *ret_sent, struct err *e);

#endif
