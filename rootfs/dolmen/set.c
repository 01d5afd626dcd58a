/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dolmen set` and `dolmen get`: the table of settings.h on the command line. */
#include <stdlib.h>
#include <string.h>

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
		if (c->json) {
			print_json(&j, s->name, s, &v);
			continue;
		}
		fprintf(c->out, "%-12s  ", s->name);
		print_values(c->out, s, &v, ", ");
	}
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
	const struct setting *s;
	int rc;

	if (!c->arguments)
		return get_all(c, e);
	s = setting_find(c->argument[0], e);
	if (!s)
		return e->code;
	rc = setting_set(s, c->argument + 1, c->arguments - 1, e);
	if (rc || c->json)
		return rc ? rc : get_one(c, s, e);
	if (!s->steps)
		fprintf(c->out, "%s: takes effect at the next boot\n", s->name);
	return 0;
}

const struct command command_set = {
	"set", "[SETTING] [VALUE...]", "change a setting of the host; without words, list them", NULL, NULL, set_run,
};

const struct command command_get = { "get", "[SETTING]", "show the host's settings, or one", NULL, NULL, get_run };
