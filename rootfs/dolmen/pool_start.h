/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pool is brought up and taken down: mounted, or its volumes activated. */
#ifndef DOLMEN_POOL_START_H
#define DOLMEN_POOL_START_H

#include "pool.h"

/* Brought up, and still there. */
bool pool_is_active(const struct pool *p);
/* Whether the file system of a pool that is up is on a volume of the other one's group. */
bool pool_is_on(const struct pool *files, const struct pool *group);
/* Nothing, when it is up. A server that is away is given up after some seconds. */
int pool_start(const struct pool *p, struct err *e);
/* COMMAND_REFUSED: something in it is open. */
int pool_stop(const struct pool *p, struct err *e);
/* Then: out of its iSCSI target, unless another pool is there, too. */
int pool_leave(const struct pool *p, struct err *e);

/* pool_nfs.c: SERVER:/PATH, [2001:db8::1]:/PATH. COMMAND_REFUSED with a reason. */
int nfs_check(const char *source, const char *options, struct err *e);
int nfs_mount(const struct pool *p, struct err *e);

#endif
