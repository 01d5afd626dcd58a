/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two hosts compare before a machine goes from one to the other. DOLMEN_ROOT is prefixed to what is read of the kernel. */
#ifndef DOLMEN_FACTS_H
#define DOLMEN_FACTS_H

#include <stdbool.h>

#define FACT 320

/*
 * What a disk is, wherever it is seen from: `lvm LVM-...` (the volume's UUID), `disk WWID`, `nfs SERVER:/PATH INODE`. Equal on two
 * hosts: the same disk. "": it is this host's own, or nobody knows. False: there is nothing under this name.
 */
bool fact_disk(const char *path, char ret[FACT]);
/* The processor's features, as Xen tells them: hexadecimal words. "": not known. */
void fact_cpu(char ret[FACT]);
/* Pure: whether the second has all features of the first; an unknown one has. */
bool fact_cpu_fits(const char *first, const char *second);

#endif
