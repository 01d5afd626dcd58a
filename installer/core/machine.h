/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in the machine, as found by sys/probe. Sizes in bytes. NICs stand in PCI order: nic[0] is eth0.
 */
#ifndef DOLMEN_CORE_MACHINE_H
#define DOLMEN_CORE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bootentry.h"
#include "phrase.h"

#define MACHINE_DISKS 64
#define MACHINE_VOLUMES 256
#define MACHINE_NICS 128
#define MACHINE_BOOT_TARGETS 4
#define MACHINE_BOOT_ENTRIES 32

enum health { HEALTH_UNKNOWN, HEALTH_GOOD, HEALTH_FAILING };

struct disk {
	char name[32];		/* kernel name: sda */
	char path[40];		/* /dev/sda */
	char bus[16];		/* ata scsi iscsi usb nvme virtio mmc loop, or empty */
	char vendor[64], model[64], serial[64], wwn[64];
	uint64_t bytes;
	uint32_t sector;	/* logical */
	uint64_t sequence;	/* the kernel's number for this disk in this place; another one has another. 0: unknown */
	bool removable, read_only;
	bool boot_medium;	/* the installer runs from it */
	bool rotational;
	char mounted[128];	/* where something of it is mounted, or empty */
	bool multipath;		/* one of several ways to the same storage: the others would go on with their own view of it */
	enum health health;	/* what SMART or NVMe's log says */
	int life_used;		/* percent, over 100 too; < 0: unknown */
};

struct volume {			/* a whole disk or partition and what libblkid says is on it */
	char node[32];		/* kernel name: sda1 */
	unsigned disk;		/* index */
	uint64_t start, bytes;	/* on the disk */
	bool whole;
	char type[32], label[64], uuid[64];
	/* of a GPT partition, GUIDs in lower case; of an MBR one the type as 0xde; or empty */
	char part_label[64], part_guid[37], part_type[40];
	uint64_t part_flags;	/* GPT's attributes */
	char vg[64], pool[64];	/* LVM2_member: its volume group and a thin pool in it, or empty */
};

struct nic {
	char kernel[32];	/* what the kernel calls it now */
	char mac[18];
	char pci[64];		/* 0000:00:03.0, or another bus's place */
	char driver[32];
	bool link;		/* carrier seen */
	unsigned speed;		/* Mbit/s, 0: unknown */
	char address[16];	/* that the installer has on it now, or empty */
};

struct boot_target {		/* what the firmware hands over as started from over iSCSI, whether it was or not */
	char name[224];		/* iqn.2001-04.org.example:disk1 */
	char address[46];
	char mac[18];		/* of the NIC that reaches it, or empty */
};

struct machine {
	bool long_mode;
	bool virtualization;	/* VT-x or AMD-V: HVM and PVH guests */
	bool efi;		/* the firmware that started us */
	unsigned cpus;
	char cpu[64];
	char vendor[64], product[64], serial[64], uuid[37];	/* of the machine, from its firmware */
	bool recorded;		/* a description, not the machine this runs on */
	uint64_t memory;
	unsigned disks, volumes, nics, boot_entries;
	bool more_disks, more_volumes;	/* than there is room for: those found are not all */
	struct disk disk[MACHINE_DISKS];
	struct volume volume[MACHINE_VOLUMES];
	struct nic nic[MACHINE_NICS];
	unsigned boot_targets;
	struct boot_target boot_target[MACHINE_BOOT_TARGETS];
	struct boot_entry boot_entry[MACHINE_BOOT_ENTRIES];	/* of the firmware, on partitions */
};

/*
 * Names: `sda`, `/dev/sda`, `/dev/disk/by-id/...`, `serial:S`, `wwn:W`, `model:M` (with or without the vendor, any
 * case); `*` in them stands for any characters. `size:480G` is a disk that is sold as one of 480 G, whether its maker
 * counts in thousands or in 1024s; `size:>1T`, `size:>=1T`, `size:<1T`, `size:<=1T`, `size:largest`, `size:smallest`
 * (of those that can be written to). Fills up to MACHINE_DISKS indexes, returns how many disks fit the name.
 */
unsigned machine_find_disk(const struct machine *m, const char *name, unsigned ret_index[MACHINE_DISKS]);
/* Neither write-protected, nor the boot medium, nor the one with the answers. */
bool machine_disk_writable(const struct machine *m, unsigned disk);
/* Reached over iSCSI: the host cannot start from it. */
bool machine_disk_is_remote(const struct disk *d);
/* `/dev/sda: 20.0 GiB, QEMU HARDDISK, serial QM00001` */
void machine_describe_disk(const struct disk *d, char *buf, size_t size);
/* Adds `sda1 vfat "EFI"; sda2 LVM2_member of dolmen`, or `nothing known`. */
void machine_describe_contents(const struct machine *m, unsigned disk, struct phrase *ret);
/* The same without one volume; NULL: all. */
void machine_describe_rest(const struct machine *m, unsigned disk, const struct volume *but, struct phrase *ret);
/* Adds what lies over the disk to a list: `volume group XenStorage; RAID on sda3`; each group once. */
void machine_list_layers(const struct machine *m, unsigned disk, struct phrase *ret);
/* All disks in one line for error texts, `none` when there are none. */
void machine_list_disks(const struct machine *m, char *buf, size_t size);
/* Only the n disks of index. */
void machine_list_some(const struct machine *m, const unsigned *index, unsigned n, char *buf, size_t size);
void machine_list_nics(const struct machine *m, char *buf, size_t size);
/* `iqn.2001-04.org.example:disk1 at 192.0.2.10 by eth0 (52:54:00:12:34:56)` */
void machine_describe_target(const struct machine *m, const struct boot_target *t, char *buf, size_t size);
/* Orders NICs by place on the bus, then by the kernel's name for the ports of one place. */
void machine_sort_nics(struct machine *m);

/* texts of /proc */
bool machine_cpuinfo_flag(const char *text, const char *flag);
/* Number of processors; model gets the first one's name. */
unsigned machine_cpuinfo_count(const char *text, char *model, size_t size);
uint64_t machine_meminfo_bytes(const char *text);
/* sda + 3 -> sda3; nvme0n1 + 3 -> nvme0n1p3 */
void machine_part_name(const char *disk, unsigned number, char *buf, size_t size);

#endif
