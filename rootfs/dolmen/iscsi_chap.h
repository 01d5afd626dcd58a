/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By what name and secret the host gets into iSCSI targets that ask for them: kept in /state/iscsi, for root alone. */
#ifndef DOLMEN_ISCSI_CHAP_H
#define DOLMEN_ISCSI_CHAP_H

#include <stdbool.h>

#include "core/err.h"

#define CHAP_TARGET 224		/* bytes of a target's name */

bool chap_known(const char *target);
/* COMMAND_REFUSED: they have a blank, are empty or too long. What was known before is replaced. */
int chap_remember(const char *target, const char *user, const char *secret, struct err *e);
void chap_forget(const char *target);
/* Into the record that open-iscsi has of the target: after discovery, before login. */
int chap_apply(const char *target, struct err *e);

#endif
