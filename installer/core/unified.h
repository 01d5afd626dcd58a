/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified Xen image: the hypervisor, its configuration, dom0's kernel and its RAM disk in one PE file,
 * so that one signature covers them all.
 *
 * Section names and configuration format: Xen, docs/misc/efi.pandoc, "Unified Xen kernel image"; how Xen finds
 * the sections: xen/common/efi/pe.c. File format: Microsoft PE/COFF specification. .sbat: shim, SBAT.md.
 *
 * The same parts always give the same bytes. The input is not trusted: whatever it holds, the answer is a
 * file or an error. Left out of the result, because nothing at boot reads it and moving it would be wrong:
 * the COFF symbol table, the debug directory entry, a signature, anything behind the last section.
 */
#ifndef DOLMEN_CORE_UNIFIED_H
#define DOLMEN_CORE_UNIFIED_H

#include <stddef.h>
#include <stdio.h>

struct err;

/* Borrowed, never changed. */
struct unified_part {
	const void *data;
	size_t bytes;
};

struct unified_parts {
	struct unified_part xen;     /* xen.efi, x86-64, debug information stripped */
	struct unified_part config;  /* required */
	struct unified_part kernel;  /* required */
	struct unified_part ramdisk; /* 0 bytes: left out */
	struct unified_part sbat;    /* 0 bytes: left out; shim itself then loads no such image, GRUB's chainloader does */
};

/* What shim wants to read when nothing better is known. */
extern const char unified_sbat_default[];

/*
 * Writes the image to @out from where it stands, front to back: a pipe will do. Returns 0, or negative with
 * @err set: -EBADMSG the PE file is broken or not for x86-64, -EEXIST it has such a section already,
 * -EINVAL a required part is empty, -EFBIG too large for the format, -ENOMEM, or what writing failed with.
 * After an error, what went to @out is worthless.
 */
int unified_write(const struct unified_parts *parts, FILE *out, struct err *err);

#endif
