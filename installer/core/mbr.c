/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbr.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

static const uint8_t stub_code[] = {
	0x31, 0xc0,		/*     xor ax, ax */
	0x8e, 0xd8,		/*     mov ds, ax */
	0x8e, 0xd0,		/*     mov ss, ax */
	0xbc, 0x00, 0x7c,	/*     mov sp, 0x7c00 */
	0xfc,			/*     cld */
	0xbe, 0x1e, 0x7c,	/*     mov si, text */
	0xac,			/* 1:  lodsb */
	0x84, 0xc0,		/*     test al, al */
	0x74, 0x09,		/*     jz 2f */
	0xb4, 0x0e,		/*     mov ah, 0x0e */
	0xbb, 0x07, 0x00,	/*     mov bx, 7 */
	0xcd, 0x10,		/*     int 0x10 */
	0xeb, 0xf2,		/*     jmp 1b */
	0xf4,			/* 2:  hlt */
	0xeb, 0xfd,		/*     jmp 2b */
};				/* text: */
static const char stub_text[] = MBR_STUB_TEXT "\r\n";

_Static_assert(sizeof(stub_code) == 0x1e, "the stub's text must start at 0x7c1e");
_Static_assert(sizeof(stub_code) + sizeof(stub_text) <= MBR_CODE_BYTES, "the stub must fit the boot code");

void mbr_put_stub(uint8_t sector[512])
{
	memset(sector, 0, MBR_CODE_BYTES);
	memcpy(sector, stub_code, sizeof(stub_code));
	memcpy(sector + sizeof(stub_code), stub_text, sizeof(stub_text));
	sector[510] = 0x55;
	sector[511] = 0xaa;
}

bool mbr_has_stub(const uint8_t sector[512])
{
	return !memcmp(sector, stub_code, sizeof(stub_code)) &&
	       !memcmp(sector + sizeof(stub_code), stub_text, sizeof(stub_text)) && sector[510] == 0x55 &&
	       sector[511] == 0xaa;
}

int mbr_put_grub(uint8_t sector[512], const uint8_t *boot_img, size_t boot_bytes, uint64_t core_lba, struct err *e)
{
	uint64_t lba = htole64(core_lba);

	if (boot_bytes != 512 || boot_img[510] != 0x55 || boot_img[511] != 0xaa)
		return err_set(e, -EINVAL, "GRUB's boot.img is not a boot sector");
	memcpy(sector, boot_img, MBR_CODE_BYTES);
	memcpy(sector + 0x5c, &lba, 8);
	/* As grub-setup does on hard disks: some firmware hands over a wrong drive number. */
	sector[0x66] = 0x90;
	sector[0x67] = 0x90;
	sector[510] = 0x55;
	sector[511] = 0xaa;
	return 0;
}

int mbr_patch_core(uint8_t *core, size_t core_bytes, uint64_t core_lba, uint64_t room, struct err *e)
{
	uint64_t start = htole64(core_lba + 1), sectors = (core_bytes + 511) / 512;
	uint16_t len, segment = htole16(0x820);

	if (core_bytes < 1024)
		return err_set(e, -EINVAL, "GRUB's core.img has only %zu bytes", core_bytes);
	if (sectors * 512 > room || sectors > 0x7fff)
		return err_set(e, -EFBIG, "GRUB's core.img has %zu bytes, its partition %llu", core_bytes,
			       (unsigned long long)room);
	len = htole16((uint16_t)(sectors - 1));
	memset(core + 512 - 24, 0, 12);		/* the list's end */
	memcpy(core + 512 - 12, &start, 8);
	memcpy(core + 512 - 4, &len, 2);
	memcpy(core + 512 - 2, &segment, 2);
	return 0;
}
