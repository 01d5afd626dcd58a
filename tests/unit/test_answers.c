/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What text cases cannot say about answer files: limits, positions, hostile input. Cases: tests/plan, tests/refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/answers.h"
#include "core/answers_reader.h"
#include "core/machine.h"

static const char good[] = "<installation>\n <primary-disk> sda </primary-disk>\n"
			   " <admin-interface name=\"eth0\" proto=\"dhcp\"/>\n</installation>\n";

static int parse(struct answers *a, struct diags *ds, const char *xml)
{
	memset(ds, 0, sizeof(*ds));
	return answers_parse(a, xml, strlen(xml), NULL, false, ds);
}

static void defaults(void **state)
{
	struct answers a;
	struct diags ds;

	(void)state;
	assert_int_equal(parse(&a, &ds, good), 0);
	assert_string_equal(a.primary.name, "sda");
	assert_int_equal(a.primary.at.line, 2);
	assert_int_equal(a.primary.at.col, 2);
	assert_true(a.guest_storage);
	assert_int_equal(a.storage, STORAGE_LVM);
	assert_string_equal(a.hostname, "dolmen");
	assert_string_equal(a.timezone, "UTC");
	assert_string_equal(a.keymap, "us");
	assert_int_equal(a.password_type, PASSWORD_ASK);
	assert_int_equal(ds.n, 0);
	assert_int_equal(ds.errors, 0);
}

static void too_large(void **state)
{
	struct answers a;
	struct diags ds = { 0 };
	size_t n = ANSWERS_MAX_BYTES + 1;
	char *xml = malloc(n);

	(void)state;
	memset(xml, ' ', n);
	memcpy(xml, good, strlen(good));
	assert_true(answers_parse(&a, xml, n, NULL, false, &ds) < 0);
	ds = (struct diags){ 0 };
	assert_int_equal(answers_parse(&a, xml, n - 1, NULL, false, &ds), 0);
	free(xml);
}

/* Every cut of a good file is an error, never a crash; so is a flipped bit that makes it no XML. */
static void cut_off(void **state)
{
	struct answers a;
	struct diags ds;

	(void)state;
	for (size_t n = 0; n + 1 < strlen(good); n++) {
		char *xml = malloc(n + 1);	/* exact size: a sanitizer sees reads beyond it */

		memcpy(xml, good, n);
		memset(&ds, 0, sizeof(ds));
		assert_true(answers_parse(&a, xml, n, NULL, false, &ds) < 0);
		assert_true(ds.errors > 0);
		free(xml);
	}
}

static void mutated(void **state)
{
	struct answers a;
	struct diags ds;
	char xml[sizeof(good)];

	(void)state;
	srand(1);
	for (unsigned i = 0; i < 20000; i++) {
		memcpy(xml, good, sizeof(good));
		for (unsigned k = 0; k <= i % 4; k++)
			xml[(size_t)rand() % (sizeof(good) - 1)] = (char)rand();
		memset(&ds, 0, sizeof(ds));
		if (answers_parse(&a, xml, sizeof(good) - 1, NULL, false, &ds) == 0)
			assert_true(*a.primary.name);
		else
			assert_true(ds.errors > 0);
	}
}

static void nested(void **state)
{
	struct answers a;
	struct diags ds;
	char *xml = calloc(1, 200000);

	(void)state;
	strcpy(xml, "<installation>");
	for (char *p = xml + strlen(xml), *end = p + 9000 * 3; p < end; p += 3)
		memcpy(p, "<a>", 3);
	assert_true(parse(&a, &ds, xml) < 0);
	free(xml);
}

static void many_errors(void **state)
{
	struct answers a;
	struct diags ds;
	char *xml = calloc(1, 20000);

	(void)state;
	strcpy(xml, "<installation>");
	for (unsigned i = 0; i < 200; i++)
		strcat(xml, "<hostnam/>");
	strcat(xml, "</installation>");
	assert_true(parse(&a, &ds, xml) < 0);
	assert_int_equal(ds.n, DIAG_MAX);
	assert_true(ds.errors >= 200);
	free(xml);
}

static void control_characters(void **state)
{
	struct answers a;
	struct diags ds;

	(void)state;
	assert_true(parse(&a, &ds, "<installation><primary-disk>sda&#10;x</primary-disk><admin-interface name=\"eth0\" "
				   "proto=\"dhcp\"/></installation>") < 0);
	assert_true(parse(&a, &ds, "<installation><primary-disk>sda</primary-disk><admin-interface name=\"eth0\" "
				   "proto=\"dhcp\"/><hostname>a&#10;root_hash=x</hostname></installation>") < 0);
	assert_true(parse(&a, &ds, "<installation><primary-disk>sda</primary-disk><admin-interface name=\"eth0\" "
				   "proto=\"dhcp\"/><root-password type=\"hash\">$6$aaaaaaaaaaaaaaaaaaaaaaa&#10;x</root-password></installation>") < 0);
}

