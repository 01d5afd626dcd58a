/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a front end that asks can do. The screens (screens.c) are written over these few dialogs and know no toolkit;
 * newt.c draws them, plain.c prints lines for dumb terminals and scripts. Every dialog shows a title, a text and help
 * (F1, or `?`); texts are translated before they come here. Strings are UTF-8.
 */
#ifndef DOLMEN_UI_FRONT_H
#define DOLMEN_UI_FRONT_H

#include <stdbool.h>
#include <stddef.h>

enum front_answer { FRONT_NEXT, FRONT_BACK, FRONT_QUIT };	/* QUIT: the terminal went away */

struct front_item {		/* of a menu or a check list */
	const char *text;
	const char *detail;	/* more about it (F5, or `=N`), or NULL */
	bool on;		/* chosen before, and after */
	bool disabled;		/* shown with its reason in text, cannot be chosen */
};

struct front_field {		/* of a form */
	const char *label;
	char *value;		/* what stands in it, and what was typed; size bytes */
	size_t size;
	bool secret;		/* shown as `*` */
	/* NULL, or whether the value is right; puts the reason into why */
	bool (*check)(const char *value, char *why, size_t size);
};

struct front_page {
	const char *title, *text, *help;
	/* For pages that look again while they are shown (link state): NULL, or called about once a second. */
	void (*refresh)(void *user);
	void *user;
};

struct front;

struct front_calls {
	/* One of n; *chosen is the one marked before. */
	enum front_answer (*menu)(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t *chosen);
	/* Any of n, at least `least`. */
	enum front_answer (*checklist)(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t least);
	enum front_answer (*form)(struct front *f, const struct front_page *p, struct front_field *fields, size_t n);
	/* A text that scrolls, with the button `next` (and Back when back is set). */
	enum front_answer (*view)(struct front *f, const struct front_page *p, const char *next, bool back);
	/* Two buttons; *yes is the one marked before. */
	enum front_answer (*ask)(struct front *f, const struct front_page *p, const char *yes_text, const char *no_text, bool *yes);
	/* Goes on only when exactly `word` was typed. */
	enum front_answer (*confirm)(struct front *f, const struct front_page *p, const char *word);
	/* A box that stays until the next call; percent < 0: no bar. */
	void (*progress)(struct front *f, const struct front_page *p, int percent, const char *action);
	void (*close)(struct front *f);
};

struct front {
	const struct front_calls *calls;
	void *own;
};

/* NULL when the terminal cannot do it (TERM unset or dumb): use the plain one then. */
struct front *front_newt(void);
struct front *front_plain(void);	/* standard input and output */

#endif
