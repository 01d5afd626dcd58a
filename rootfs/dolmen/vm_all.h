/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All machines at once, as the host starts and stops them: in the order that `vm set --order` gave. */
#ifndef DOLMEN_VM_ALL_H
#define DOLMEN_VM_ALL_H

#include "command.h"

/*
 * Asks those that run to shut down, last started first, those of one order at the same time. Who of these is still there after
 * the seconds is saved, or turned off when that fails.
 */
int vm_all_shutdown(const struct call *c, unsigned seconds, struct err *e);

#endif
