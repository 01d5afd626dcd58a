/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialogs as windows, drawn by newt. One window at a time, in the middle: text, what is asked, buttons. F12 or
 * the button goes on, Esc or its button back, F1 helps, F5 tells more about an item. The timer looks for another size
 * of the terminal, as newt does not: everything is drawn anew then. Colours are left out when NO_COLOR is set.
 */
#include "front.h"

#include <newt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/text.h"
#include "i18n.h"
#include "wrap.h"

#define TEXT_SCROLLBAR 2
#define TIMER_MS 1000
#define WIDTH (FRONT_WIDTH + 2)
#define WIDTH_ON_TOP (WIDTH - 8)	/* of a window over another one */
#define SCROLLBAR 3	/* columns that a list's takes, beside it */
#define LEAST_COLS 40	/* of a terminal: the entry of a form has 5 then, and newt writes beside its memory with none */
#define LEAST_ROWS 12

enum outcome { OUT_NEXT, OUT_BACK, OUT_DETAIL, OUT_KEY, OUT_SPACE, OUT_OTHER, OUT_TIMER, OUT_RESIZED, OUT_GONE };

struct drawn {
	struct front front;
	newtComponent progress;	/* the form of its window, while that is open */
	newtComponent bar, action, text;
	int cols, rows;		/* of the terminal when everything was drawn */
};

struct dialog {
	const struct front_page *page;
	newtComponent form, next, back, focus;
	int top, width, body;	/* where the body begins, columns, and rows left for it */
};

static void size_now(int *cols, int *rows)
{
	struct winsize w;

	*cols = *rows = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0) {
		*cols = w.ws_col;
		*rows = w.ws_row;
	}
}

static void colours_set(void)
{
	static const struct newtColors stone = {
		.rootFg = (char *)"lightgray", .rootBg = (char *)"black",
		.borderFg = (char *)"black", .borderBg = (char *)"lightgray",
		.windowFg = (char *)"black", .windowBg = (char *)"lightgray",
		.shadowFg = (char *)"black", .shadowBg = (char *)"black",
		.titleFg = (char *)"blue", .titleBg = (char *)"lightgray",
		.buttonFg = (char *)"black", .buttonBg = (char *)"lightgray",
		.actButtonFg = (char *)"white", .actButtonBg = (char *)"blue",
		.checkboxFg = (char *)"black", .checkboxBg = (char *)"lightgray",
		.actCheckboxFg = (char *)"white", .actCheckboxBg = (char *)"blue",
		.entryFg = (char *)"white", .entryBg = (char *)"black",
		.labelFg = (char *)"black", .labelBg = (char *)"lightgray",
		.listboxFg = (char *)"black", .listboxBg = (char *)"lightgray",
		.actListboxFg = (char *)"white", .actListboxBg = (char *)"blue",
		.textboxFg = (char *)"black", .textboxBg = (char *)"lightgray",
		.actTextboxFg = (char *)"black", .actTextboxBg = (char *)"lightgray",
		.helpLineFg = (char *)"lightgray", .helpLineBg = (char *)"black",
		.rootTextFg = (char *)"lightgray", .rootTextBg = (char *)"black",
		.emptyScale = (char *)"black", .fullScale = (char *)"blue",
		.disabledEntryFg = (char *)"gray", .disabledEntryBg = (char *)"lightgray",
		.compactButtonFg = (char *)"black", .compactButtonBg = (char *)"lightgray",
		.actSelListboxFg = (char *)"white", .actSelListboxBg = (char *)"blue",
		.selListboxFg = (char *)"black", .selListboxBg = (char *)"lightgray",
	};

	newtSetColors(stone);
}

static bool resized(const struct drawn *d)
{
	int cols, rows;

	size_now(&cols, &rows);
	return cols && (cols != d->cols || rows != d->rows);
}

static void screen_empty(struct drawn *d)
{
	newtCls();
	newtDrawRootText(2, 0, "Dolmen");
	size_now(&d->cols, &d->rows);
}

static void screen_start(struct drawn *d)
{
	newtInit();
	colours_set();
	screen_empty(d);
}

