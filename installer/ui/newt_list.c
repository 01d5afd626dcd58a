/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists and forms as windows. */
#include "newt_dialog.h"

#include <stdio.h>

#include "core/text.h"
#include "i18n.h"
#include "wrap.h"

#define SCROLLBAR 3	/* columns that a list's takes, beside it */

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
static void list_key(struct drawn *own, const struct front_page *p, size_t item, enum keys keys)
{
	p->key(p->user, item);
	dialog_progress_close(own);
	dialog_help_line(p, keys);
}

/* Menu and check list: *chosen is the row with the bar. marks: rows are switched on and off. */
static enum front_answer list_run(struct drawn *own, const struct front_page *p, struct front_item *items, size_t n, bool marks,
				  size_t least, size_t *chosen)
{
	enum front_answer answer;
	struct dialog d;
	enum keys keys = marks ? KEYS_MARK : KEYS_TAB;
	bool again;
	int width;

	for (size_t i = 0; i < n; i++)
		if (items[i].detail)
			keys = marks ? KEYS_MARK_DETAILS : KEYS_DETAILS;
open:
	if (!dialog_room(own))
		return FRONT_QUIT;
	dialog_help_line(p, keys);
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
			out = dialog_message(own, _("Details"), item->detail);
		else if (out == OUT_KEY && p->key)
			list_key(own, p, *chosen, keys);
		else if (out == OUT_SPACE && marks && !item->disabled)
			item->on = !item->on;
		else if (out == OUT_TIMER && p->refresh)
			p->refresh(p->user);
		for (size_t i = 0; i < n; i++)
			count += marks && items[i].on;
		if ((out == OUT_NEXT && !marks && item->disabled) || (out == OUT_SPACE && marks && item->disabled)) {
			out = dialog_message(own, _("Not possible"), item->text);
		} else if (out == OUT_NEXT && count < least) {
			char text[160];

			snprintf(text, sizeof(text), _("Choose at least %zu: the space bar marks a line."), least);
			out = dialog_message(own, p->title, text);
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

enum front_answer newt_menu(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t *chosen)
{
	size_t now = *chosen;
	enum front_answer answer = list_run(f->own, p, items, n, false, 0, &now);

	if (answer == FRONT_NEXT)
		*chosen = now;
	return answer;
}

enum front_answer newt_checklist(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t least)
{
	size_t now = 0;

	return list_run(f->own, p, items, n, true, least, &now);
}

/* ---- forms ---- */

#define FORM_FIELDS 12

/* The first field that has more than fits, or n. A part of it would be something else, and is not taken either. */
static size_t fields_read(newtComponent *entry, struct front_field *fields, size_t n)
{
	size_t cut = n;

	for (size_t i = n; i--;) {
		if (!text_copy(fields[i].value, fields[i].size, newtEntryGetValue(entry[i]))) {
			fields[i].value[0] = 0;
			cut = i;
		}
		if (!fields[i].secret)
			text_trim(fields[i].value);
	}
	return cut;
}

/* The first field that is wrong, or n. */
static size_t fields_wrong(struct front_field *fields, size_t n, char *why, size_t size)
{
	size_t i = 0;

	while (i < n && (!fields[i].check || fields[i].check(fields[i].value, why, size)))
		i++;
	return i;
}

enum front_answer newt_form(struct front *f, const struct front_page *p, struct front_field *fields, size_t n)
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
	dialog_help_line(p, KEYS_TAB);
	dialog_open(&d, p, WIDTH, (int)n, _("Next"), p->first ? NULL : _("Back"));
	for (size_t i = 0; i < n; i++) {
		char label[200];
		int row = d.top + (int)i;

		wrap_fit(fields[i].label, FRONT_LABEL_WIDTH, label, sizeof(label));
		newtFormAddComponent(d.form, newtLabel(1, row, label));
		entry[i] = newtEntry(FRONT_LABEL_WIDTH + 2, row, fields[i].value, d.width - FRONT_LABEL_WIDTH - 3, NULL,
				     NEWT_FLAG_SCROLL | (fields[i].secret ? NEWT_FLAG_PASSWORD : 0) | (n == 1 ? NEWT_FLAG_RETURNEXIT : 0));
		newtFormAddComponent(d.form, entry[i]);
	}
	d.focus = n ? entry[focus] : NULL;
	dialog_buttons(&d);
	for (;;) {
		enum outcome out = dialog_run(own, &d);
		size_t cut = fields_read(entry, fields, n);

		if (out == OUT_NEXT) {
			focus = fields_wrong(fields, n, why, sizeof(why));
			if (cut < n) {
				focus = cut;
				snprintf(why, sizeof(why), "%s", _("That is too long."));
			}
			if (focus == n) {
				dialog_close(&d);
				return FRONT_NEXT;
			}
			out = dialog_message(own, fields[focus].label, why);
			newtFormSetCurrent(d.form, entry[focus]);
		}
		if (dialog_ended(own, &d, out, &again, &answer)) {
			if (again)
				goto open;
			return answer;
		}
	}
}
