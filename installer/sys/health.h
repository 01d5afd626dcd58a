/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk says about itself: NVMe's log of health (NVM Express base specification 2.0, 5.16.1.3) and ATA's
 * SMART RETURN STATUS (ATA8-ACS 7.52). Of recorded machines ROOT/health is read: a line `sda TEXT` per disk.
 */
#ifndef DOLMEN_SYS_HEALTH_H
#define DOLMEN_SYS_HEALTH_H

#include "core/machine.h"

/* Fills d->health; leaves it empty when the disk does not tell. */
void health_read(struct disk *d, const char *root);

#endif
