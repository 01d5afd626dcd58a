/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dolmen-install --repair-boot: what boots an installed host is made anew, by the actions that made it. */
#ifndef DOLMEN_REPAIR_H
#define DOLMEN_REPAIR_H

#include "options.h"
#include "sys/log.h"

/* Prints the plan, or does it; returns the exit code. */
int repair(const struct options *o, struct log *l);

#endif
