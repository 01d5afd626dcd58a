/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever wants to see how far something is that takes its time. */
#ifndef DOLMEN_CORE_WATCH_H
#define DOLMEN_CORE_WATCH_H

#include <stdbool.h>

/* Called from the thread that installs: step counts from 0, percent to 100. */
struct install_watch {
	void *user;
	void (*step)(void *user, unsigned step, unsigned steps, const char *name);
	void (*percent)(void *user, unsigned percent);
};

/* Called about once a second, or more often, while something is waited for: false gives it up. */
struct wait_watch {
	void *user;
	bool (*go_on)(void *user);
};

#endif
