/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen console`: the menu. */
#include "console.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../spec.h"
#include "action.h"
#include "core/text.h"
#include "services.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/names.h"

#define HOME "/root"
#define IDLE_SECONDS (15 * 60)	/* after which somebody who logged in by the password is logged out */
#define IDLE_LONGEST 86400

const char *console_path(const struct console *c, const char *path, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s", c->root, path);
	return buf;
}

enum front_answer console_say(struct console *c, const char *title, const char *text)
{
	return screen_say(&c->s, title, text);
}

enum front_answer console_failed(struct console *c, const char *title, const struct err *e)
{
	char text[3000];

	screen_reason(text, sizeof(text), _("This did not work."), e, "");
	return console_say(c, title, text);
}

enum front_answer console_ask(struct console *c, const char *title, const char *text, const char *yes, bool *ret_yes)
{
	struct front_page p = { .title = title, .text = text };

	*ret_yes = false;
	return c->front->calls->ask(c->front, &p, yes, _("No, go back"), ret_yes);
}

void console_busy(struct console *c, const char *title, const char *doing)
{
	struct front_page p = { .title = title };

	c->front->calls->progress(c->front, &p, -1, doing);
}

bool console_probe(struct console *c)
{
	console_busy(c, _("This machine"), _("Looking at the hardware..."));
	c->s.services->probe(&c->s);
	return c->s.machine;
}

static enum front_answer shell(struct console *c)
{
	action_terminal(c, _("A shell. Leave it with `exit`; the menu comes back."), (char *[]){ (char *)"sh", (char *)"-l", NULL });
	return FRONT_NEXT;
}

static const struct {
	const char *text;
	console_screen *run;
} menu[] = {
	{ N_("Status"), console_status },
	{ N_("Virtual machines"), console_guests },
	{ N_("Network"), console_network },
	{ N_("Storage"), console_storage },
	{ N_("Settings: name, time, password, SSH"), console_settings },
	{ N_("Hardware"), console_hardware },
	{ N_("Logs, and a bundle for support"), console_logs },
	{ N_("Shell"), shell },
	{ N_("Restart or switch off"), console_power },
};
#define MENU (sizeof(menu) / sizeof(menu[0]))

static enum front_answer run_menu(struct console *c)
{
	char name[254] = "", path[512];
	struct front_page p = {
		.text = c->tty ? _("What do you want to do? Esc logs you out.") : _("What do you want to do? Esc ends this."),
		.help = _("Up and Down move in a list, Enter or F12 goes on, Esc goes back, Tab moves between the list and the buttons. Each screen has its own help under F1.\n\nWhat is done here can be done in the shell, too: `dolmen help` lists the commands."),
	};
	struct front_item items[MENU] = { 0 };
	size_t chosen = 0;

	for (;;) {
		file_read_line(console_path(c, "/run/etc/hostname", path, sizeof(path)), name, sizeof(name));
		p.title = *name ? name : "Dolmen";
		for (size_t i = 0; i < MENU; i++)
			items[i].text = _(menu[i].text);
		enum front_answer answer = c->front->calls->menu(c->front, &p, items, MENU, &chosen);

		if (answer != FRONT_NEXT)
			return answer;
		if (menu[chosen].run(c) == FRONT_QUIT)
			return FRONT_QUIT;
	}
}

/* The status, the password, the menu. Like any login it ends then; init begins the next one, in the language of then. */
static void run_locked(struct console *c)
{
	if (console_login(c) != FRONT_NEXT)
		return;
	/* What login(1) would have set, for the shell. */
	setenv("HOME", HOME, 1);
	setenv("USER", "root", 1);
	setenv("LOGNAME", "root", 1);
	if (chdir(HOME) < 0 && chdir("/") < 0)
		return;
	c->front->idle = c->idle;
	run_menu(c);
}

static void language_choose(const struct console *c)
{
	char path[512], code[16];
	const char *wanted = getenv("LANGUAGE");

	i18n_start(console_path(c, I18N_DIR, path, sizeof(path)));
	if (wanted && *wanted)
		text_copy(code, sizeof(code), wanted);
	else if (!file_read_line(console_path(c, "/run/etc/language", path, sizeof(path)), code, sizeof(code)))
		return;
	i18n_use(code);
}

static int console_run(struct call *call, struct err *e)
{
	static struct log none = { .fd = -1 };
	static struct console c;
	static struct names names;
	const char *root = getenv("DOLMEN_ROOT");
	char path[512];

	if (call->json)
		return err_set(e, COMMAND_USAGE, "console draws screens; for programs: dolmen status --json");
	c = (struct console){ .root = root ? root : "", .idle = IDLE_SECONDS };
	if (call_option(call, "idle") && spec_count(call_option(call, "idle"), IDLE_LONGEST, &c.idle, e))
		return err_prefix(e, "--idle ");
	c.s = (struct session){ .machine_root = c.root, .services = &console_services, .log = &none };
	if (call_option(call, "login"))
		c.tty = isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : "?";
	if (!names_load(&names, console_path(&c, NAMES_DIR, path, sizeof(path)), e))
		c.s.names = &names;
	language_choose(&c);
	c.front = front_newt();
	/* Nobody gets past the password with a key that sends a signal. */
	if (c.front || c.tty) {
		signal(SIGINT, SIG_IGN);
		signal(SIGQUIT, SIG_IGN);
		signal(SIGTSTP, SIG_IGN);
	}
	if (!c.front)
		c.front = front_plain();
	if (!c.front)
		return err_set(e, -ENOMEM, "out of memory");
	c.s.front = c.front;
	if (c.tty) {
		run_locked(&c);
	} else {
		c.front->idle = call_option(call, "idle") ? c.idle : 0;
		run_menu(&c);
	}
	c.front->calls->close(c.front);
	free(c.s.machine);
	explicit_bzero(&c.s, sizeof(c.s));
	return 0;
}

static const struct option options[] = {
	{ "login", NULL, "show the status, and ask for root's password before the menu" },
	{ "idle", "SECONDS", "without a key, after which one is logged out; 900 with --login" },
	{ 0 }
};

const struct command command_console = { "console", "", "screens for the host and its virtual machines",
	"The host's own screen shows them, too. A terminal that cannot be drawn on (TERM=dumb) gets numbered lines.\n", options, console_run };
