/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel parameters: words, values, the table for people; URLs with this machine's names in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cmdline.h"
#include "core/params.h"
#include "core/url.h"

#define DOC "docs/KERNELPARAMS.md"

static struct diags ds;

static const char *check(const char *cmdline)
{
	memset(&ds, 0, sizeof(ds));
	params_check(cmdline, &ds);
	return ds.n ? ds.d[0].what.text : "";
}

static void fine(const char *cmdline)
{
	const char *text = check(cmdline);

	if (ds.n)
		fail_msg("%s: %s", cmdline, text);
}

static void finds(const char *cmdline, bool error, unsigned long col, const char *part)
{
	const char *text = check(cmdline);

	if (ds.n != 1 || ds.d[0].error != error || ds.d[0].line != 1 || ds.d[0].col != col || !strstr(text, part))
		fail_msg("%s: %u findings, the first: %s, column %lu: %s", cmdline, ds.n, ds.d[0].error ? "error" : "warning", ds.d[0].col, text);
}

static void words(void **state)
{
	const char *line = "  a=1 \"b=2 3\" c d=\"4\t5\"  ";
	struct cmdline_word w;
	char long_line[3000];
	size_t at = 0;

	(void)state;
	assert_true(cmdline_next(line, &at, &w));
	assert_string_equal(w.name, "a");
	assert_string_equal(w.value, "1");
	assert_int_equal(w.col, 3);
	assert_true(cmdline_next(line, &at, &w));
	assert_string_equal(w.name, "b");
	assert_string_equal(w.value, "2 3");
	assert_true(cmdline_next(line, &at, &w));
	assert_string_equal(w.name, "c");
	assert_false(w.has_value);
	assert_true(cmdline_next(line, &at, &w));
	assert_string_equal(w.value, "4\t5");
	assert_false(cmdline_next(line, &at, &w));
	memset(long_line, 'x', sizeof(long_line));
	memcpy(long_line, "x=", 2);
	long_line[2999] = 0;
	at = 0;
	assert_true(cmdline_next(long_line, &at, &w));
	assert_true(w.too_long);
	assert_int_equal(strlen(w.value), sizeof(w.value) - 1);
}

static void ordinary(void **state)
{
	(void)state;
	fine("");
	fine("dolmen.mode=install console=tty0 console=ttyS0,115200 vga=791\n");
	fine("BOOT_IMAGE=/boot/vmlinuz quiet ro root=/dev/sda1 pci=noaer netdev=1,2 nomodeset memory_corruption_check=1 debug");
	fine("answerfile=http://192.0.2.1/a.xml network_device=eth0 network_config=dhcp atexit=poweroff sshpassword=x keymap=de language=ko");
	fine("device_mapper_multipath=Disabled shell");
}

static void unknown_names(void **state)
{
	(void)state;
	finds("dolmen.mode=install dolmen.mod=x", false, 21, "dolmen.mod: no such parameter; did you mean dolmen.mode?");
	finds("dolmen.entirely-other", false, 1, "dolmen.entirely-other: no such parameter");
	finds("answerflie=http://x/", false, 1, "did you mean answerfile?");
	finds("map_netdevs=eth0:s:1", false, 1, "did you mean map_netdev?");
	finds("atexit", false, 1, "written with a value");
	finds("shell=1", false, 1, "written without a value");
}

static void not_here(void **state)
{
	(void)state;
	finds("x extrarepo=http://x/", false, 3, "extrarepo has no effect: the medium");
	finds("dolmen.slot=a", false, 1, "dolmen.slot has no effect");
	finds("device_mapper_multipath=enabled", false, 1, "there is no multipath");
	finds("answerfile_generator=http://x/", true, 1, "answerfile_generator is not supported");
	finds("cc-preparations", true, 1, "Common Criteria");
}

static void values(void **state)
{
	(void)state;
	finds("a=b atexit=foo", true, 5, "atexit: `foo` is unknown; write reboot, poweroff or shell");
	finds("dolmen.mode=rescu", true, 1, "write install, live, rescue, check or host");
	finds("language=de", false, 1, "English is taken");
	finds("keymap=../x", false, 1, "us is taken");
	finds("answerfile=ftp://host/a.xml", true, 1, "write http://");
	finds("answerfile=file://a.xml", true, 1, "file:///PATH");
	finds("answerfile=http://h/${mak}", true, 1, "did you mean ${mac}?");
	finds("answerfile=http://h/a rt_answerfile=http://h/b", true, 1, "different files");
	finds("sshkey=yes", false, 1, "neither a URL nor a public key");
	fine("sshkey=ssh-ed25519%20AAAA answerfile=file:///run/dolmen/medium/a.xml");
	fine("rt_answerfile=https://h/${mac-hyphen}/${serial}.xml");
}

