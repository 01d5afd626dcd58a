/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever wants to see how far an installation is. */
#ifndef DOLMEN_CORE_WATCH_H
#define DOLMEN_CORE_WATCH_H

/* Called from the thread that installs: step counts from 0, percent to 100. */
struct install_watch {
	void *user;
	void (*step)(void *user, unsigned step, unsigned steps, const char *name);
	void (*percent)(void *user, unsigned percent);
};

#endif
