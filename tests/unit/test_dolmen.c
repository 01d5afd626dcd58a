/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of dolmen: which subcommand, which options, what is wrong with them; JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../rootfs/dolmen/command.h"
#include "core/json.h"

static const struct option options[] = { { "size", "SIZE", "how much" }, { "net", "NAME", "where" }, { "dry", NULL, "only look" }, { 0 } };
static const struct command made = { "thing make", "NAME [FILE]", "make one", NULL, options, NULL };
static const struct command many = { "thing drop", "NAME...", "drop some", NULL, NULL, NULL };

static struct call call;
static struct err e;

/* Parses the words for a command; NULL ends them. */
static int parse(const struct command *c, ...)
{
	char *word[16];
	unsigned n = 0;
	va_list ap;

	va_start(ap, c);
	while ((word[n] = va_arg(ap, char *)))
		n++;
	va_end(ap);
	call = (struct call){ .command = c };
	e.msg[0] = 0;
	return call_parse(&call, word, n, &e);
}

#define WRONG(words, ...) do { assert_int_equal(parse(__VA_ARGS__, NULL), COMMAND_USAGE); assert_non_null(strstr(e.msg, words)); } while (0)

static void parsing(void **state)
{
	unsigned at = 0;

	(void)state;
	assert_int_equal(parse(&made, "a", "--size", "2G", "--net=x", "b", "--dry", "--net", "y", "--json", NULL), 0);
	assert_int_equal(call.arguments, 2);
	assert_string_equal(call.argument[0], "a");
	assert_string_equal(call.argument[1], "b");
	assert_null(call.argument[2]);
	assert_string_equal(call_option(&call, "size"), "2G");
	assert_string_equal(call_option(&call, "net"), "y");
	assert_string_equal(call_option(&call, "dry"), "");
	assert_string_equal(call_next(&call, "net", &at), "x");
	assert_string_equal(call_next(&call, "net", &at), "y");
	assert_null(call_next(&call, "net", &at));
	assert_true(call.json);

	assert_int_equal(parse(&made, "--", "--size", NULL), 0);
	assert_string_equal(call.argument[0], "--size");
	assert_null(call_option(&call, "size"));
	assert_false(call.json);
	assert_int_equal(parse(&made, "--help", "--nonsense", NULL), COMMAND_HELP);
	assert_int_equal(parse(&many, "a", "b", "c", NULL), 0);

	WRONG("wants NAME", &made);
	WRONG("wants NAME...", &many);
	WRONG("`c` is one word too many", &made, "a", "b", "c");
	WRONG("no option --siz", &made, "a", "--siz", "2G");
	WRONG("--size wants a value", &made, "a", "--size");
	WRONG("--dry takes no value", &made, "a", "--dry=yes");
	WRONG("one word too many", &many, "1", "2", "3", "4", "5", "6", "7", "8");
}

/* Every row can be called by its name, says what it does in a line, and is not hidden by one before it. */
static void table(void **state)
{
	(void)state;
	for (unsigned i = 0; commands[i]; i++) {
		char name[64], *word[8], *save = NULL;
		unsigned n = 0, used;

		snprintf(name, sizeof(name), "%s", commands[i]->name);
		for (char *w = strtok_r(name, " ", &save); w; w = strtok_r(NULL, " ", &save))
			word[n++] = w;
		assert_ptr_equal(command_find(word, n, &used), commands[i]);
		assert_int_equal(used, n);
		assert_true(command_begins(commands[i], word, n - 1));
		assert_true(strlen(commands[i]->brief) > 0 && strlen(commands[i]->brief) <= 58);
		assert_non_null(commands[i]->run);
		for (const struct option *o = commands[i]->options; o && o->name; o++)
			assert_true(o->help && strlen(o->help) <= 70);
	}
}

static void unknown(void **state)
{
	char *vm[] = { (char *)"vm", (char *)"lis" };
	unsigned used;

	(void)state;
	assert_null(command_find(vm, 1, &used));
	assert_null(command_find(vm, 2, &used));
	assert_null(command_find(vm, 0, &used));
	assert_false(command_begins(commands[0], vm, 2));
}

static void json(void **state)
{
	char *text = NULL;
	size_t n;
	struct json j = { .out = open_memstream(&text, &n) };

	(void)state;
	json_array(&j, NULL);
	json_object(&j, NULL);
	json_text(&j, "a\"", "\x01 \\ \xff \xed\x95\x9c");
	json_text(&j, "b", NULL);
	json_array(&j, "c");
	json_array_end(&j);
	json_object_end(&j);
	json_bool(&j, NULL, true);
	json_number(&j, NULL, UINT64_MAX);
	json_array_end(&j);
	json_end(&j);
	fclose(j.out);
	assert_string_equal(text, "[{\"a\\\"\":\"\\u0001 \\\\ \\ufffd \xed\x95\x9c\",\"b\":null,\"c\":[]},true,18446744073709551615]\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsing), cmocka_unit_test(table), cmocka_unit_test(unknown), cmocka_unit_test(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
