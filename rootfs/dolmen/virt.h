/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt: the connection, its errors as ours, and machines by name. */
#ifndef DOLMEN_VIRT_H
#define DOLMEN_VIRT_H

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "core/err.h"
#include "storage.h"

/* To xen:///system, or what DOLMEN_LIBVIRT names. */
int virt_open(virConnectPtr *ret, struct err *e);
/* What the last call said, behind our words; returns the code. */
int virt_error(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* COMMAND_REFUSED: there is none of that name. */
int virt_machine(virConnectPtr c, const char *name, virDomainPtr *ret, struct err *e);
/* Its disks and snapshots: storage_list_defined(). */
int virt_volumes(virDomainPtr d, struct volumes *ret, struct err *e);
/* Whether this host has a bridge of that name. DOLMEN_ROOT is prefixed to what is looked at. */
bool virt_has_bridge(const char *name);
/* "running", "shut off" and so on */
const char *virt_state(int state);

#endif
