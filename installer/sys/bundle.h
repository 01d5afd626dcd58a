/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan needs besides answers and machine: the medium's manifest, Xen's options, random numbers. */
#ifndef DOLMEN_SYS_BUNDLE_H
#define DOLMEN_SYS_BUNDLE_H

#include "core/err.h"
#include "core/manifest.h"
#include "core/random.h"
#include "core/xencfg.h"

int bundle_read(const char *medium, const char *boot_files, struct manifest *mf, struct xencfg *x, struct err *e);
/* From the kernel, or from the number that seed points to. */
int random_fill(struct random *r, const unsigned long long *seed, struct err *e);

#endif
