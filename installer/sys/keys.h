/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SSH keys that the answers name by a URL. */
#ifndef DOLMEN_SYS_KEYS_H
#define DOLMEN_SYS_KEYS_H

#include "core/answers.h"
#include "log.h"

/* Replaces each URL among a's keys by the keys it leads to. What cannot be fetched or is no key goes to ds: -EINVAL then. */
int keys_fetch(struct answers *a, struct log *l, struct diags *ds);

#endif
