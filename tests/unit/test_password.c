/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes of passwords, and answers saved with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "core/answers.h"
#include "core/password.h"
#include "core/values.h"

static const uint8_t salt[PASSWORD_SALT_BYTES] = { 1, 2, 3 }, other[PASSWORD_SALT_BYTES] = { 1, 2, 4 };

static struct secret hash(const char *typed, const uint8_t *with)
{
	struct secret s = { "" };
	struct err e;

	strcpy(s.text, typed);
	assert_int_equal(password_hash(&s, with, &e), 0);
	assert_int_equal(value_password_hash(s.text, &e), 0);
	return s;
}

static void hashes(void **state)
{
	struct secret s = hash("correct horse", salt);

	(void)state;
	assert_int_equal(strncmp(s.text, "$y$", 3), 0);
	assert_string_equal(crypt("correct horse", s.text), s.text);
	assert_string_not_equal(crypt("correct horsf", s.text), s.text);
	assert_string_equal(hash("correct horse", salt).text, s.text);
	assert_string_not_equal(hash("correct horse", other).text, s.text);
	assert_string_not_equal(hash("correct horse", NULL).text, hash("correct horse", NULL).text);
}

static void saved(void **state)
{
	static struct answers a, back;
	static struct diags ds;
	char *text;
	size_t n;

	(void)state;
	answers_defaults(&a);
	strcpy(a.primary.name, "sda");
	strcpy(a.password.text, "correct horse");
	a.password_type = PASSWORD_PLAINTEXT;
	text = answers_text(&a, &n);
	assert_non_null(text);
	assert_null(strstr(text, "correct horse"));
	assert_string_equal(a.password.text, "correct horse");
	answers_parse(&back, text, n, NULL, false, &ds);
	assert_int_equal(back.password_type, PASSWORD_HASH);
	assert_string_equal(crypt("correct horse", back.password.text), back.password.text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hashes), cmocka_unit_test(saved) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
