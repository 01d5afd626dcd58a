/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network port while it is looked at: its link, and its light. */
#ifndef DOLMEN_SYS_NIC_H
#define DOLMEN_SYS_NIC_H

#include "core/err.h"
#include "core/machine.h"

/* Reads link, speed and address again, below root ("": this machine). A port that is down has no link. */
void nic_refresh(struct nic *n, const char *root);
/* Makes its light blink, and waits. -EOPNOTSUPP when the driver cannot. */
int nic_blink(const struct nic *n, unsigned seconds, struct err *e);

#endif
