/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console: screens for the host's care. They are drawn with the installer's front end (ui/front.h), and ask what the installer
 * asks with the installer's own screens (ui/screens.h), whose session is in here. What is done is done by `dolmen` itself, as a
 * child (action.h): a screen collects the arguments of a command and nothing more.
 */
#ifndef DOLMEN_CONSOLE_H
#define DOLMEN_CONSOLE_H

#include <time.h>

#include "ui/i18n.h"
#include "ui/screens.h"

struct console {
	struct session s;
	struct front *front;	/* the session's */
	const char *root;	/* before every path: DOLMEN_ROOT, or "" */
	const char *tty;	/* where the password is asked for: tty1 */
	unsigned idle;		/* seconds without a key */
	unsigned wrong;		/* passwords since the last right one */
	time_t next_try;	/* seconds of waiting_seconds() before which none is taken */
};

/* Of the main menu. FRONT_BACK leads back to it; FRONT_QUIT: the terminal went away, or nobody has pressed a key for long. */
typedef enum front_answer console_screen(struct console *c);
console_screen console_guests, console_network, console_storage, console_settings, console_hardware, console_logs, console_power;

/* access.c, of the settings */
console_screen console_password, console_ssh;

/* login.c: the status, and the password of root. FRONT_NEXT: it was right. */
console_screen console_status, console_login;
/* Below the whole path of a file. */
const char *console_path(const struct console *c, const char *path, char *buf, size_t size);
/* A sentence, and a failure of something named by title. */
enum front_answer console_say(struct console *c, const char *title, const char *text);
enum front_answer console_failed(struct console *c, const char *title, const struct err *e);
/* What is done while nobody is asked, until the next dialog. */
void console_busy(struct console *c, const char *title, const char *doing);
/* Two buttons, the second of them marked. */
enum front_answer console_ask(struct console *c, const char *title, const char *text, const char *yes, bool *ret_yes);
/* Reads the machine anew; true: s.machine is there. */
bool console_probe(struct console *c);

#endif
