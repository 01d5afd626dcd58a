/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files on volumes that come and go, and on web servers. */
#ifndef DOLMEN_SYS_SAVE_H
#define DOLMEN_SYS_SAVE_H

#include <stddef.h>

#include "core/err.h"
#include "core/watch.h"
#include "log.h"

/* Writes a file into the top folder of a volume (node `sdb1`, its file system `vfat`) and the volume out. */
int save_to_volume(const char *node, const char *type, const char *name, const void *data, size_t n, struct log *l, struct err *e);
/* Reads one. Caller frees. */
int load_from_volume(const char *node, const char *type, const char *name, size_t max, struct log *l, char **ret_data, size_t *ret_len,
		     struct err *e);
/* HTTP PUT to a URL; one that ends in `/` gets the name behind it. -ECANCELED: the watch (or NULL) gave it up. */
int save_to_url(const char *url, const char *name, const void *data, size_t n, const struct wait_watch *watch, struct log *l,
		struct err *e);

#endif
