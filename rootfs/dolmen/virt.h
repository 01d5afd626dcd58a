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
/* COMMAND_REFUSED: there is none of that name, or it is still arriving. */
int virt_machine(virConnectPtr c, const char *name, virDomainPtr *ret, struct err *e);
/* Known by its name alone: another host sends it. Of an attempt whose source was lost, libvirt keeps the name until its daemon ends. */
bool virt_is_arriving(virDomainPtr d);
/* Whether one of that name can be made: COMMAND_REFUSED where there is one, or disks of one that is gone. */
int virt_is_free(virConnectPtr c, const char *name, struct err *e);
/* Does it while the machine, if it goes on, is paused: what is done to all of its disks is done in one moment. */
int virt_in_one_moment(virDomainPtr d, int (*act)(void *user, struct err *e), void *user, struct err *e);
/* Its disks and snapshots: storage_list_defined(). */
int virt_volumes(virDomainPtr d, struct volumes *ret, struct err *e);
/* Whether this host has a bridge of that name. DOLMEN_ROOT is prefixed to what is looked at. */
bool virt_has_bridge(const char *name);
/* libvirt's number as a word: "running", "off" */
const char *virt_state(int state);

#endif
