/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The editor of host.conf: what nobody knows stays, a list is replaced in its place, what cannot be written changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../rootfs/dolmen/command.h"
#include "../../rootfs/dolmen/settings.h"
#include "sys/file.h"

static char root[] = "/tmp/test-hostconf-XXXXXX";
static struct err e;

static const char before[] = "schema=1\nhostname=a\n# by hand\ndns=192.0.2.1\nfuture=x y\ndns=192.0.2.2\nssh=off\n";

static char *path(const char *of)
{
	static char buf[256];

	return (char *)host_path(buf, sizeof(buf), of);
}

/* The file's text is this. */
static void expect(const char *text)
{
	char *is;
	size_t len;

	assert_int_equal(file_read(path("/state/host.conf"), 4096, &is, &len, &e), 0);
	assert_string_equal(is, text);
	free(is);
}

static int begin(void **state)
{
	(void)state;
	e = (struct err){ 0 };
	return file_write(path("/state/host.conf"), before, strlen(before), 0600, &e);
}

static int folder(void **state)
{
	(void)state;
	if (!mkdtemp(root) || setenv("DOLMEN_ROOT", root, 1))
		return -1;
	return mkdir(path("/state"), 0755) || mkdir(path("/run"), 0755) || mkdir(path("/run/dolmen"), 0755);
}

static int clean(void **state)
{
	static const char *const files[] = { "/state/host.conf", "/state/host.conf.new", "/run/dolmen/trial.conf", "/run/dolmen/host.conf.lock" };

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		unlink(path(files[i]));
	return rmdir(path("/state")) | rmdir(path("/run/dolmen")) | rmdir(path("/run")) | rmdir(root);
}

static void reading(void **state)
{
	struct hostconf h;
	size_t at = 0;

	(void)state;
	assert_int_equal(hostconf_read(&h, &e), 0);
	assert_string_equal(hostconf_get(&h, "hostname"), "a");
	assert_null(hostconf_get(&h, "host"));
	assert_null(hostconf_get(&h, "# by hand"));
	assert_string_equal(hostconf_next(&h, "dns", &at), "192.0.2.1");
	assert_string_equal(hostconf_next(&h, "dns", &at), "192.0.2.2");
	assert_null(hostconf_next(&h, "dns", &at));
	hostconf_close(&h);
}

static void editing(void **state)
{
	const char *const three[] = { "192.0.2.3", "192.0.2.4", "192.0.2.5" }, *const lines[] = { "b\nssh=on" };
	struct hostconf h;

	(void)state;
	assert_int_equal(hostconf_edit(&h, &e), 0);
	assert_int_equal(hostconf_set(&h, "dns", three, 3, &e), 0);
	assert_int_equal(hostconf_set(&h, "hostname", lines, 1, &e), COMMAND_REFUSED);
	hostconf_close(&h);
	expect(before);

	assert_int_equal(hostconf_edit(&h, &e), 0);
	assert_int_equal(hostconf_set(&h, "dns", three, 3, &e), 0);
	assert_int_equal(hostconf_set(&h, "ssh", NULL, 0, &e), 0);
	assert_int_equal(hostconf_add(&h, "future", "z", &e), 0);
	assert_int_equal(hostconf_add(&h, "pool", "big thin", &e), 0);
	assert_int_equal(hostconf_add(&h, "pool", "biggest thin", &e), 0);
	assert_int_equal(hostconf_write(&h, &e), 0);
	hostconf_close(&h);
	expect("schema=1\nhostname=a\n# by hand\ndns=192.0.2.3\ndns=192.0.2.4\ndns=192.0.2.5\nfuture=x y\nfuture=z\npool=big thin\n"
	       "pool=biggest thin\n");

	assert_int_equal(hostconf_edit(&h, &e), 0);
	assert_true(hostconf_remove(&h, "pool", "big"));
	assert_false(hostconf_remove(&h, "pool", "big"));
	assert_true(hostconf_remove(&h, "future", "x y"));
	assert_int_equal(hostconf_write(&h, &e), 0);
	hostconf_close(&h);
	expect("schema=1\nhostname=a\n# by hand\ndns=192.0.2.3\ndns=192.0.2.4\ndns=192.0.2.5\nfuture=z\npool=biggest thin\n");
}

/* A folder where the new file would be made stands for a partition that takes nothing. */
static void not_written(void **state)
{
	struct hostconf h;

	(void)state;
	assert_int_equal(mkdir(path("/state/host.conf.new"), 0755), 0);
	assert_int_equal(hostconf_edit(&h, &e), 0);
	assert_int_equal(hostconf_add(&h, "pool", "big thin", &e), 0);
	assert_true(hostconf_write(&h, &e) < 0);
	assert_non_null(strstr(e.msg, "nothing was changed"));
	hostconf_close(&h);
	expect(before);
	assert_int_equal(rmdir(path("/state/host.conf.new")), 0);
}

