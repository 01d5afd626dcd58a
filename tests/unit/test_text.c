/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names, addresses, the kernel's command line, the manifest, Xen's configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cmdline.h"
#include "core/err.h"
#include "core/manifest.h"
#include "core/text.h"
#include "core/xencfg.h"

static void hostnames(void **state)
{
	char long_label[70], name[300] = "";

	(void)state;
	assert_true(text_is_hostname("a"));
	assert_true(text_is_hostname("host-1.example.org"));
	assert_true(text_is_hostname("9"));
	assert_false(text_is_hostname(""));
	assert_false(text_is_hostname("-a"));
	assert_false(text_is_hostname("a-"));
	assert_false(text_is_hostname("a..b"));
	assert_false(text_is_hostname("a."));
	assert_false(text_is_hostname("a_b"));
	assert_false(text_is_hostname("a b"));
	assert_false(text_is_hostname("h\xc3\xb6st"));
	memset(long_label, 'x', 63);
	long_label[63] = 0;
	assert_true(text_is_hostname(long_label));
	long_label[63] = 'x';
	long_label[64] = 0;
	assert_false(text_is_hostname(long_label));
	while (strlen(name) < 254)
		strcat(name, "a.");
	strcat(name, "a");
	assert_false(text_is_hostname(name));
}

static void netmasks(void **state)
{
	unsigned n = 99;

	(void)state;
	assert_true(text_netmask("255.255.255.0", &n));
	assert_int_equal(n, 24);
	assert_true(text_netmask("255.255.255.255", &n));
	assert_int_equal(n, 32);
	assert_true(text_netmask("0.0.0.0", &n));
	assert_int_equal(n, 0);
	assert_true(text_netmask("128.0.0.0", &n));
	assert_int_equal(n, 1);
	assert_true(text_netmask("255.255.254.0", &n));
	assert_int_equal(n, 23);
	assert_false(text_netmask("255.0.255.0", &n));
	assert_false(text_netmask("0.0.0.255", &n));
	assert_false(text_netmask("24", &n));
	assert_false(text_netmask("255.255.255.0 ", &n));
}

static void macs(void **state)
{
	char mac[18];

	(void)state;
	assert_true(text_mac("3C-ec-EF-00-00-04", mac));
	assert_string_equal(mac, "3c:ec:ef:00:00:04");
	assert_false(text_mac("3c:ec:ef:00:00", mac));
	assert_false(text_mac("3c:ec:ef:00:00:0g", mac));
	assert_false(text_mac("3c:ec:ef:00:00:04:", mac));
}

static void sizes(void **state)
{
	char s[32];

	(void)state;
	assert_string_equal(text_size(0, s, sizeof(s)), "0 bytes");
	assert_string_equal(text_size(1536, s, sizeof(s)), "1.5 KiB");
	assert_string_equal(text_size(UINT64_C(8) << 30, s, sizeof(s)), "8.0 GiB");
	assert_string_equal(text_size((UINT64_C(8) << 30) - 1, s, sizeof(s)), "7.9 GiB");
}

static void command_lines(void **state)
{
	static const char line[] = "BOOT_IMAGE=/x console=tty0 answerfile=http://h/a.xml  myanswerfile=no q=\"a b\" console=ttyS0\n";
	char v[64], small[4];

	(void)state;
	assert_true(cmdline_get(line, "answerfile", v, sizeof(v)));
	assert_string_equal(v, "http://h/a.xml");
	assert_true(cmdline_get(line, "console", v, sizeof(v)));
	assert_string_equal(v, "ttyS0");
	assert_true(cmdline_get(line, "q", v, sizeof(v)));
	assert_string_equal(v, "a b");
	assert_false(cmdline_get(line, "answer", v, sizeof(v)));
	assert_false(cmdline_get(line, "answerfile", small, sizeof(small)));
	assert_false(cmdline_get("", "a", v, sizeof(v)));
	assert_true(cmdline_get("a=", "a", v, sizeof(v)));
	assert_string_equal(v, "");
}

#define H "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int manifest(struct manifest *m, const char *text)
{
	struct err e = { 0 };

	return manifest_parse(m, text, strlen(text), &e);
}

static void manifests(void **state)
{
	struct manifest m;

	(void)state;
	assert_int_equal(manifest(&m, "version 1.0 beta\nfile " H " 12 boot/xen.gz\nnews of another kind\nunified " H " 34 boot/u\n"), 0);
	assert_int_equal(m.n, 2);
	assert_string_equal(m.version, "1.0 beta");
	assert_int_equal(manifest_find(&m, "boot/xen.gz")->bytes, 12);
	assert_true(manifest_find(&m, "boot/u")->unified);
	assert_null(manifest_find(&m, "boot"));
	assert_true(manifest(&m, "file " H " 12\n") < 0);
	assert_true(manifest(&m, "file " H " x boot/a\n") < 0);
	assert_true(manifest(&m, "file short 12 boot/a\n") < 0);
	assert_true(manifest(&m, "file " H " 12 /boot/a\n") < 0);
	assert_true(manifest(&m, "file " H " 12 ../a\n") < 0);
	assert_true(manifest(&m, "file " H " 99999999999999999999 a\n") < 0);
	assert_true(manifest(&m, "version 1\nfile " H " 12 boot/a") < 0);	/* cut off */
}

static int config(struct xencfg *x, const char *text)
{
	struct err e = { 0 };

	return xencfg_parse(x, text, strlen(text), &e);
}

static void xen_configs(void **state)
{
	struct xencfg x;

	(void)state;
	assert_int_equal(config(&x, "# c\n[global]\ndefault=d\n[other]\nkernel=no\n[d]\noptions=a=1,b c\nkernel=vmlinuz x=y z\n"), 0);
	assert_string_equal(x.options, "a=1,b c");
	assert_string_equal(x.kernel, "x=y z");
	assert_true(config(&x, "[global]\ndefault=d\n[d]\noptions=a\n") < 0);
	assert_true(config(&x, "[global]\ndefault=d\n[d]\nkernel=v a; reboot\n") < 0);
	assert_true(config(&x, "[global]\ndefault=d\n[d]\nkernel=v $x\n") < 0);
	assert_true(config(&x, "nothing\n") < 0);
}

static void errors(void **state)
{
	struct err e;
	char big[2000];

	(void)state;
	assert_int_equal(err_set(&e, EIO, "%s: %s", "sda", "broken"), -EIO);
	assert_int_equal(err_prefix(&e, "step %d: ", 3), -EIO);
	assert_int_equal(err_suffix(&e, "; use %s", "another"), -EIO);
	err_replace(&e, "sda", "/dev/sda");
	err_replace(&e, "not in it", "x");
	assert_string_equal(e.msg, "step 3: /dev/sda: broken; use another");
	assert_string_equal(e.shown, e.msg);
	assert_int_equal(err_set(&e, -5, "x"), -5);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = 0;
	err_set(&e, -1, "%s", big);
	err_prefix(&e, "front: %s", big);
	err_suffix(&e, "%s", big);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_int_equal(strlen(e.shown), sizeof(e.shown) - 1);
	assert_memory_equal(e.shown, "front: xxx", 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostnames), cmocka_unit_test(netmasks), cmocka_unit_test(macs), cmocka_unit_test(sizes),
		cmocka_unit_test(command_lines), cmocka_unit_test(manifests), cmocka_unit_test(xen_configs),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