static void secrets(void **state)
{
	(void)state;
	finds("answerfile=nfs://me:word@host/a.xml", true, 1, "`nfs://***@host/a.xml`");
	finds("answerfile=http://me:word@host/${x}", true, 1, "http://***@host/");
	assert_null(strstr(ds.d[0].what.text, "word@"));
}

static void long_values(void **state)
{
	char line[1200] = "sshpassword=";

	(void)state;
	memset(line + 12, 'x', sizeof(line) - 13);
	finds(line, true, 1, "longer than 1023 characters");
}

static void network(void **state)
{
	(void)state;
	fine("network_device=all");
	fine("network_device=eth12");
	fine("answerfile_device=52:54:00:AB:34:56");
	finds("network_device=enp3s0", true, 1, "write ethN, a MAC address or all");
	finds("network_device=52-54-00-AB-34-56", true, 1, "write ethN");
	fine("network_config=dhcp:vlan=7");
	fine("network_config=static:ip=192.0.2.10;netmask=255.255.255.0;gateway=192.0.2.1;dns=192.0.2.1,2001:db8::1;domain=example.org;vlan=4094");
	fine("network_config=static:ip=192.0.2.10;netmask=24");
	finds("network_config=static:ip=192.0.2.10", false, 1, "255.255.255.0 is taken");
	finds("network_config=static:netmask=24", true, 1, "static needs ip=");
	finds("network_config=static", true, 1, "write dhcp, dhcp:vlan=N or static:");
	finds("network_config=auto", true, 1, "write dhcp");
	finds("network_config=dhcp:vlan=4095", true, 1, "vlan=4095: ");
	finds("network_config=dhcp:ip=192.0.2.1", true, 1, "`ip` does not belong into dhcp");
	finds("network_config=static:ip=192.0.2.10;netmsk=24", true, 1, "did you mean netmask=?");
	finds("network_config=static:ip=192.0.2.10;netmask=/24", true, 1, "without `/`");
	finds("network_config=static:ip=300.0.2.10;netmask=24", true, 1, "ip=300.0.2.10: ");
	finds("network_config=static:ip=192.0.2.10;netmask=24;dns=x", true, 1, "dns=x: ");
	finds("network_config=static:ip=192.0.2.10;netmask=24;gateway=-", true, 1, "gateway=-: ");
	finds("network_config=static:ip=192.0.2.10;netmask=24;domain=a..b", true, 1, "domain=a..b: ");
	finds("network_config=static:ip=192.0.2.10;netmask", true, 1, "did you mean netmask=?");
}

static void map_netdev(void **state)
{
	static const char *const wrong[] = {
		"eth0", "eth0:s:", "ethx:s:52:54:00:12:34:56", "eth0:s:enp3s0", "eth0:s:0000:08:00.9", "eth0:s:08:00.0[]",
		"eth0:s:08:00.0[1", "eth0:s:08:00.0[x]", "eth0:s:08:00", "eth0:s:08:00.0x", "eth0:s:0000:00:08:00.0:aaaa:bbbb:cccc:dddd", "eth00000000000000000000:s:08:00.0", ":s:08:00.0",
	};
	char line[200];

	(void)state;
	fine("map_netdev=eth0:s:52:54:00:12:34:56 map_netdev=eth1:d:0000:08:00.0[0] map_netdev=2:08:00.1 map_netdev=eth3:s:08:00.0[12]");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(line, sizeof(line), "map_netdev=%s", wrong[i]);
		finds(line, true, 1, "write ethN:s:MAC or ethN:s:PCI");
	}
}

static void answerfiles(void **state)
{
	char url[64];

	(void)state;
	assert_true(params_answerfile("rt_answerfile=http://h/b", url, sizeof(url)));
	assert_string_equal(url, "http://h/b");
	assert_false(params_answerfile("answerfile_generator=http://h/b", url, sizeof(url)));
	assert_true(params_unattended("x answerfile_generator=http://h/b"));
	assert_true(params_unattended("rt_answerfile=x"));
	assert_false(params_unattended("dolmen.mode=install answerfile"));
}

