/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two command lines of a host, taken from the same file that is embedded into the unified image, so
 * that BIOS and UEFI never differ. Format: Xen docs/misc/efi.pandoc; the section [global] names the default.
 */
#ifndef DOLMEN_CORE_XENCFG_H
#define DOLMEN_CORE_XENCFG_H

#include <stddef.h>

#include "err.h"

struct xencfg {
	char options[512];	/* Xen's */
	char kernel[512];	/* dom0's, without the file name */
};

int xencfg_parse(struct xencfg *x, const char *text, size_t len, struct err *e);

#endif
