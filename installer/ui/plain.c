/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialogs as numbered lines, for terminals that cannot be drawn on and for scripts. Every question ends with a
 * prompt; an empty line takes what stands in brackets, `<` goes back, `?` helps. What is read from a file is shown
 * after the prompt, so that a transcript reads like a conversation; secrets are not.
 */
#include "front.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/text.h"
#include "i18n.h"
#include "wrap.h"

#define LINE_MAX_BYTES 4096
#define COLUMNS 76	/* of a line with several items */
#define MANY 24		/* items that no longer fit on a screen, a line each */

struct plain {
	struct front front;
	char progress[200];	/* the last line of progress */
};

static void print(const char *text)
{
	char *wrapped = wrap_text(text, FRONT_WIDTH);

	printf("%s\n", wrapped ? wrapped : text);
	free(wrapped);
}

static void page_show(const struct front_page *p)
{
	printf("\n== %s ==\n", p->title);
	if (p->text && *p->text)
		print(p->text);
}

/* A line from standard input without its end; false at the end of it. */
static bool line_read(char line[LINE_MAX_BYTES], bool secret)
{
	struct termios old, quiet;
	bool tty = tcgetattr(STDIN_FILENO, &old) == 0, got;
	size_t n;

	fflush(stdout);
	if (tty && secret) {
		quiet = old;
		quiet.c_lflag &= (tcflag_t)~ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(line, LINE_MAX_BYTES, stdin) != NULL;
	if (tty && secret) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		putchar('\n');
	}
	if (!got)
		return false;
	n = strlen(line);
	if (n && line[n - 1] == '\n')
		line[n - 1] = 0;
	if (!tty)
		printf("%s\n", secret && *line && strcmp(line, "<") != 0 ? "***" : line);
	return true;
}

/*
 * What is the same everywhere. True: *ret is the answer of the dialog. False: the line is for the dialog, or it was
 * help and line is empty with *ret_again set.
 */
static bool line_common(const struct front_page *p, const char *line, bool *ret_again, enum front_answer *ret)
{
	*ret_again = false;
	if (!strcmp(line, "<") && !p->first) {
		*ret = FRONT_BACK;
		return true;
	}
	if (!strcmp(line, "?")) {
		print(p->help ? p->help : _("There is no more to say about this."));
		*ret_again = true;
	}
	return false;
}

/* Many short items, several in a line. */
static void items_show_columns(const struct front_item *items, size_t n)
{
	unsigned widest = 0, across;

	for (size_t i = 0; i < n; i++)
		widest = wrap_width(items[i].text) > widest ? wrap_width(items[i].text) : widest;
	across = COLUMNS / (widest + 7) ? COLUMNS / (widest + 7) : 1;
	for (size_t i = 0; i < n; i++) {
		char text[400];
		bool last = (i + 1) % across == 0 || i + 1 == n;

		printf("%4zu) %s%s", i + 1, last ? items[i].text : wrap_pad(items[i].text, widest + 1, text, sizeof(text)), last ? "\n" : "");
	}
}

static void items_show(const struct front_page *p, const struct front_item *items, size_t n, bool marks)
{
	char text[400];

	if (p->refresh)
		p->refresh(p->user);
	if (n > MANY && !items[0].detail) {
		items_show_columns(items, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		wrap_fit(items[i].text, FRONT_WIDTH, text, sizeof(text));
		if (items[i].disabled)
			printf("   -  %s\n", text);
		else
			printf("%4zu%s %s\n", i + 1, marks ? items[i].on ? " [*]" : " [ ]" : ")", text);
	}
	if (p->key_text)
		printf(_("   !N %s\n"), p->key_text);
}

/* `=N` and `!N`, and an empty list shown again by `=`. True when the line was one of them. */
static bool line_of_list(const struct front_page *p, const char *line, const struct front_item *items, size_t n, bool marks)
{
	unsigned long i;

	if (*line != '=' && *line != '!')
		return false;
	i = strtoul(line + 1, NULL, 10);
	if (*line == '=' && !line[1])
		items_show(p, items, n, marks);
	else if (i < 1 || i > n)
		print(_("There is no such number."));
	else if (*line == '!' && p->key)
		p->key(p->user, i - 1);
	else
		print(items[i - 1].detail ? items[i - 1].detail : _("There is no more to say about this."));
	return true;
}

/* The line that a number or an item's own text means, from 1; 0: none. */
static size_t item_meant(const char *line, const struct front_item *items, size_t n)
{
	char *end;
	unsigned long k = strtoul(line, &end, 10);

	if (!*end)
		return k <= n ? k : 0;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(items[i].text, line))
			return i + 1;
	return 0;
}

