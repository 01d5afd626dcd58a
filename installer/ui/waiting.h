/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box for what is waited for, with the time that has gone by; people can give it up. */
#ifndef DOLMEN_UI_WAITING_H
#define DOLMEN_UI_WAITING_H

#include <time.h>

#include "core/watch.h"
#include "front.h"

struct waiting {
	struct front *front;
	const char *title, *action;	/* translated: `SSH keys`, `Fetching...` */
	time_t began;
	struct wait_watch watch;	/* for what is waited for */
};

void waiting_begin(struct waiting *w, struct front *f, const char *title, const char *action);
/* Seconds that only go forward, whatever is done to the clock. */
time_t waiting_seconds(void);
/* `1:05 elapsed`. Returns the length as snprintf does. */
int waiting_elapsed(char *buf, size_t size, time_t began);

#endif
