/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen set` and `dolmen get`: the table of settings.h on the command line. */
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "command.h"
#include "core/json.h"
#include "settings.h"

static void print_json(struct json *j, const char *name, const struct setting *s, const struct setting_values *v)
{
	if (!s->several) {
		json_text(j, name, v->n ? v->value[0] : NULL);
		return;
	}
	json_array(j, name);
	for (unsigned i = 0; i < v->n; i++)
		json_text(j, NULL, v->value[i]);
	json_array_end(j);
}

/* 90s 30m 2h 1d, up to a week. */
static int read_time(const char *text, unsigned *ret, struct err *e)
{
	static const struct { char unit; unsigned seconds; } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	size_t digits = strspn(text, "0123456789");
	unsigned long n = strtoul(text, NULL, 10);

	for (unsigned i = 0; digits && digits < 7 && i < sizeof(units) / sizeof(units[0]); i++)
		if (text[digits] == units[i].unit && !text[digits + 1] && n * units[i].seconds >= 10 && n * units[i].seconds <= 7 * 86400) {
			*ret = (unsigned)n * units[i].seconds;
			return 0;
		}
	return err_set(e, COMMAND_REFUSED, "--for %.40s: write a time like 30m or 2h, from 10s to 7d", text);
}

/* What stands there; for a setting without a value its word for that. */
static void print_values(FILE *out, const struct setting *s, const struct setting_values *v, const char *between)
{
	if (!v->n)
		fprintf(out, "%s\n", s->unset ? s->unset : !strcmp(s->value, "on|off") ? "off" : "");
	for (unsigned i = 0; i < v->n; i++)
		fprintf(out, "%s%s", v->value[i], i + 1 < v->n ? between : "\n");
}

static int get_one(struct call *c, const struct setting *s, struct err *e)
{
	struct json j = { .out = c->out };
	struct setting_values v;
	int rc = setting_get(s, &v, e);

	if (rc)
		return rc;
	if (!c->json) {
		print_values(c->out, s, &v, "\n");
		return 0;
	}
	print_json(&j, NULL, s, &v);
	json_end(&j);
	return 0;
}

/* Of the list of all. */
static void print_row(FILE *out, const struct setting *s, const struct setting_values *v)
{
	fprintf(out, "%-12s  ", s->name);
	if (!strcmp(s->name, "ssh") && access_ssh_left())
		fprintf(out, "on for %u min more, then ", (access_ssh_left() + 59) / 60);
	print_values(out, s, v, ", ");
}

static int get_all(struct call *c, struct err *e)
{
	struct json j = { .out = c->out };
	struct setting_values v;
	struct hostconf h;
	int rc = hostconf_read(&h, e);

	if (!rc && c->json)
		json_object(&j, NULL);
	for (const struct setting *s = settings; !rc && s->name; s++) {
		setting_read(s, &h, &v);
		if (c->json)
			print_json(&j, s->name, s, &v);
		else
			print_row(c->out, s, &v);
	}
	if (!rc && c->json)
		json_number(&j, "ssh-seconds-left", access_ssh_left());
	hostconf_close(&h);
	if (!rc && c->json) {
		json_object_end(&j);
		json_end(&j);
	}
	return rc;
}

static int get_run(struct call *c, struct err *e)
{
	const struct setting *s;

	if (!c->arguments)
		return get_all(c, e);
	s = setting_find(c->argument[0], e);
	return s ? get_one(c, s, e) : e->code;
}

static int set_run(struct call *c, struct err *e)
{
	const char *time = call_option(c, "for");
	const struct setting *s;
	struct setting_values v;
	unsigned seconds = 0;
	int rc = 0;

	if (!c->arguments)
		return get_all(c, e);
	s = setting_find(c->argument[0], e);
	if (!s)
		return e->code;
	if (c->arguments == 1)
		return err_set(e, COMMAND_USAGE, "%s wants %s: %s", s->name, s->value, s->brief);
	if (time && (strcmp(s->name, "ssh") != 0 || c->arguments != 2 || strcmp(c->argument[1], "on") != 0))
		return err_set(e, COMMAND_REFUSED, "--for is for `dolmen set ssh on`");
	if (time)
		rc = read_time(time, &seconds, e);
	if (!rc)
		rc = time ? access_ssh_for(seconds, e) : setting_set(s, c->argument + 1, c->arguments - 1, e);
	if (rc || c->json)
		return rc ? rc : get_one(c, s, e);
	if (setting_get(s, &v, e))
		return e->code;
	print_row(c->out, s, &v);
	if (s->later)
		fprintf(c->out, "%s: takes effect at the next boot\n", s->name);
	return 0;
}

static const struct option set_options[] = { { "for", "TIME", "with `ssh on`: turn it off by itself, after 30m or 2h, or at a reboot" }, { 0 } };

const struct command command_set = {
	"set", "[SETTING] [VALUE...]", "change a setting of the host; without words, list them",
	"`dolmen set SETTING` says what one takes.\n", set_options, set_run,
};

const struct command command_get = { "get", "[SETTING]", "show the host's settings, or one", NULL, NULL, get_run };
