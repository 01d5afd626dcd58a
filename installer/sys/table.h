/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_SYS_TABLE_H
#define DOLMEN_SYS_TABLE_H

#include "core/err.h"
#include "core/plan.h"
#include "log.h"

/* Table by libparted, then the plan's GUIDs, then wait until the kernel shows all partitions. */
int table_write(const struct plan_target *t, struct log *l, struct err *e);
/*
 * What is kept of a table: both copies are whole, the partitions part[0..last] stand where the plan has them, and the
 * kernel agrees.
 */
int table_check(const struct plan_target *t, unsigned last, struct err *e);

#endif
