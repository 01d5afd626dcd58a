/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images of disks, in the formats that qemu-img reads. They come from elsewhere: what one is, is decided by its first and last
 * bytes before qemu-img sees it, and one that names other files (backing files, data files, extents) is refused, as those would
 * be read with root's rights.
 *
 * Layouts: qemu's docs/interop/qcow2.rst; VMware's Virtual Disk Format 5.0; Microsoft's Virtual Hard Disk Format 1.0 and VHDX;
 * VirtualBox' src/VBox/Storage/VDICore.h.
 */
#ifndef DOLMEN_IMAGE_H
#define DOLMEN_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum image_format { IMAGE_RAW, IMAGE_QCOW2, IMAGE_VMDK, IMAGE_VDI, IMAGE_VHD, IMAGE_VHDX, IMAGE_FORMAT_MAX };
/* As qemu-img names them: raw, qcow2, vmdk, vdi, vpc, vhdx. */
extern const char *const image_format_text[IMAGE_FORMAT_MAX];

#define IMAGE_PATH 256
#define IMAGE_HEAD 16384	/* bytes of the beginning that are looked at */
#define IMAGE_TAIL 512

struct image {
	char path[IMAGE_PATH];
	uint64_t offset, bytes;		/* where it is in that file */
	enum image_format format;
	uint64_t disk_bytes;		/* of the disk that it is the image of */
	uint64_t data_bytes;		/* of them, what is not zeros */
};

/*
 * Pure: the format of an image of so many bytes; head is its first IMAGE_HEAD bytes at most, tail its last 512 (fewer where it
 * is shorter). COMMAND_REFUSED: it is cut off, encrypted, not self-contained, or something that is no image of a disk.
 */
int image_look(const uint8_t *head, size_t head_n, const uint8_t *tail, size_t tail_n, uint64_t bytes, enum image_format *ret, struct err *e);

/* An image at an offset of a file (an archive) or, with bytes 0, all of it, read and checked by qemu-img; COMMAND_REFUSED. */
int image_open(struct image *ret, const char *path, uint64_t offset, uint64_t bytes, struct err *e);
/* A disk of this host: raw, whatever it holds. */
int image_of_disk(struct image *ret, const char *path, struct err *e);
/*
 * Its content onto a disk of zeros, where zeros are not written; synced. command_stopped ends it: -EINTR. what: of which progress
 * is told on a terminal (`disk 1`).
 */
int image_copy(const struct image *i, const char *to, const char *what, struct err *e);
/* Its content into a new file, as an OVA has it: vmdk, streamOptimized. */
int image_to_vmdk(const struct image *i, const char *to, const char *what, struct err *e);

/* `WHAT:  12 %` on a terminal; one of more than 100 wipes it out. */
void image_progress(const char *what, double percent);

#endif
