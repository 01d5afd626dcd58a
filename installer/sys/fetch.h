/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answer files from wherever they are. Certificates of https are checked. */
#ifndef DOLMEN_SYS_FETCH_H
#define DOLMEN_SYS_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "core/machine.h"
#include "core/watch.h"
#include "log.h"

/*
 * file:///path, http://, https://; tries for about a minute, as the network may just be coming up. Caller frees.
 * -ECANCELED: the watch (or NULL) gave it up.
 * Messages name the URL without its password; https is never left for http.
 */
int fetch_url(const char *url, size_t max, const struct wait_watch *watch, struct log *l, char **ret_data, size_t *ret_len,
	      struct err *e);
/*
 * answerfile.xml of the volume labelled DOLMEN-CONF; -ENOENT when there is none, -ENOTUNIQ when there
 * are several. CDs are looked at too. ret_node gets the device's name.
 */
int fetch_conf_volume(const struct machine *m, size_t max, struct log *l, char **ret_data, size_t *ret_len, char ret_node[64],
		      struct err *e);
/* Whether there is such a volume, whatever is on it. */
bool fetch_conf_present(const struct machine *m);

#endif
