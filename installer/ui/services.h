/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What screens want of the machine. They draw and ask; what does it stands in installer/sys, and the two do not know each
 * other: installer/interactive.c puts this table together. Functions with an err return 0, or negative with its reason.
 * Data that is returned is the caller's to free, with a NUL behind its last byte. A log and an install are handed on and
 * never looked into.
 */
#ifndef DOLMEN_UI_SERVICES_H
#define DOLMEN_UI_SERVICES_H

#include <stddef.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/machine.h"
#include "core/watch.h"

struct install;
struct log;
struct session;

struct services {
	/* Puts the machine of now into the session: sticks and partitions come and go. If it cannot be read, the old one stays. */
	void (*probe)(struct session *s);
	/* Makes the session's plan of its answers. Negative: there is none, for the reasons in ds. */
	int (*make_plan)(struct session *s, struct diags *ds);
	/* Does a plan. Ends after minutes; meanwhile it calls the watch. */
	int (*install)(struct install *ins, const struct install_watch *watch, struct err *e);

	/* A layout that cannot be loaded is logged; the old one stays. */
	void (*keymap_load)(const char *name, struct log *l);
	/* Says hello and runs a shell on this terminal until it ends. */
	void (*shell_run)(struct log *l, const char *hello);
	/* Reads link and speed (Mbit/s) again, below root ("": this machine). */
	void (*nic_refresh)(struct nic *n, const char *root);
	/* Makes its light blink, and waits. */
	int (*nic_blink)(const struct nic *n, unsigned seconds, struct err *e);

	/* More than max bytes are an error. */
	int (*file_read)(const char *path, size_t max, char **ret_data, size_t *ret_len, struct err *e);
	/* http and https. May take minutes: the network may just be coming up. -ECANCELED: the watch gave it up. */
	int (*fetch_url)(const char *url, size_t max, const struct wait_watch *watch, struct log *l, char **ret_data, size_t *ret_len,
			 struct err *e);
	/* HTTP PUT; a URL that ends in `/` gets the name behind it. -ECANCELED as above. */
	int (*save_to_url)(const char *url, const char *name, const void *data, size_t n, const struct wait_watch *watch, struct log *l,
			   struct err *e);
	/* A file in the top folder of a volume: node `sdb1`, its file system `vfat`. It is unmounted again. */
	int (*load_from_volume)(const char *node, const char *type, const char *name, size_t max, struct log *l, char **ret_data,
				size_t *ret_len, struct err *e);
	int (*save_to_volume)(const char *node, const char *type, const char *name, const void *data, size_t n, struct log *l,
			      struct err *e);
};

#endif