/* Starting anew instead would throw away keys that wait to be read. */
static void screen_resize(struct drawn *d)
{
	newtResizeScreen(0);
	screen_empty(d);
}

/* ---- one dialog ---- */

static void progress_close(struct drawn *own)
{
	if (!own->progress)
		return;
	newtFormDestroy(own->progress);
	newtPopWindow();
	own->progress = NULL;
}

enum keys { KEYS_TAB, KEYS_DETAILS, KEYS_SCROLL, KEYS_NONE };

static void help_line(const struct front_page *p, enum keys keys)
{
	const char *const more[] = { _("   Tab moves"), _("   F5 details   Tab moves"), _("   Up/Down scroll"), "" };
	char line[300], key[120] = "";

	newtPopHelpLine();
	if (p->key_text)
		snprintf(key, sizeof(key), "   F6 %s", p->key_text);
	snprintf(line, sizeof(line), "  %s%s%s%s%s", p->help ? _("F1 help") : "", more[keys], key, _("   F12 next"),
		 p->first ? "" : _("   Esc back"));
	newtPushHelpLine(line);
}

static bool terminal_gone(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* Says so in place of a window. */
static bool too_small(void)
{
	int cols, rows;

	newtGetScreenSize(&cols, &rows);
	if (cols >= LEAST_COLS && rows >= LEAST_ROWS)
		return false;
	newtCls();
	newtDrawRootText(0, 0, _("Terminal too small"));
	newtRefresh();
	return true;
}

/* Before a dialog: the size of now, and a terminal that has room for it; until then no keys count. False: it went away. */
static bool dialog_room(struct drawn *own)
{
	progress_close(own);
	if (resized(own))
		screen_resize(own);
	while (too_small()) {
		if (terminal_gone())
			return false;
		poll(NULL, 0, TIMER_MS / 4);
		if (resized(own))
			screen_resize(own);
	}
	return true;
}

/*
 * A window for a body of up to `body` rows. The text on top is cut to leave room for at least some of them; it can be
 * read in full with F1 then, which shows it before the help.
 */
static void dialog_open(struct dialog *d, const struct front_page *p, int width, int body, const char *next, const char *back)
{
	int cols, rows, lines, place, room;
	char *wrapped;

	newtGetScreenSize(&cols, &rows);
	*d = (struct dialog){ .page = p, .width = cols - 8 < width ? cols - 8 : width };
	wrapped = wrap_text(p->text ? p->text : "", (unsigned)d->width - 2);
	lines = wrapped ? (int)wrap_lines(wrapped) : 0;
	room = rows - 8;		/* header, help line, borders, blank lines, buttons */
	if (body > room - lines - 1 && body > 5)
		body = room - lines - 1 > 5 ? room - lines - 1 : 5;
	if (lines > room - body - 1)
		lines = room - body - 1 > 1 ? room - body - 1 : 1;
	d->top = lines ? lines + 1 : 0;
	d->body = body;
	newtCenteredWindow((unsigned)d->width, (unsigned)(d->top + body + (body ? 1 : 0) + 1), p->title);
	d->form = newtForm(NULL, NULL, 0);
	if (lines) {
		newtComponent text = newtTextbox(1, 0, d->width - 2, lines, 0);

		newtTextboxSetText(text, wrapped);
		newtFormAddComponent(d->form, text);
	}
	free(wrapped);
	place = d->top + body + (body ? 1 : 0);
	if (next)
		d->next = newtCompactButton(d->width - (int)wrap_width(next) - 5, place, next);
	if (back)
		d->back = newtCompactButton(1, place, back);
	newtFormAddHotKey(d->form, NEWT_KEY_F1);
	newtFormAddHotKey(d->form, NEWT_KEY_ESCAPE);
	newtFormSetTimer(d->form, TIMER_MS);
}

/* The buttons come last, so that Tab reaches them after what is asked. */
static void dialog_buttons(struct dialog *d)
{
	if (d->next)
		newtFormAddComponent(d->form, d->next);
	if (d->back)
		newtFormAddComponent(d->form, d->back);
	if (d->focus)
		newtFormSetCurrent(d->form, d->focus);
	else if (d->next)
		newtFormSetCurrent(d->form, d->next);
}

/* How wide a text can be in a window that is so wide, if the terminal is: beside it is room for a scroll bar. */
static int text_columns(int width)
{
	int cols, rows;

	newtGetScreenSize(&cols, &rows);
	return (cols - 8 < width ? cols - 8 : width) - 2 - TEXT_SCROLLBAR;
}

/* The body is a text, which scrolls when it is too long; then it has the keys. */
static void dialog_text(struct dialog *d, const char *wrapped)
{
	bool scrolls = (int)wrap_lines(wrapped) > d->body;
	newtComponent text = newtTextbox(1, d->top, d->width - 2 - (scrolls ? TEXT_SCROLLBAR : 0), d->body, scrolls ? NEWT_FLAG_SCROLL : 0);

	newtTextboxSetText(text, wrapped);
	newtFormAddComponent(d->form, text);
	if (scrolls) {
		d->focus = text;
		newtFormAddHotKey(d->form, NEWT_KEY_ENTER);
	}
	dialog_buttons(d);
}

static void dialog_close(struct dialog *d)
{
	newtFormDestroy(d->form);
	newtPopWindow();
}

/* Space and Enter are keys of what is asked, but press the button that they stand on. */
static enum outcome key_outcome(const struct dialog *d, int key)
{
	newtComponent at = newtFormGetCurrent(d->form);

	switch (key) {
	case NEWT_KEY_F12: return OUT_NEXT;
	case NEWT_KEY_ESCAPE: return d->back || !d->page->first ? OUT_BACK : OUT_OTHER;
	case NEWT_KEY_F5: return OUT_DETAIL;
	case NEWT_KEY_F6: return OUT_KEY;
	case NEWT_KEY_ENTER: return d->back && at == d->back ? OUT_BACK : OUT_NEXT;
	case ' ': return d->next && at == d->next ? OUT_NEXT : d->back && at == d->back ? OUT_BACK : OUT_SPACE;
	default: return OUT_OTHER;
	}
}

static enum outcome dialog_run(struct drawn *own, struct dialog *d);

/* A text on top of what is there, until a key. */
static enum outcome message(struct drawn *own, const char *title, const char *text)
{
	struct front_page p = { .title = title };
	char *wrapped;
	struct dialog d;
	enum outcome out;

	progress_close(own);
	if (too_small())
		return OUT_RESIZED;
	wrapped = wrap_text(text, (unsigned)text_columns(WIDTH_ON_TOP));
	dialog_open(&d, &p, WIDTH_ON_TOP, wrapped ? (int)wrap_lines(wrapped) : 1, _("Close"), NULL);
	dialog_text(&d, wrapped ? wrapped : text);
	free(wrapped);
	do
		out = dialog_run(own, &d);
	while (out == OUT_TIMER || out == OUT_OTHER || out == OUT_DETAIL || out == OUT_KEY);
	dialog_close(&d);
	return out == OUT_RESIZED || out == OUT_GONE ? out : OUT_OTHER;
}

static enum outcome help(struct drawn *own, const struct front_page *p)
{
	return message(own, _("Help"), p->help ? p->help : _("There is no more to say about this."));
}

static enum outcome dialog_run(struct drawn *own, struct dialog *d)
{
	struct newtExitStruct es;

	newtFormRun(d->form, &es);
	if (terminal_gone())
		return OUT_GONE;
	// A key counts even when the size has just changed: it was pressed on the screen that stands there.
	if (es.reason == NEWT_EXIT_TIMER)
		return resized(own) ? OUT_RESIZED : OUT_TIMER;
	if (es.reason == NEWT_EXIT_HOTKEY && es.u.key == NEWT_KEY_F1)
		return d->page->help ? help(own, d->page) : OUT_OTHER;
	if (es.reason == NEWT_EXIT_HOTKEY)
		return key_outcome(d, es.u.key);
	return d->back && es.u.co == d->back ? OUT_BACK : OUT_NEXT;
}

/*
 * What ends a dialog the same way everywhere; *again: it was closed for another size of the terminal and is to be
 * opened again. True when the dialog is closed.
 */
static bool dialog_ended(struct drawn *own, struct dialog *d, enum outcome out, bool *again, enum front_answer *ret)
{
	*again = out == OUT_RESIZED;
	if (out != OUT_RESIZED && out != OUT_GONE && out != OUT_BACK)
		return false;
	dialog_close(d);
	*ret = out == OUT_BACK ? FRONT_BACK : FRONT_QUIT;
	if (out == OUT_RESIZED)
		screen_resize(own);
	return true;
}

/* ---- lists ---- */

static void row_text(const struct front_item *item, bool marks, int width, char *buf, size_t size)
{
	char text[400], row[420];

	wrap_fit(item->text, (unsigned)width - (marks ? 4 : 2), text, sizeof(text));
	snprintf(row, sizeof(row), "%s%s", item->disabled ? marks ? " -  " : "- " : !marks ? "  " : item->on ? "[*] " : "[ ] ", text);
	wrap_pad(row, (unsigned)width, buf, size);
}

static void rows_fill(newtComponent list, const struct front_item *items, size_t n, bool marks, int width, bool new)
{
	char text[800];

	for (size_t i = 0; i < n; i++) {
		row_text(&items[i], marks, width, text, sizeof(text));
		if (new)
			newtListboxAppendEntry(list, text, &items[i]);
		else
			newtListboxSetEntry(list, (int)i, text);
	}
}

static size_t row_current(newtComponent list, const struct front_item *items)
{
	const struct front_item *now = newtListboxGetCurrent(list);

	return now ? (size_t)(now - items) : 0;
}

/* What the key does may show something: afterwards the list stands there as before. */
static void list_key(struct drawn *own, const struct front_page *p, size_t item, bool details)
{
	p->key(p->user, item);
	progress_close(own);
	help_line(p, details ? KEYS_DETAILS : KEYS_TAB);
}

/* Menu and check list: *chosen is the row with the bar. marks: rows are switched on and off. */
static enum front_answer list_run(struct drawn *own, const struct front_page *p, struct front_item *items, size_t n, bool marks,
				  size_t least, size_t *chosen)
{
	enum front_answer answer;
	struct dialog d;
	bool again, details = false;
	int width;

	for (size_t i = 0; i < n; i++)
		details = details || items[i].detail;
open:
	if (!dialog_room(own))
		return FRONT_QUIT;
	help_line(p, details ? KEYS_DETAILS : KEYS_TAB);
	dialog_open(&d, p, WIDTH, (int)n, _("Next"), p->first ? NULL : _("Back"));
	width = d.width - 2 - ((int)n > d.body ? SCROLLBAR : 0);
	d.focus = newtListbox(1, d.top, d.body, NEWT_FLAG_RETURNEXIT | ((int)n > d.body ? NEWT_FLAG_SCROLL : 0));
	rows_fill(d.focus, items, n, marks, width, true);
	newtListboxSetCurrent(d.focus, (int)*chosen);
	newtFormAddComponent(d.form, d.focus);
	newtFormAddHotKey(d.form, NEWT_KEY_F5);
	newtFormAddHotKey(d.form, NEWT_KEY_F6);
	newtFormAddHotKey(d.form, ' ');
	dialog_buttons(&d);
	for (;;) {
		enum outcome out = dialog_run(own, &d);
		struct front_item *item;
		size_t count = 0;

		*chosen = row_current(d.focus, items);
		item = &items[*chosen];
		if (out == OUT_DETAIL && item->detail)
			out = message(own, _("Details"), item->detail);
		else if (out == OUT_KEY && p->key)
			list_key(own, p, *chosen, details);
		else if (out == OUT_SPACE && marks && !item->disabled)
			item->on = !item->on;
		else if (out == OUT_TIMER && p->refresh)
			p->refresh(p->user);
		for (size_t i = 0; i < n; i++)
			count += marks && items[i].on;
		if ((out == OUT_NEXT && !marks && item->disabled) || (out == OUT_SPACE && marks && item->disabled)) {
			out = message(own, _("Not possible"), item->text);
		} else if (out == OUT_NEXT && count < least) {
			char text[160];

			snprintf(text, sizeof(text), _("Choose at least %zu: the space bar marks a line."), least);
			out = message(own, p->title, text);
		}
		if (out == OUT_NEXT) {
			dialog_close(&d);
			return FRONT_NEXT;
		}
		if (dialog_ended(own, &d, out, &again, &answer)) {
			if (again)
				goto open;
			return answer;
		}
		rows_fill(d.focus, items, n, marks, width, false);
	}
}

static enum front_answer newt_menu(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t *chosen)
{
	size_t now = *chosen;
	enum front_answer answer = list_run(f->own, p, items, n, false, 0, &now);

	if (answer == FRONT_NEXT)
		*chosen = now;
	return answer;
}

static enum front_answer newt_checklist(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t least)
{
	size_t now = 0;

	return list_run(f->own, p, items, n, true, least, &now);
}

/* ---- forms ---- */

#define FORM_FIELDS 12

static void fields_read(newtComponent *entry, struct front_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text_copy(fields[i].value, fields[i].size, newtEntryGetValue(entry[i]));
		if (!fields[i].secret)
			text_trim(fields[i].value);
	}
}