static enum front_answer plain_menu(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t *chosen)
{
	char line[LINE_MAX_BYTES];
	enum front_answer answer;
	size_t i;
	bool again;

	(void)f;
	page_show(p);
	items_show(p, items, n, false);
	for (;;) {
		printf("[%zu] > ", *chosen + 1);
		if (!line_read(line, false))
			return FRONT_QUIT;
		text_trim(line);
		if (line_common(p, line, &again, &answer))
			return answer;
		if (again || line_of_list(p, line, items, n, false))
			continue;
		i = *line ? item_meant(line, items, n) : *chosen + 1;
		if (!i)
			print(_("Type the number of a line."));
		else if (items[i - 1].disabled)
			print(_("This one cannot be chosen; its line says why."));
		else {
			*chosen = i - 1;
			return FRONT_NEXT;
		}
	}
}

/* `1 3 4`, or `-` for none. */
static bool numbers_parse(char *line, bool *on, const struct front_item *items, size_t n)
{
	char *save = NULL, *end;

	memset(on, 0, n * sizeof(*on));
	if (!strcmp(line, "-"))
		return true;
	for (char *w = strtok_r(line, " ,", &save); w; w = strtok_r(NULL, " ,", &save)) {
		unsigned long i = strtoul(w, &end, 10);

		if (*end || i < 1 || i > n || items[i - 1].disabled)
			return false;
		on[i - 1] = true;
	}
	return true;
}

static enum front_answer plain_checklist(struct front *f, const struct front_page *p, struct front_item *items, size_t n, size_t least)
{
	char line[LINE_MAX_BYTES];
	enum front_answer answer;
	bool again, on[64];

	(void)f;
	page_show(p);
	items_show(p, items, n, true);
	for (;;) {
		size_t count = 0;

		printf("%s > ", _("[numbers, - for none, empty keeps]"));
		if (!line_read(line, false))
			return FRONT_QUIT;
		text_trim(line);
		if (line_common(p, line, &again, &answer))
			return answer;
		if (again || line_of_list(p, line, items, n, true))
			continue;
		for (size_t i = 0; i < n; i++)
			on[i] = items[i].on;
		if (*line && !numbers_parse(line, on, items, n)) {
			print(_("Type the numbers of lines that can be chosen, with blanks between them."));
			continue;
		}
		for (size_t i = 0; i < n; i++)
			count += on[i];
		if (count < least) {
			printf(_("Choose at least %zu.\n"), least);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			items[i].on = on[i];
		return FRONT_NEXT;
	}
}

static enum front_answer plain_form(struct front *f, const struct front_page *p, struct front_field *fields, size_t n)
{
	char line[LINE_MAX_BYTES], label[200], why[300];
	enum front_answer answer;
	bool again;

	(void)f;
	page_show(p);
	for (size_t i = 0; i < n;) {
		struct front_field *x = &fields[i];

		printf("%s [%s] > ", wrap_fit(x->label, FRONT_LABEL_WIDTH, label, sizeof(label)), x->secret && *x->value ? "***" : x->value);
		if (!line_read(line, x->secret))
			return FRONT_QUIT;
		if (!x->secret)
			text_trim(line);
		if (!strcmp(line, "<") && i) {		/* the field before */
			i--;
			continue;
		}
		if (line_common(p, line, &again, &answer))
			return answer;
		if (again)
			continue;
		if (!strcmp(line, "-"))
			line[0] = 0;
		else if (!*line)
			text_copy(line, sizeof(line), x->value);
		if (x->check && !x->check(line, why, sizeof(why)))
			print(why);
		else if (!text_copy(x->value, x->size, line))
			print(_("That is too long."));
		else
			i++;
		explicit_bzero(line, sizeof(line));
	}
	return FRONT_NEXT;
}

static enum front_answer plain_view(struct front *f, const struct front_page *p, const char *next)
{
	char line[LINE_MAX_BYTES];
	enum front_answer answer;
	bool again;

