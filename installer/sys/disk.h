/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The target disk itself: boot record, zeroing, partition table, the kernel's view of it. */
#ifndef DOLMEN_SYS_DISK_H
#define DOLMEN_SYS_DISK_H

#include "core/err.h"
#include "core/plan.h"
#include "log.h"

/* Still there, the same size and sectors as planned, and nobody has it open: takes it exclusively for a moment. */
int disk_check(const struct disk *d, struct err *e);
int disk_zero(const struct plan_wipe *w, struct err *e);
/* Logical volumes and RAID sets that hold the disk are switched off. */
int disk_release(const struct disk *d, struct log *l, struct err *e);
/* Boot code that only says that the installation is incomplete; partition entries stay. */
int disk_write_stub(const char *path, struct err *e);
/* Table by libparted, then the plan's GUIDs, then wait until the kernel shows all partitions. */
int disk_partition(const struct plan_target *t, struct log *l, struct err *e);
/* core.img into its partition, boot.img's code last. */
int disk_write_grub(const struct plan_target *t, const char *boot_files, struct err *e);

#endif
