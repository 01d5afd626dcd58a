/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks at the machine: /sys, /proc and libblkid. With a root other than "" it reads a recorded machine, a
 * folder with the same files; what libblkid would say then stands in ROOT/blkid, a line per volume, and what disks say
 * about their health in ROOT/health (tests/machines/README.md):
 *     sda1 TYPE=vfat LABEL=EFI UUID=... PARTLABEL=... PARTUUID=... PARTTYPE=...
 */
#ifndef DOLMEN_SYS_PROBE_H
#define DOLMEN_SYS_PROBE_H

#include "core/err.h"
#include "core/machine.h"
#include "log.h"

/* The caller frees. */
int probe_machine(struct machine **ret_machine, const char *root, struct log *l, struct err *e);

#endif