/* The first field that is wrong, or n. */
static size_t fields_wrong(struct front_field *fields, size_t n, char *why, size_t size)
{
	size_t i = 0;

	while (i < n && (!fields[i].check || fields[i].check(fields[i].value, why, size)))
		i++;
	return i;
}

static enum front_answer newt_form(struct front *f, const struct front_page *p, struct front_field *fields, size_t n)
{
	struct drawn *own = f->own;
	newtComponent entry[FORM_FIELDS];
	enum front_answer answer;
	struct dialog d;
	char why[300];
	size_t focus = 0;
	bool again;

	if (n > FORM_FIELDS)
		n = FORM_FIELDS;
open:
	if (!dialog_room(own))
		return FRONT_QUIT;
	help_line(p, KEYS_TAB);
	dialog_open(&d, p, WIDTH, (int)n, _("Next"), p->first ? NULL : _("Back"));
	for (size_t i = 0; i < n; i++) {
		char label[200];
		int row = d.top + (int)i;

		wrap_fit(fields[i].label, FRONT_LABEL_WIDTH, label, sizeof(label));
		newtFormAddComponent(d.form, newtLabel(1, row, label));
		entry[i] = newtEntry(FRONT_LABEL_WIDTH + 2, row, fields[i].value, d.width - FRONT_LABEL_WIDTH - 3, NULL,
				     NEWT_FLAG_SCROLL | (fields[i].secret ? NEWT_FLAG_PASSWORD : 0));
		newtFormAddComponent(d.form, entry[i]);
	}
	d.focus = n ? entry[focus] : NULL;
	dialog_buttons(&d);
	for (;;) {
		enum outcome out = dialog_run(own, &d);

		fields_read(entry, fields, n);
		if (out == OUT_NEXT) {
			focus = fields_wrong(fields, n, why, sizeof(why));
			if (focus == n) {
				dialog_close(&d);
				return FRONT_NEXT;
			}
			out = message(own, fields[focus].label, why);
			newtFormSetCurrent(d.form, entry[focus]);
		}
		if (dialog_ended(own, &d, out, &again, &answer)) {
			if (again)
				goto open;
			return answer;
		}
	}
}

