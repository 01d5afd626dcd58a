/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of an installation as JSON, whatever stands in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/report_json.h"

static char *written(const struct report *r)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	report_write(r, out);
	fclose(out);
	return text;
}

static void whole(void **state)
{
	struct report r = { .result = REPORT_COMPLETE, .version = "0.1", .hostname = "host1", .disk = "/dev/sda", .addresses = 2,
			    .address = { "192.0.2.10", "2001:db8::1" }, .ssh_fingerprint = "SHA256:abc", .seconds = 95 };
	char *text = written(&r);

	(void)state;
	assert_string_equal(text, "{\"product\":\"Dolmen\",\"version\":\"0.1\",\"result\":\"complete\",\"error\":\"\",\"hostname\":\"host1\","
				  "\"addresses\":[\"192.0.2.10\",\"2001:db8::1\"],\"disk\":\"/dev/sda\",\"ssh_fingerprint\":\"SHA256:abc\",\"seconds\":95}\n");
	free(text);
}

static void expect_error(const char *error, const char *as)
{
	struct report r = { .result = REPORT_FAILED, .version = "" };
	char *text, wanted[200];

	strcpy(r.error, error);
	text = written(&r);
	snprintf(wanted, sizeof(wanted), "\"result\":\"failed\",\"error\":\"%s\",\"addresses\":[],", as);
	if (!strstr(text, wanted))
		fail_msg("%s has no %s", text, wanted);
	free(text);
}

static void escapes(void **state)
{
	(void)state;
	expect_error("a \"b\" c:\\d", "a \\\"b\\\" c:\\\\d");
	expect_error("\n\t\x1b\x7f", "\\u000a\\u0009\\u001b\\u007f");
	expect_error("\xed\x95\x9c \xf0\x9f\x98\x80", "\xed\x95\x9c \xf0\x9f\x98\x80");
	expect_error("\xff\xc3", "\\ufffd\\ufffd");
	expect_error("\xc0\x80", "\\ufffd\\ufffd");			/* too long for what it says */
	expect_error("\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd");		/* half of a pair */
	expect_error("\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");	/* beyond Unicode */
	expect_error("\xf0\x9f\x98", "\\ufffd\\ufffd\\ufffd");		/* cut off */
}

static void filled(void **state)
{
	static struct answers a;
	static struct report r;
	static struct plan p;

	(void)state;
	answers_defaults(&a);
	strcpy(a.report_url, "http://192.0.2.1/");
	strcpy(a.primary.name, "serial:X");
	a.ipv4 = IPV4_DHCP;
	report_fill(&r, &a, NULL);
	assert_string_equal(r.url, "http://192.0.2.1/");
	assert_string_equal(r.hostname, a.hostname);
	assert_string_equal(r.disk, "serial:X");
	assert_int_equal(r.addresses, 0);
	p.targets = 1;
	strcpy(p.target[0].disk.path, "/dev/sdb");
	a.ipv4 = IPV4_STATIC;
	strcpy(a.address, "192.0.2.10");
	a.ipv6 = IPV6_STATIC;
	strcpy(a.address6, "2001:db8::1");
	report_fill(&r, &a, &p);
	assert_string_equal(r.disk, "/dev/sdb");
	assert_int_equal(r.addresses, 2);
	assert_string_equal(r.address[1], "2001:db8::1");
	a.mode = MODE_UPGRADE;
	report_fill(&r, &a, &p);
	assert_string_equal(r.hostname, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(whole), cmocka_unit_test(escapes), cmocka_unit_test(filled) };

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
