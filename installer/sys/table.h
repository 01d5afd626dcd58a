/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_SYS_TABLE_H
#define DOLMEN_SYS_TABLE_H

#include "core/err.h"
#include "core/plan.h"
#include "log.h"

/* Table by libparted, then the plan's GUIDs, then wait until the kernel shows all partitions. */
int table_write(const struct plan_target *t, struct log *l, struct err *e);
/* A table that is kept: both copies are whole, the partitions stand where the plan has them, and the kernel agrees. */
int table_check(const struct plan_target *t, struct err *e);

#endif