	(void)f;
	if (p->refresh)
		p->refresh(p->user);
	page_show(p);
	for (;;) {
		if (next)
			printf("[%s] > ", next);
		else
			printf("%s > ", _("[< goes back]"));
		if (!line_read(line, false))
			return FRONT_QUIT;
		text_trim(line);
		if (line_common(p, line, &again, &answer))
			return answer;
		if (!again && next)
			return FRONT_NEXT;
	}
}

static enum front_answer plain_ask(struct front *f, const struct front_page *p, const char *yes_text, const char *no_text, bool *yes)
{
	struct front_item items[2] = { { .text = yes_text }, { .text = no_text } };
	size_t chosen = *yes ? 0 : 1;
	enum front_answer answer = plain_menu(f, p, items, 2, &chosen);

	*yes = chosen == 0;
	return answer;
}

static enum front_answer plain_confirm(struct front *f, const struct front_page *p, const char *word)
{
	char line[LINE_MAX_BYTES];
	enum front_answer answer;
	bool again;

	(void)f;
	page_show(p);
	for (;;) {
		printf("%s > ", word);
		if (!line_read(line, false))
			return FRONT_QUIT;
		text_trim(line);
		if (line_common(p, line, &again, &answer))
			return answer;
		if (!strcmp(line, word))
			return FRONT_NEXT;
		if (!again)
			printf(_("Type %s, or < to go back.\n"), word);
	}
}

/* A line whenever something else is done or ten more percent are. */
static void plain_progress(struct front *f, const struct front_page *p, int percent, const char *action)
{
	struct plain *own = f->own;
	char now[sizeof(own->progress)];

	snprintf(now, sizeof(now), "%s %d", action, percent < 0 ? -1 : percent / 10);
	if (!strcmp(now, own->progress))
		return;
	if (!*own->progress)
		page_show(p);
	text_copy(own->progress, sizeof(own->progress), now);
	if (percent < 0)
		printf("%s\n", action);
	else
		printf("%3d %%  %s\n", percent, action);
	fflush(stdout);
}

/* A script that types ahead does not give up. */
static bool plain_wait(struct front *f, const struct front_page *p, const char *action)
{
	struct pollfd waits = { .fd = STDIN_FILENO, .events = POLLIN };
	char line[LINE_MAX_BYTES];

	struct plain *own = f->own;

	if (!*own->progress && isatty(STDIN_FILENO))
		puts(_("[< gives up]"));
	plain_progress(f, p, -1, action);
	if (!isatty(STDIN_FILENO) || poll(&waits, 1, 0) <= 0)
		return true;
	if (!line_read(line, false))
		return false;
	text_trim(line);
	return strcmp(line, "<") != 0;
}

static void plain_suspend(struct front *f)
{
	(void)f;
	fflush(stdout);
}

static void plain_resume(struct front *f)
{
	struct plain *own = f->own;

	own->progress[0] = 0;
}

static void plain_close(struct front *f)
{
	fflush(stdout);
	free(f->own);
}

struct front *front_plain(void)
{
	static const struct front_calls calls = {
		.menu = plain_menu, .checklist = plain_checklist, .form = plain_form, .view = plain_view, .ask = plain_ask,
		.confirm = plain_confirm, .progress = plain_progress, .wait = plain_wait, .suspend = plain_suspend, .resume = plain_resume,
		.close = plain_close,
	};
	struct plain *own = calloc(1, sizeof(*own));

	if (!own)
		return NULL;
	own->front = (struct front){ .calls = &calls, .own = own };
	return &own->front;
}