/* Every row of the table stands in the document as a line of its own, and no other does. */
static void document(void **state)
{
	const struct param *list;
	size_t n = params_list(&list), rows = 0;
	static char text[65536], line[512];
	FILE *f = fopen(DOC, "r");

	(void)state;
	if (!f)
		fail_msg("%s is not there; run this in the top of the source tree", DOC);
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "\n| `%s%s` | %s | %s |\n", list[i].name, list[i].flag ? "" : "=", param_status_text[list[i].status],
			 list[i].meaning);
		if (!strstr(text, line))
			fail_msg("%s lacks the line%s", DOC, line);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(list[i].name, list[k].name);
	}
	for (const char *p = text; (p = strstr(p, "\n| `")); p++)
		rows++;
	assert_int_equal(rows, n);
}

static struct machine machine_here(void)
{
	struct machine m = { .serial = "A/1 \xc3\xa9", .uuid = "4c4c4544-0000", .nics = 2 };

	strcpy(m.nic[0].mac, "52:54:00:AB:cd:01");
	strcpy(m.nic[1].mac, "52:54:00:ab:cd:02");
	return m;
}

static void urls_expanded(void **state)
{
	struct machine m = machine_here();
	char url[URL_BYTES], long_url[URL_BYTES + 10];
	struct err e;

	(void)state;
	assert_int_equal(url_expand("http://h/${mac}/${mac-hyphen}.xml", &m, url, &e), 0);
	assert_string_equal(url, "http://h/52:54:00:ab:cd:01/52-54-00-ab-cd-01.xml");
	m.nic[1].link = true;
	assert_int_equal(url_expand("http://h/${mac}?s=${serial}&u=${uuid}$", &m, url, &e), 0);
	assert_string_equal(url, "http://h/52:54:00:ab:cd:02?s=A%2F1%20%C3%A9&u=4c4c4544-0000$");
	m.nics = 0;
	assert_int_equal(url_expand("http://h/${mac}", &m, url, &e), -ENODATA);
	assert_int_equal(url_expand("http://h/${mac", &m, url, &e), -EINVAL);
	assert_int_equal(url_expand("http://h/${seriel}", NULL, url, &e), -EINVAL);
	assert_non_null(strstr(e.msg, "did you mean ${serial}?"));
	assert_int_equal(url_expand("http://h/${something-else-and-rather-long-to-be-a-name}", NULL, url, &e), -EINVAL);
	memset(long_url, 'x', sizeof(long_url));
	long_url[URL_BYTES - 1] = 0;
	assert_int_equal(url_expand(long_url, &m, url, &e), 0);
	assert_string_equal(url, long_url);
	long_url[URL_BYTES - 1] = 'x';
	long_url[URL_BYTES] = 0;
	assert_int_equal(url_expand(long_url, &m, url, &e), -E2BIG);
	memcpy(long_url + URL_BYTES - 9, "${serial}", 10);
	memcpy(m.serial, "12345678", 9);
	assert_int_equal(url_expand(long_url, &m, url, &e), 0);
	memcpy(m.serial, "123456789", 10);
	assert_int_equal(url_expand(long_url, &m, url, &e), -E2BIG);
}

static void urls_shown(void **state)
{
	char text[40];

	(void)state;
	url_shown("http://me:word@host/a@b", text, sizeof(text));
	assert_string_equal(text, "http://***@host/a@b");
	url_shown("https://me:w@rd@host", text, sizeof(text));
	assert_string_equal(text, "https://***@host");
	url_shown("http://host?x=@", text, sizeof(text));
	assert_string_equal(text, "http://host?x=@");
	url_shown("file:///a@b", text, sizeof(text));
	assert_string_equal(text, "file:///a@b");
	url_shown("plain", text, sizeof(text));
	assert_string_equal(text, "plain");
	url_shown("http://me:word@host/01234567890123456789012345678901234567890", text, sizeof(text));
	assert_int_equal(strlen(text), 39);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words), cmocka_unit_test(ordinary), cmocka_unit_test(unknown_names), cmocka_unit_test(not_here),
		cmocka_unit_test(values), cmocka_unit_test(secrets), cmocka_unit_test(long_values), cmocka_unit_test(network),
		cmocka_unit_test(map_netdev), cmocka_unit_test(answerfiles), cmocka_unit_test(document), cmocka_unit_test(urls_expanded),
		cmocka_unit_test(urls_shown),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