/* ---- texts and questions ---- */

static enum front_answer newt_view(struct front *f, const struct front_page *p, const char *next)
{
	struct drawn *own = f->own;
	struct front_page bare = *p;
	enum front_answer answer;
	struct dialog d;
	bool again;
	char *wrapped;

	bare.text = NULL;
open:
	if (!dialog_room(own))
		return FRONT_QUIT;
	wrapped = wrap_text(p->text, (unsigned)text_columns(WIDTH));
	dialog_open(&d, &bare, WIDTH, wrapped ? (int)wrap_lines(wrapped) : 1, next, p->first ? NULL : _("Back"));
	d.page = p;
	dialog_text(&d, wrapped ? wrapped : p->text);
	help_line(p, d.focus ? KEYS_SCROLL : KEYS_NONE);
	free(wrapped);
	for (;;) {
		enum outcome out = dialog_run(own, &d);

		if (out == OUT_NEXT && next) {
			dialog_close(&d);
			return FRONT_NEXT;
		}
		if (dialog_ended(own, &d, out == OUT_NEXT ? OUT_BACK : out, &again, &answer)) {
			if (again)
				goto open;
			return answer;
		}
	}
}

static enum front_answer newt_ask(struct front *f, const struct front_page *p, const char *yes_text, const char *no_text, bool *yes)
{
	struct front_item items[2] = { { .text = yes_text }, { .text = no_text } };
	size_t chosen = *yes ? 0 : 1;
	enum front_answer answer = newt_menu(f, p, items, 2, &chosen);

