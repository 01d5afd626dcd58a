/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of the volume group that an LVM physical volume belongs to, read from its first bytes: label in one of
 * the first four sectors of 512 bytes, header of the physical volume, header of the metadata area, and the text it
 * points at (LVM2's lib/format_text/layout.h; the text format of vgcfgbackup(8)). What is on the disk is not trusted.
 */
#ifndef DOLMEN_CORE_LVM_H
#define DOLMEN_CORE_LVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* So much of the device's beginning holds the metadata that pvcreate makes room for by default. */
#define LVM_HEAD_BYTES (2u << 20)

/*
 * ret_pool is the name of a thin pool of the group, or empty. -ENOENT: a physical volume of no group yet;
 * -EBADMSG: not a physical volume, or damaged.
 */
int lvm_group(const uint8_t *head, size_t n, char ret_vg[64], char ret_pool[64], struct err *e);

#endif
