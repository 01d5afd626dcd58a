/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of the screens, and which of them apply to the answers given so far. */
#ifndef DOLMEN_UI_FLOW_H
#define DOLMEN_UI_FLOW_H

#include "screens.h"

/* From the screen with that key to the last one. False when they were left: s->leave says why. */
bool flow_run(struct session *s, const char *from);

#endif
