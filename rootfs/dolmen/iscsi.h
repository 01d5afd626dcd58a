/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LUNs of iSCSI targets as disks, by open-iscsi. A LUN is written PORTAL,TARGET,N: 192.0.2.9:3260,iqn.2001-04.com.example:a,0 */
#ifndef DOLMEN_ISCSI_H
#define DOLMEN_ISCSI_H

#include <stddef.h>

#include "core/err.h"

/* COMMAND_REFUSED: no portal, no target's name, no number; target NULL: what the portal offers stands in the error. */
int iscsi_write(char *ret, size_t size, const char *portal, const char *target, const char *lun, struct err *e);
/* For a target that wants it (CHAP): before the first iscsi_attach(), remembered until iscsi_detach() or iscsi_forget().
   COMMAND_REFUSED: no such words, or there are others already. */
int iscsi_remember(const char *lun, const char *user, const char *secret, struct err *e);
void iscsi_forget(const char *lun);
/* Logs in, unless that was done, and waits for the disk. */
int iscsi_attach(const char *lun, char ret_path[256], struct err *e);
/* Logs out of its target, and forgets how to get into it. */
int iscsi_detach(const char *lun, struct err *e);

#endif