	*yes = chosen == 0;
	return answer;
}

static enum front_answer newt_confirm(struct front *f, const struct front_page *p, const char *word)
{
	char typed[64] = "", label[100], why[160];
	struct front_field field = { .label = label, .value = typed, .size = sizeof(typed) };

	snprintf(label, sizeof(label), _("Type %s"), word);
	snprintf(why, sizeof(why), _("Type %s to go on, or go back."), word);
	for (;;) {
		enum front_answer answer = newt_form(f, p, &field, 1);

		if (answer != FRONT_NEXT || !strcmp(typed, word))
			return answer;
		message(f->own, p->title, why);
		typed[0] = 0;
	}
}

static void newt_progress(struct front *f, const struct front_page *p, int percent, const char *action)
{
	struct drawn *own = f->own;
	int width, cols, rows;
	char line[400];

	if (resized(own)) {
		progress_close(own);
		screen_resize(own);
	}
	if (too_small())
		return;
	newtGetScreenSize(&cols, &rows);
	width = cols - 8 < FRONT_WIDTH - 8 ? cols - 8 : FRONT_WIDTH - 8;
	if (!own->progress) {
		newtPopHelpLine();
		newtPushHelpLine(" ");
		newtCenteredWindow((unsigned)width, 7, p->title);
		own->action = newtLabel(2, 1, "");
		own->bar = percent < 0 ? NULL : newtScale(2, 3, width - 4, 100);
		own->text = newtLabel(2, 5, "");
		own->progress = newtForm(NULL, NULL, 0);
		newtFormAddComponents(own->progress, own->action, own->text, own->bar, NULL);
	}
	newtLabelSetText(own->action, wrap_pad(action, (unsigned)width - 4, line, sizeof(line)));
	newtLabelSetText(own->text, wrap_pad(p->text ? p->text : "", (unsigned)width - 4, line, sizeof(line)));
	if (percent >= 0 && own->bar)
		newtScaleSet(own->bar, (unsigned)percent);
	newtDrawForm(own->progress);
	newtRefresh();
}

static void newt_suspend(struct front *f)
{
	(void)f;
	newtSuspend();
	printf("\033[H\033[2J");
	fflush(stdout);
}

static void newt_resume(struct front *f)
{
	struct drawn *own = f->own;

	progress_close(own);
	newtFinished();
	screen_start(own);
}

static void newt_close(struct front *f)
{
	newtFinished();
	free(f->own);
}

static bool terminal_can(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0 &&
	       strcmp(term, "unknown") != 0;
}

struct front *front_newt(void)
{
	static const struct front_calls calls = {
		.menu = newt_menu, .checklist = newt_checklist, .form = newt_form, .view = newt_view, .ask = newt_ask,
		.confirm = newt_confirm, .progress = newt_progress, .suspend = newt_suspend, .resume = newt_resume,
		.close = newt_close,
	};
	const char *no_color = getenv("NO_COLOR");
	struct drawn *own;

	if (!terminal_can())
		return NULL;
	own = calloc(1, sizeof(*own));
	if (!own)
		return NULL;
	if (no_color && *no_color)
		setenv("NEWT_MONO", "1", 1);
	own->front = (struct front){ &calls, own };
	screen_start(own);
	return &own->front;
}
