/* SPDX-License-Identifier: GPL-2.0-or-later */
/* URLs of answer files: one for many machines, and what of them people may see. */
#ifndef DOLMEN_CORE_URL_H
#define DOLMEN_CORE_URL_H

#include <stddef.h>

#include "err.h"
#include "machine.h"

#define URL_BYTES 1024

/*
 * ${mac} (first NIC with a link, else eth0: 52:54:00:12:34:56), ${mac-hyphen}, ${serial} and ${uuid} (the firmware's) become
 * this machine's, percent-encoded where a URL needs it (RFC 3986). -EINVAL: another name, or a `${` without `}`;
 * -ENODATA: the machine has no such thing; -E2BIG: too long. With m NULL the names alone are checked.
 */
int url_expand(const char *url, const struct machine *m, char ret[URL_BYTES], struct err *e);
/* With three stars for the user's name and password. Cut when too long. */
void url_shown(const char *url, char *ret, size_t size);

#endif
