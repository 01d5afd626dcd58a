/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialogs as windows, drawn by newt. One window at a time, in the middle: text, what is asked, buttons. F12 or
 * the button goes on, Esc or its button back, F1 helps, F5 tells more about an item. The timer looks for another size
 * of the terminal, as newt does not: everything is drawn anew then. Colours are left out when NO_COLOR is set.
 */
#include "newt_dialog.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "i18n.h"
#include "wrap.h"

#define TEXT_SCROLLBAR 2
#define TIMER_MS 1000
#define WIDTH_ON_TOP (WIDTH - 8)	/* of a window over another one */
#define LEAST_COLS 40	/* of a terminal: the entry of a form has 5 then; newt takes no negative widths */
#define LEAST_ROWS 12

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

void dialog_progress_close(struct drawn *own)
{
	if (!own->progress)
		return;
	newtFormDestroy(own->progress);
	newtPopWindow();
	own->progress = NULL;
}

void dialog_help_line(const struct front_page *p, enum keys keys)
{
	const char *const more[] = { _("   Tab moves"), _("   F5 details   Tab moves"), _("   Space marks   Tab moves"),
				     _("   Space marks   F5 details"), _("   Up/Down scroll"), "" };
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

bool dialog_room(struct drawn *own)
{
	dialog_progress_close(own);
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

void dialog_open(struct dialog *d, const struct front_page *p, int width, int body, const char *next, const char *back)
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

void dialog_buttons(struct dialog *d)
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

void dialog_close(struct dialog *d)
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


enum outcome dialog_message(struct drawn *own, const char *title, const char *text)
{
	struct front_page p = { .title = title };
	char *wrapped;
	struct dialog d;
	enum outcome out;

	dialog_progress_close(own);
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
	return dialog_message(own, _("Help"), p->help ? p->help : _("There is no more to say about this."));
}

/* Counted in timers, so that time in which a child had the terminal does not count. */
static bool idled(struct drawn *own, bool timer)
{
	own->idle = timer ? own->idle + 1 : 0;
	if (own->front.idle && own->idle >= own->front.idle * 1000 / TIMER_MS) {
		own->idle = 0;
		own->front.idled = true;
	}
	return own->front.idled;
}

enum outcome dialog_run(struct drawn *own, struct dialog *d)
{
	struct newtExitStruct es;

	newtFormRun(d->form, &es);
	if (terminal_gone() || idled(own, es.reason == NEWT_EXIT_TIMER))
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

bool dialog_ended(struct drawn *own, struct dialog *d, enum outcome out, bool *again, enum front_answer *ret)
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
	dialog_help_line(p, d.focus ? KEYS_SCROLL : KEYS_NONE);
	free(wrapped);
	for (;;) {
		enum outcome out = dialog_run(own, &d);

		if (out == OUT_NEXT && next) {
			dialog_close(&d);
			return FRONT_NEXT;
		}
		if (out == OUT_TIMER && p->refresh && p->refresh(p->user))
			out = OUT_RESIZED;
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
		dialog_message(f->own, p->title, why);
		typed[0] = 0;
	}
}

/* The box of what takes time: a bar unless percent < 0, a button with the text `cancel` unless that is NULL. */
static void box_show(struct drawn *own, const struct front_page *p, int percent, const char *action, const char *cancel)
{
	int width, cols, rows;
	char line[400];

	if (resized(own)) {
		dialog_progress_close(own);
		screen_resize(own);
	}
	if (too_small())
		return;
	newtGetScreenSize(&cols, &rows);
	width = cols - 8 < FRONT_WIDTH - 8 ? cols - 8 : FRONT_WIDTH - 8;
	if (!own->progress) {
		newtPopHelpLine();
		newtPushHelpLine(cancel ? _("  Esc gives up") : " ");
		newtCenteredWindow((unsigned)width, 7, p->title);
		own->action = newtLabel(2, 1, "");
		own->bar = percent < 0 ? NULL : newtScale(2, 3, width - 4, 100);
		own->text = newtLabel(2, 5, "");
		own->progress = newtForm(NULL, NULL, 0);
		newtFormAddComponents(own->progress, own->action, own->text, own->bar, NULL);
		own->cancel = cancel ? newtCompactButton(width - (int)wrap_width(cancel) - 5, 5, cancel) : NULL;
		if (cancel) {
			newtFormAddComponent(own->progress, own->cancel);
			newtFormAddHotKey(own->progress, NEWT_KEY_ESCAPE);
			newtClearKeyBuffer();	/* what was typed before was not for this button */
		}
	}
	newtLabelSetText(own->action, wrap_pad(action, (unsigned)width - 4, line, sizeof(line)));
	newtLabelSetText(own->text, wrap_pad(p->text ? p->text : "", (unsigned)width - (cancel ? wrap_width(cancel) + 8 : 4), line, sizeof(line)));
	if (percent >= 0 && own->bar)
		newtScaleSet(own->bar, (unsigned)percent);
	newtDrawForm(own->progress);
	newtRefresh();
}

static void newt_progress(struct front *f, const struct front_page *p, int percent, const char *action)
{
	box_show(f->own, p, percent, action, NULL);
}

static bool newt_wait(struct front *f, const struct front_page *p, const char *action)
{
	struct drawn *own = f->own;
	struct newtExitStruct es = { .reason = NEWT_EXIT_TIMER };
	struct pollfd key = { .fd = STDIN_FILENO, .events = POLLIN };

	box_show(own, p, -1, action, _("Cancel"));
	if (own->progress && poll(&key, 1, 0) > 0) {
		newtFormSetTimer(own->progress, TIMER_MS / 10);	/* keys that mean nothing here; from now on */
		newtFormRun(own->progress, &es);
	}
	return es.reason == NEWT_EXIT_TIMER && !terminal_gone();
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

	dialog_progress_close(own);
	newtFinished();
	screen_start(own);
}

static void newt_close(struct front *f)
{
	newtFinished();
	free(f->own);
}

/* S-Lang ends the program where it does not know the terminal. Those that come after the image was made speak xterm. */
static void terminal_name(const char *term)
{
	static const char *const folders[] = { "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo" };
	char path[300];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%c/%s", folders[i], *term, term);
		if (!access(path, R_OK))
			return;
	}
	setenv("TERM", "xterm", 1);
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
		.confirm = newt_confirm, .progress = newt_progress, .wait = newt_wait, .suspend = newt_suspend, .resume = newt_resume,
		.close = newt_close,
	};
	const char *no_color = getenv("NO_COLOR");
	struct drawn *own;

	if (!terminal_can())
		return NULL;
	own = calloc(1, sizeof(*own));
	if (!own)
		return NULL;
	terminal_name(getenv("TERM"));
	if (no_color && *no_color)
		setenv("NEWT_MONO", "1", 1);
	own->front = (struct front){ .calls = &calls, .own = own };
	screen_start(own);
	return &own->front;
}
