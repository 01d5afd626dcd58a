/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a virtual machine is made from: the image of a disk, or an OVA (or the OVF file of one that was unpacked) with several. */
#ifndef DOLMEN_IMPORT_H
#define DOLMEN_IMPORT_H

#include <stdbool.h>

#include "image.h"
#include "ovf.h"
#include "spec.h"
#include "storage.h"
#include "tar.h"

struct import {
	bool described;			/* by ovf; else it is one image */
	struct ovf ovf;
	struct tar tar;			/* n 0: its files lie beside it */
	unsigned images;
	struct image image[SPEC_DISKS];	/* bytes 0: an empty disk */
};

/* What it says of itself. */
int import_look(struct import *ret, const char *path, struct err *e);
/* Into s goes what the options do not say; the images are looked at, and compared with the archive's manifest. */
int import_open(struct import *ret, struct vm_spec *s, const struct call *c, struct err *e);
/* Whether what it holds fits into a thin pool as it is now. */
int import_room(const struct import *i, const struct pool *p, struct err *e);
/* Onto the machine's disks, which are there and all zeros. */
int import_fill(const struct import *i, const struct vm_spec *s, struct err *e);

/* ova_manifest.c. Each file that the manifest (OVF's .mf) names. */
int import_verify(const char *manifest, const struct import *i, const char *path, struct err *e);
/* Where a file of the archive is: in it, or beside it. */
int import_locate(const struct import *i, const char *path, const char *name, char ret_path[IMAGE_PATH], uint64_t *ret_offset,
		  uint64_t *ret_bytes, struct err *e);
/* A whole small file of it; caller frees. */
int import_read(const struct import *i, const char *path, const char *name, char **ret, size_t *ret_n, struct err *e);

#endif
