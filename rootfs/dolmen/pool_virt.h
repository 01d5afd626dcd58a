/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pools as libvirt has them, so that its tools see the same ones; and whose disks are in a pool. host.conf is the truth. */
#ifndef DOLMEN_POOL_VIRT_H
#define DOLMEN_POOL_VIRT_H

#include <stdio.h>

#include "pool.h"
#include "virt.h"

/* libvirt's pool: https://libvirt.org/formatstorage.html; `dir` or `logical`. */
void pool_write_xml(const struct pool *p, FILE *out);
/*
 * Known to a libvirt that runs, and started. One of that name that is there already stays. Where a server is behind it, it is not
 * started: libvirt looks into all that is started when it starts itself, and would wait for a server that is away.
 */
int pool_define(virConnectPtr conn, const struct pool *p, struct err *e);
void pool_undefine(virConnectPtr conn, const struct pool *p);
/* For a libvirt that does not run yet: the files that it reads. */
int pool_define_file(const struct pool *p, struct err *e);

/* COMMAND_REFUSED: a machine is defined, or runs, with a path that begins so (one of a quote at its end: that is it). */
int virt_path_unused(virConnectPtr conn, const char *begins, struct err *e);

#endif
