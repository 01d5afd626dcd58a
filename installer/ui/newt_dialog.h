/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between newt.c, which has the terminal and what is common to all dialogs, and newt_list.c, the lists and forms. */
#ifndef DOLMEN_UI_NEWT_DIALOG_H
#define DOLMEN_UI_NEWT_DIALOG_H

#include <newt.h>

#include "front.h"

#define WIDTH (FRONT_WIDTH + 2)

enum outcome { OUT_NEXT, OUT_BACK, OUT_DETAIL, OUT_KEY, OUT_SPACE, OUT_OTHER, OUT_TIMER, OUT_RESIZED, OUT_GONE };

struct drawn {
	struct front front;
	newtComponent progress;	/* the form of its window, while that is open */
	newtComponent bar, action, text, cancel;
	int cols, rows;		/* of the terminal when everything was drawn */
	unsigned idle;		/* timers since the last key */
};

struct dialog {
	const struct front_page *page;
	newtComponent form, next, back, focus;
	int top, width, body;	/* where the body begins, columns, and rows left for it */
};

enum keys { KEYS_TAB, KEYS_DETAILS, KEYS_MARK, KEYS_MARK_DETAILS, KEYS_SCROLL, KEYS_NONE };

/* The help line: F1, and the keys that this dialog has. */
void dialog_help_line(const struct front_page *p, enum keys keys);
/* Before a dialog: the size of now, and a terminal that has room for it; until then no keys count. False: it went away. */
bool dialog_room(struct drawn *own);
/*
 * A window for a body of up to `body` rows. The text on top is cut to leave room for at least some of them; it can be
 * read in full with F1 then, which shows it before the help.
 */
void dialog_open(struct dialog *d, const struct front_page *p, int width, int body, const char *next, const char *back);
/* The buttons come last, so that Tab reaches them after what is asked. */
void dialog_buttons(struct dialog *d);
/* Until a key that means something here, or the timer. */
enum outcome dialog_run(struct drawn *own, struct dialog *d);
/*
 * What ends a dialog the same way everywhere; *again: it was closed for another size of the terminal and is to be
 * opened again. True when the dialog is closed.
 */
bool dialog_ended(struct drawn *own, struct dialog *d, enum outcome out, bool *again, enum front_answer *ret);
void dialog_close(struct dialog *d);
/* A text on top of what is there, until a key. */
enum outcome dialog_message(struct drawn *own, const char *title, const char *text);
void dialog_progress_close(struct drawn *own);

enum front_answer newt_menu(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t *chosen);
enum front_answer newt_checklist(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t least);
enum front_answer newt_form(struct front *f, const struct front_page *p, struct front_field *fields, size_t n);

#endif
