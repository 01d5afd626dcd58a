/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot entry of UEFI firmware as efivarfs shows it: four bytes of attributes, then EFI_LOAD_OPTION (UEFI specification
 * 2.10, section 3.1.3), whose device path names a partition of a disk by its GUID (section 10.3.5.1).
 */
#ifndef DOLMEN_CORE_BOOTENTRY_H
#define DOLMEN_CORE_BOOTENTRY_H

#include <stddef.h>
#include <stdint.h>

struct boot_entry {
	unsigned number;	/* Boot0003: 3 */
	char label[64];		/* what is not ASCII is `?` */
	char part_guid[37];	/* of the partition it starts from */
};

/*
 * name: the variable's, as `Boot0003-8be4df61-93ca-11d2-aa0d-00e098032b8c`. -ENOENT: no boot entry, or none of a GPT
 * partition; -EBADMSG: damaged.
 */
int boot_entry_read(const char *name, const uint8_t *data, size_t n, struct boot_entry *ret);

#endif
