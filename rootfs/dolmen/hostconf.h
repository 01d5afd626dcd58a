/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's configuration, /state/host.conf (docs/HOSTCONF.md), read and edited as lines KEY=VALUE: lines that nobody here knows
 * and the order of all stay. A change is written beside the file, synced and renamed: after a power cut there is the old one or the
 * new one. What is between hostconf_edit() and hostconf_close() is one change; others wait for its end.
 *
 *	struct hostconf h;
 *	int rc = hostconf_edit(&h, e);
 *
 *	if (!rc)
 *		rc = hostconf_add(&h, "pool", "big thin vg1 pool", e);
 *	if (!rc)
 *		rc = hostconf_write(&h, e);
 *	hostconf_close(&h);
 */
#ifndef DOLMEN_HOSTCONF_H
#define DOLMEN_HOSTCONF_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

struct hostconf {
	char **line;		/* without the newline */
	size_t n;
	int lock;		/* -1: only read */
};

/* A file below / of this host, or of DOLMEN_ROOT in tests. */
const char *host_path(char *buf, size_t size, const char *path);

/* -ENOENT: this host has no configuration (its state partition could not be mounted). hostconf_close() in any case. */
int hostconf_read(struct hostconf *h, struct err *e);
/* The same, to be changed. COMMAND_REFUSED: not now, and why. */
int hostconf_edit(struct hostconf *h, struct err *e);
/* Others' changes wait until this descriptor is closed; negative: an error. */
int hostconf_lock(struct err *e);
void hostconf_close(struct hostconf *h);

/* The first value of the key; NULL: it is not there. */
const char *hostconf_get(const struct hostconf *h, const char *key);
/* All of them: start with *at = 0; NULL behind the last. */
const char *hostconf_next(const struct hostconf *h, const char *key, size_t *at);

/* In memory. What stood under the key goes; the new values stand where the first of them stood. n = 0 removes the key. */
int hostconf_set(struct hostconf *h, const char *key, const char *const values[], unsigned n, struct err *e);
/* One more value, behind those that are there. */
int hostconf_add(struct hostconf *h, const char *key, const char *value, struct err *e);
/* The value that is this one, or begins with it and a blank; false: there is none. */
bool hostconf_remove(struct hostconf *h, const char *key, const char *value);

/* To disk. The file of before is whole when this fails: full, read-only. */
int hostconf_write(struct hostconf *h, struct err *e);

/* Writes data into path the same way: beside it, synced, renamed. */
int file_replace(const char *path, const void *data, size_t n, unsigned mode, struct err *e);

#endif
