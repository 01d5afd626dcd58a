/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time zones that were renamed: answer files of years ago still say Asia/Calcutta or US/Eastern. */
#ifndef DOLMEN_CORE_ZONES_H
#define DOLMEN_CORE_ZONES_H

#include "names.h"

/* The name of today for an old one, or NULL. */
const char *zone_renamed(const char *old);
/* The zone, by its name of today, whose old or new name is most like it; NULL when none is alike. */
const char *zone_nearest(const struct name_list *zones, const char *name);

#endif
