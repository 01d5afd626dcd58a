/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_ISO_H
#define DOLMEN_ISO_H

#include "core/err.h"
#include "pool.h"

#define ISO_PATH 256

/* An ISO of the library, by its name. COMMAND_REFUSED: there is none. */
int iso_find(const char *name, char ret_path[ISO_PATH], struct err *e);
/* What was written as --cdrom: a whole path stays, a name becomes that of an ISO of the library. */
int iso_resolve(char path[ISO_PATH], struct err *e);

#endif