static void proc_texts(void **state)
{
	(void)state;
	assert_true(machine_cpuinfo_flag("flags\t\t: fpu lm\n", "lm"));
	assert_true(machine_cpuinfo_flag("x\nflags\t\t: fpu lm nx\n", "lm"));
	assert_false(machine_cpuinfo_flag("flags\t\t: fpu lmx lahf_lm\nvmx flags : lm\n", "lm"));
	assert_false(machine_cpuinfo_flag("", "lm"));
	assert_int_equal(machine_meminfo_bytes("MemTotal:   1024 kB\nMemFree: 1 kB\n"), 1 << 20);
	assert_int_equal(machine_meminfo_bytes("nothing"), 0);
}

static void part_names(void **state)
{
	char s[64];

	(void)state;
	machine_part_name("/dev/sda", 3, s, sizeof(s));
	assert_string_equal(s, "/dev/sda3");
	machine_part_name("/dev/nvme0n1", 3, s, sizeof(s));
	assert_string_equal(s, "/dev/nvme0n1p3");
}

#define DOC "docs/ANSWERFILE.md"
#define DOCUMENTED 200

/* What the documentation names: `element` or `element/attribute`. */
static char documented[DOCUMENTED][80];
static unsigned documented_n;

/* The backquoted words of a row's first cell; a row of attributes begins with `-`. */
static void read_row(char *cell, char *element, size_t size)
{
	bool attr = strstr(cell, "| - ") == cell;

	for (char *word = strchr(cell, '`'); word; word = strchr(word, '`')) {
		char *end = strchr(++word, '`');

		assert_non_null(end);
		*end = 0;
		assert_true(documented_n < DOCUMENTED);
		if (attr)
			snprintf(documented[documented_n++], 80, "%s/%s", element, word);
		else
			snprintf(documented[documented_n++], 80, "%s", word);
		if (!attr)
			snprintf(element, size, "%s", word);
		word = end + 1;
	}
}

static void read_documentation(void)
{
	char line[1000], element[80] = "";
	FILE *f = fopen(DOC, "r");
	bool table = false, listed = false;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "| element, attribute", 20))
			table = true;
		else if (*line == '\n')
			table = false;
		if (!strncmp(line, "Known, without effect", 21))
			listed = true;
		if (table && *line == '|') {
			*strchr(line + 1, '|') = 0;
			read_row(line, element, sizeof(element));
		} else if (listed) {
			read_row(line, element, sizeof(element));
		}
		if (*line == '\n')
			listed = false;
	}
	fclose(f);
}

static bool is_documented(const char *name)
{
	for (unsigned i = 0; i < documented_n; i++)
		if (!strcmp(documented[i], name))
			return true;
	return false;
}

static bool is_known(const char *word)
{
	char name[80];

	for (unsigned i = 0; read_element_name(i); i++) {
		if (!strcmp(word, read_element_name(i)))
			return true;
		for (unsigned k = 0; read_element_attr(i, k); k++) {
			snprintf(name, sizeof(name), "%s/%s", read_element_name(i), read_element_attr(i, k));
			if (!strcmp(word, name))
				return true;
		}
	}
	return false;
}

static void documentation(void **state)
{
	static const char *const others[] = { "repo-gpgcheck", "gpgcheck", "netinstall-gpg-check", "<restore>" };
	char name[80];

	(void)state;
	read_documentation();
	for (unsigned i = 0; read_element_name(i); i++) {
		if (!is_documented(read_element_name(i)))
			fail_msg(DOC " says nothing of <%s>", read_element_name(i));
		for (unsigned k = 0; read_element_attr(i, k); k++) {
			snprintf(name, sizeof(name), "%s/%s", read_element_name(i), read_element_attr(i, k));
			if (!is_documented(name))
				fail_msg(DOC " says nothing of %s", name);
		}
	}
	for (unsigned i = 0; i < documented_n; i++) {
		bool known = is_known(documented[i]);

		for (unsigned k = 0; k < sizeof(others) / sizeof(others[0]); k++)
			known = known || !strcmp(documented[i], others[k]);
		if (!known)
			fail_msg(DOC " names `%s`, which is not read", documented[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documentation),
		cmocka_unit_test(defaults), cmocka_unit_test(too_large), cmocka_unit_test(cut_off),
		cmocka_unit_test(mutated), cmocka_unit_test(nested), cmocka_unit_test(many_errors),
		cmocka_unit_test(control_characters), cmocka_unit_test(proc_texts), cmocka_unit_test(part_names),
	};

	return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
