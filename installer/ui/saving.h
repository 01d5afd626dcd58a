/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that people take along: answers and log, onto a volume or to a web server. Results are said on the screen. */
#ifndef DOLMEN_UI_SAVING_H
#define DOLMEN_UI_SAVING_H

#include "screens.h"

struct saving {
	const char *title;
	const char *name;	/* of the file */
	char *text;
	size_t n;
};

enum front_answer saving_volume(struct session *s, const struct saving *what);
enum front_answer saving_url(struct session *s, const struct saving *what);

#endif
