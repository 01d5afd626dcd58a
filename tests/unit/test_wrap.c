/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns and lines of the screens' texts: Hangul is two columns wide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "ui/wrap.h"

static void widths(void **state)
{
	char buf[64];

	(void)state;
	assert_int_equal(wrap_width(""), 0);
	assert_int_equal(wrap_width("abc"), 3);
	assert_int_equal(wrap_width("한국어 a"), 8);
	assert_int_equal(wrap_width("\xff\xfe"), 2);	/* not UTF-8: still something */
	assert_string_equal(wrap_fit("abc", 3, buf, sizeof(buf)), "abc");
	assert_string_equal(wrap_fit("abcd", 3, buf, sizeof(buf)), "ab~");
	assert_string_equal(wrap_fit("한국어", 5, buf, sizeof(buf)), "한국~");
	assert_string_equal(wrap_fit("한국어", 4, buf, sizeof(buf)), "한~");	/* no half letter */
	assert_string_equal(wrap_pad("한", 4, buf, sizeof(buf)), "한  ");
	assert_string_equal(wrap_pad("long", 2, buf, sizeof(buf)), "long");
}

static void wrapped(const char *text, unsigned columns, const char *expected)
{
	char *s = wrap_text(text, columns);

	assert_non_null(s);
	assert_string_equal(s, expected);
	free(s);
}

static void lines(void **state)
{
	(void)state;
	wrapped("", 10, "");
	wrapped("one two three", 20, "one two three");
	wrapped("one two three", 7, "one two\nthree");
	wrapped("one two three", 8, "one two\nthree");
	wrapped("one  two", 4, "one \ntwo");
	wrapped("  one two", 6, "  one\n  two");	/* what is indented stays so */
	wrapped("abcdefgh", 3, "abc\ndef\ngh");
	wrapped("한국어 설치", 6, "한국어\n설치");
	wrapped("한국어설치", 5, "한국\n어설\n치");
	wrapped("a\n\nb\n", 5, "a\n\nb\n");
	assert_int_equal(wrap_lines(""), 0);
	assert_int_equal(wrap_lines("a"), 1);
	assert_int_equal(wrap_lines("a\n\nb\n"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(widths), cmocka_unit_test(lines) };

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
