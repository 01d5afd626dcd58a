/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first sector of the disk as bytes, and GRUB for BIOS put onto it.
 * Offsets are GRUB 2's (include/grub/i386/pc/boot.h): the core's first sector at 0x5c, the drive check at
 * 0x66 of boot.img; the first sector of core.img ends in a block list that grows downwards.
 */
#ifndef DOLMEN_CORE_MBR_H
#define DOLMEN_CORE_MBR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define MBR_CODE_BYTES 440	/* boot code; then disk signature, partitions and 55 aa, which stay */
#define MBR_STUB_TEXT "Dolmen: the installation on this disk did not finish. Start the installer again."

/* Boot code that prints MBR_STUB_TEXT and stops; the rest of the sector is left alone but for 55 aa. */
void mbr_put_stub(uint8_t sector[512]);
bool mbr_has_stub(const uint8_t sector[512]);
/* boot.img (512 bytes) with the core's place filled in; the rest of the sector is left alone. */
int mbr_put_grub(uint8_t sector[512], const uint8_t *boot_img, size_t boot_bytes, uint64_t core_lba, struct err *e);
/* core.img gets the block list of one run that starts at core_lba + 1. room in bytes. */
int mbr_patch_core(uint8_t *core, size_t core_bytes, uint64_t core_lba, uint64_t room, struct err *e);

#endif
