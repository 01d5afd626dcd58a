/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The installation while people look: it runs in a thread of its own, the screen shows how far it is. Afterwards:
 * where the host is, or what went wrong and what can be done.
 */
#ifndef DOLMEN_UI_RUNNING_H
#define DOLMEN_UI_RUNNING_H

#include "screens.h"

enum running_next { RUNNING_DONE, RUNNING_AGAIN };

/* ins: ready to do s->plan. Returns what the service did. */
int running_install(struct session *s, struct install *ins, struct err *e);
/* Both set s->leave, unless the installation is to be tried again. touched: something was written. */
void running_done(struct session *s, const char *log_path);
enum running_next running_failed(struct session *s, const char *log_path, const struct err *why, bool touched);

#endif
