/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a front end that asks can do. The screens (screens_*.c) are written over these few dialogs and know no toolkit;
 * newt.c draws them, plain.c prints lines for dumb terminals and scripts. Every dialog shows a title, a text and help
 * (F1, or `?`); texts are translated before they come here. Strings are UTF-8.
 */
#ifndef DOLMEN_UI_FRONT_H
#define DOLMEN_UI_FRONT_H

#include <stdbool.h>
#include <stddef.h>

/* Columns that fit into every dialog of a terminal with 80: of texts and items, and of a field's label. */
#define FRONT_WIDTH 68
#define FRONT_LABEL_WIDTH 24

enum front_answer { FRONT_NEXT, FRONT_BACK, FRONT_QUIT };	/* QUIT: the terminal went away */

struct front_item {		/* of a menu or a check list */
	const char *text;
	const char *detail;	/* more about it (F5, or `=N`), or NULL */
	bool on;		/* of a check list: chosen before, and after */
	bool disabled;		/* shown with its reason in text, cannot be chosen */
};

struct front_field {		/* of a form */
	const char *label;
	char *value;		/* what stands in it, and what was typed; size bytes */
	size_t size;
	bool secret;		/* shown as `*` */
	/* NULL, or whether the value is right; puts the reason into why, translated */
	bool (*check)(const char *value, char *why, size_t size);
};

struct front_page {
	const char *title, *text, *help;
	bool first;		/* there is nothing to go back to */
	/* For lists and texts that look again while they are shown (link state): NULL, or called about once a second;
	   true when texts of items, or the text, have changed. */
	bool (*refresh)(void *user);
	/* For lists with a key of their own (F6, or `!N`): NULL, or what the key does and the function for an item. */
	const char *key_text;
	void (*key)(void *user, size_t item);
	void *user;
};

struct front;

struct front_calls {
	/* One of n; *chosen is the one marked before. */
	enum front_answer (*menu)(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t *chosen);
	/* Any of n, at least `least`. */
	enum front_answer (*checklist)(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t least);
	/* The values are kept on Back, too. */
	enum front_answer (*form)(struct front *f, const struct front_page *p, struct front_field *fields, size_t n);
	/* A text that scrolls, with the button `next`, or only Back when next is NULL. One that refreshes is drawn over whatever
	   others have written to the terminal. */
	enum front_answer (*view)(struct front *f, const struct front_page *p, const char *next);
	/* Two buttons; *yes is the one marked before. */
	enum front_answer (*ask)(struct front *f, const struct front_page *p, const char *yes_text, const char *no_text, bool *yes);
	/* Goes on only when exactly `word` was typed. */
	enum front_answer (*confirm)(struct front *f, const struct front_page *p, const char *word);
	/* A box that stays until the next call; percent < 0: no bar. */
	void (*progress)(struct front *f, const struct front_page *p, int percent, const char *action);
	/* The same while something is waited for, which can be given up: false when that is wanted. Returns at once. */
	bool (*wait)(struct front *f, const struct front_page *p, const char *action);
	/* Gives the terminal to a child for a while. */
	void (*suspend)(struct front *f);
	void (*resume)(struct front *f);
	void (*close)(struct front *f);
};

struct front {
	const struct front_calls *calls;
	void *own;
	unsigned idle;		/* seconds without a key after which dialogs answer FRONT_QUIT; 0: never */
	bool idled;		/* they did; stays until somebody takes it back */
};

/* NULL when the terminal cannot do it (no terminal, TERM unset or dumb): use the plain one then. */
struct front *front_newt(void);
struct front *front_plain(void);	/* standard input and output */

#endif
