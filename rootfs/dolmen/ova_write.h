/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An OVA, as it is written: FILE.partial, which takes its name when it is complete; FILE.disk.partial is the disk that is being
 * converted. The description stands first and tells the lengths of what follows: its room is kept and filled at the end.
 */
#ifndef DOLMEN_OVA_WRITE_H
#define DOLMEN_OVA_WRITE_H

#include "image.h"
#include "ovf.h"

/* path: it is not there. The files and their lengths are set in o. What was written goes when it fails. */
int ova_write(const char *path, struct ovf *o, const struct image disk[], struct err *e);

#endif
