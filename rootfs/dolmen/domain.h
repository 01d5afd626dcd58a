/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine's definition as libvirt prints it (https://libvirt.org/formatdomain.html), read and copied. Pure. */
#ifndef DOLMEN_DOMAIN_H
#define DOLMEN_DOMAIN_H

#include "core/err.h"
#include "spec.h"

/* What vm create could have made it of. Disks have paths, and no sizes. */
int domain_read(const char *xml, struct vm_spec *ret, struct err *e);
/*
 * The same under another name, with a UUID and MAC addresses that libvirt is to choose. A path of to[i] takes the place of the one
 * of from[i]; a disk (no CD) whose path is none of from is COMMAND_REFUSED. Caller frees.
 */
int domain_copy(const char *xml, const char *name, const char *const from[], const char *const to[], unsigned n, char **ret, struct err *e);

#endif