static void refused(void **state)
{
	struct hostconf h;

	(void)state;
	assert_int_equal(file_write(path("/run/dolmen/trial.conf"), "", 0, 0600, &e), 0);
	assert_int_equal(hostconf_edit(&h, &e), COMMAND_REFUSED);
	hostconf_close(&h);
	assert_int_equal(unlink(path("/run/dolmen/trial.conf")), 0);

	assert_int_equal(unlink(path("/state/host.conf")), 0);
	assert_int_equal(hostconf_edit(&h, &e), COMMAND_REFUSED);
	assert_non_null(strstr(e.msg, "state partition"));
	hostconf_close(&h);
}

/* NAME VALUE: what becomes of it, NULL: it is refused. */
static const struct {
	const char *name, *value, *is;
} values[] = {
	{ "hostname", "host2.example.org", "host2.example.org" }, { "hostname", "-x", NULL }, { "hostname", "a b", NULL },
	{ "timezone", "Europe/Berlin", "Europe/Berlin" }, { "timezone", "../etc/passwd", NULL }, { "keymap", "a;b", NULL },
	{ "dns", "192.0.2.53", "192.0.2.53" }, { "dns", "dns.example.org", NULL },
	{ "ntp", "time.example.org", "time.example.org" }, { "ntp", "dhcp", "dhcp" }, { "ntp", "a'b", NULL },
	{ "ssh", "on", "on" }, { "ssh", "yes", NULL },
	{ "syslog", "log.example.org:514", "log.example.org:514" }, { "syslog", "192.0.2.7", "192.0.2.7" }, { "syslog", "a:b:c", NULL },
	{ "syslog", "2001:db8::1", "2001:db8::1" }, { "syslog", "[2001:db8::1]:514", "[2001:db8::1]:514" }, { "syslog", "log:0", NULL },
	{ "open", "tcp:8443", "tcp 8443" }, { "open", "udp:5000-5010:192.0.2.0/24", "udp 5000-5010 192.0.2.0/24" },
	{ "open", "tcp 9100 2001:db8::/32", "tcp 9100 2001:db8::/32" }, { "open", "tcp:70000", NULL }, { "open", "icmp:1", NULL },
	{ "open", "tcp:10-5", NULL }, { "open", "tcp:1:192.0.2.0/33", NULL }, { "open", "tcp:1:host", NULL }, { "open", "", NULL },
	{ "dom0-memory", "2G", "2048M" }, { "dom0-memory", "64M", NULL }, { "dom0-vcpus", "4", "4" }, { "dom0-vcpus", "0", NULL },
	{ "dom0-cpus", "0-3,6", "0-3,6" }, { "dom0-cpus", "3-0", NULL }, { "dom0-cpus", "1,", NULL }, { "dom0-cpus", "0;reboot", NULL },
	{ "dom0-cpus", "-1", NULL }, { "dom0-weight", "512", "512" }, { "dom0-weight", "0", NULL }, { "dom0-weight", "70000", NULL },
};

static void checks(void **state)
{
	char is[SETTING_VALUE];

	(void)state;
	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct setting *s = setting_find(values[i].name, &e);

		assert_non_null(s);
		e = (struct err){ 0 };
		if (s->check(values[i].value, is, &e) ? values[i].is != NULL : !values[i].is || strcmp(is, values[i].is) != 0)
			fail_msg("%s %s: %s %s", values[i].name, values[i].value, is, e.msg);
	}
	assert_null(setting_find("hostnam", &e));
	assert_int_equal(e.code, COMMAND_REFUSED);
	assert_non_null(strstr(e.msg, "did you mean `hostname`?"));
}

/* ntp is two keys; nothing is run in this folder, so only what is written counts. */
static void two_keys(void **state)
{
	const struct setting *s = setting_find("ntp", &e);
	struct setting_values v;

	(void)state;
	setting_set(s, (const char *[]){ "192.0.2.1", "time.example.org" }, 2, &e);
	assert_int_equal(setting_get(s, &v, &e), 0);
	assert_int_equal(v.n, 2);
	assert_string_equal(v.value[1], "time.example.org");
	assert_int_equal(setting_set(s, (const char *[]){ "192.0.2.1", "dhcp" }, 2, &e), COMMAND_REFUSED);
	setting_set(s, (const char *[]){ "dhcp" }, 1, &e);
	assert_int_equal(setting_get(s, &v, &e), 0);
	assert_string_equal(v.value[0], "dhcp");
	setting_set(s, (const char *[]){ "none" }, 1, &e);
	assert_int_equal(setting_get(s, &v, &e), 0);
	assert_int_equal(v.n, 0);
	expect("schema=1\nhostname=a\n# by hand\ndns=192.0.2.1\nfuture=x y\ndns=192.0.2.2\nssh=off\nntp_source=none\n");
	assert_int_equal(setting_set(setting_find("hostname", &e), NULL, 0, &e), COMMAND_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reading, begin), cmocka_unit_test_setup(editing, begin), cmocka_unit_test_setup(not_written, begin),
		cmocka_unit_test_setup(refused, begin), cmocka_unit_test(checks), cmocka_unit_test_setup(two_keys, begin),
	};

	return cmocka_run_group_tests(tests, folder, clean);
}
