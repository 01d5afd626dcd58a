/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What answers_write() writes, answers_parse() reads as the same answers: by many sets of answers made from numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/answers.h"
#include "core/text.h"

#define SETS 5000
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZrcyGRTcdq1UuSd1bGEPrYjVQ1Pp0mlgjSUCWYYaKs"
#define HASH "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"

static unsigned long long seed;

static unsigned chance(unsigned n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % n;
}

#define SET(dst, ...) snprintf(dst, sizeof(dst), __VA_ARGS__)
#define ONE_OF(list) (list)[chance(sizeof(list) / sizeof((list)[0]))]

static void make_disks(struct answers *a)
{
	static const char *const names[] = { "sda", "/dev/disk/by-id/ata-X_1", "serial:A&B<\"C\">", "model:SAMSUNG *", "size:>=1T" };
	static const char *const mirrors[] = { "sdb", "wwn:0x5*", "size:largest", "serial:'x'" };
	static const char *const serials[] = { "", "", "S1", "a & b \"c\" < d" };

	SET(a->primary.name, "%s", ONE_OF(names));
	if (chance(3) == 0)
		SET(a->mirror.name, "%s", ONE_OF(mirrors));
	SET(a->confirm_serial, "%s", ONE_OF(serials));
	if (a->mode == MODE_FRESH) {
		a->preserve_first = (enum preserve_first)chance(PRESERVE_MAX);
		a->guest_storage = chance(2);
		a->storage = (enum storage_type)chance(2);
	}
	if (a->mode != MODE_UPGRADE)
		for (a->guest_disks = 0; a->guest_disks < chance(6); a->guest_disks++)
			SET(a->guest_disk[a->guest_disks].name, "serial:guest%u", a->guest_disks);
}

static void make_nics(struct answers *a)
{
	a->bond = (enum bond_mode)chance(BOND_MAX);
	a->nics = a->bond == BOND_NONE ? 1 : 2 + chance(ANSWERS_BOND_NICS - 1);
	for (unsigned i = 0; i < a->nics; i++) {
		unsigned which = 1 + chance(3);

		if (which & 1)
			SET(a->nic[i].name, "eth%u", i * 7);
		if (which & 2)
			SET(a->nic[i].mac, "52:54:00:00:00:%02x", i);
	}
	a->vlan = chance(2) ? 1 + chance(4094) : 0;
}

static void make_addresses(struct answers *a)
{
	a->ipv4 = (enum ipv4_mode)chance(IPV4_MAX);
	if (a->ipv4 == IPV4_STATIC) {
		SET(a->address, "10.1.2.%u", 9 + chance(100));
		a->prefix = 8 + chance(17);
		if (chance(2))
			SET(a->gateway, "10.1.2.1");
	}
	a->ipv6 = (enum ipv6_mode)chance(IPV6_MAX);
	if (a->ipv6 == IPV6_STATIC) {
		SET(a->address6, "2001:db8::%x", 0x10 + chance(100));
		a->prefix6 = 4 + chance(61);
		if (chance(2))
			SET(a->gateway6, "%s", chance(2) ? "fe80::1" : "2001:db8::1");
	}
	for (a->dns_n = 0; a->dns_n < chance(ANSWERS_SERVERS + 1); a->dns_n++)
		SET(a->dns[a->dns_n], a->dns_n % 2 ? "2001:db8::%u" : "192.0.2.%u", a->dns_n + 1);
	a->ntp_source = (enum ntp_source)chance(NTP_MAX);
	if (a->ntp_source == NTP_MANUAL)
		for (a->ntp_n = 0; a->ntp_n <= chance(ANSWERS_SERVERS); a->ntp_n++)
			SET(a->ntp[a->ntp_n], a->ntp_n % 2 ? "ntp%u.example.org" : "192.0.2.%u", a->ntp_n + 1);
}

static void make_host(struct answers *a)
{
	static const enum password_type types[] = { PASSWORD_NONE, PASSWORD_HASH, PASSWORD_ASK };

	SET(a->hostname, "host%u.example.org", chance(100));
	SET(a->timezone, "%s", chance(2) ? "Europe/Berlin" : "Etc/GMT+3");
	SET(a->keymap, "%s", chance(2) ? "de-latin1" : "us");
	SET(a->language, "%s", chance(2) ? "ko" : "en");
	a->password_type = ONE_OF(types);
	if (a->password_type == PASSWORD_HASH)
		SET(a->password.text, HASH);
	a->ssh = (enum ssh_answer)chance(2);
	for (a->ssh_keys = 0; a->ssh_keys < chance(ANSWERS_SSH_KEYS + 1); a->ssh_keys++)
		SET(a->ssh_key[a->ssh_keys], a->ssh_keys % 2 ? "https://example.org/%u?a=b&c" : KEY " <me@%u>", a->ssh_keys);
}

static void make(struct answers *a)
{
	answers_defaults(a);
	a->mode = (enum install_mode)chance(MODE_MAX);
	a->password_type = PASSWORD_ASK;
	make_disks(a);
	if (a->mode != MODE_UPGRADE) {
		make_nics(a);
		make_addresses(a);
		make_host(a);
		a->dom0_memory_mib = chance(2) ? 384 + chance(65000) : 0;
		a->dom0_vcpus = chance(2) ? 1 + chance(128) : 0;
	}
	for (a->scripts = 0; a->scripts < chance(5); a->scripts++) {
		struct answer_script *s = &a->script[a->scripts];

		s->stage = (enum script_stage)chance(STAGE_MAX);
		s->may_fail = chance(2);
		SET(s->url, "http://u:p@192.0.2.1/%u.sh?x=1&y=%%20", a->scripts);
	}
	if (chance(2))
		SET(a->report_url, "https://example.org/report?a=b&c=d");
	a->confirm = chance(2);
}

#define SAME(field) assert_int_equal(a->field, b->field)
#define SAME_TEXT(field) assert_string_equal(a->field, b->field)

static void compare_network(const struct answers *a, const struct answers *b)
{
	SAME(nics); SAME(bond); SAME(vlan); SAME(ipv4); SAME(prefix); SAME(ipv6); SAME(prefix6); SAME(dns_n); SAME(ntp_n);
	SAME(ntp_source);
	SAME_TEXT(address); SAME_TEXT(gateway); SAME_TEXT(address6); SAME_TEXT(gateway6);
	for (unsigned i = 0; i < a->nics; i++) {
		SAME_TEXT(nic[i].name);
		SAME_TEXT(nic[i].mac);
	}
	for (unsigned i = 0; i < a->dns_n; i++)
		SAME_TEXT(dns[i]);
	for (unsigned i = 0; i < a->ntp_n; i++)
		SAME_TEXT(ntp[i]);
}

static void compare(const struct answers *a, const struct answers *b)
{
	SAME(mode); SAME(dom0_memory_mib); SAME(dom0_vcpus); SAME(preserve_first); SAME(guest_storage); SAME(guest_disks); SAME(storage);
	SAME_TEXT(primary.name); SAME_TEXT(mirror.name); SAME_TEXT(confirm_serial);
	for (unsigned i = 0; i < a->guest_disks; i++)
		SAME_TEXT(guest_disk[i].name);
	if (a->mode != MODE_UPGRADE)
		compare_network(a, b);
	SAME_TEXT(hostname); SAME_TEXT(timezone); SAME_TEXT(keymap); SAME_TEXT(language);
	SAME(password_type); SAME(ssh); SAME(ssh_keys); SAME(scripts); SAME(confirm);
	SAME_TEXT(password.text); SAME_TEXT(report_url);
	for (unsigned i = 0; i < a->ssh_keys; i++)
		SAME_TEXT(ssh_key[i]);
	for (unsigned i = 0; i < a->scripts; i++) {
		SAME(script[i].stage); SAME(script[i].may_fail);
		SAME_TEXT(script[i].url);
	}
}

static char *written(const struct answers *a)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	answers_write(a, out);
	fclose(out);
	return text;
}

static void round_trip(void **state)
{
	static struct answers a, b;
	static struct diags ds;

	(void)state;
	for (seed = 1; seed <= SETS; seed++) {
		unsigned long long this_one = seed;
		char *text;

		make(&a);
		text = written(&a);
		memset(&ds, 0, sizeof(ds));
		if (answers_parse(&b, text, strlen(text), NULL, false, &ds))
			fail_msg("set %llu: %s\n%s", this_one, ds.d[0].what.text, text);
		compare(&a, &b);
		free(text);
		seed = this_one;
	}
}

/* Read again and again, it stays the same text; and no warning tells to write it otherwise. */
static void no_old_names(void **state)
{
	static struct answers a;
	static struct diags ds;
	char *text;

	(void)state;
	seed = 7;
	make(&a);
	text = written(&a);
	memset(&ds, 0, sizeof(ds));
	assert_int_equal(answers_parse(&a, text, strlen(text), NULL, false, &ds), 0);
	for (unsigned i = 0; i < ds.n; i++)
		assert_null(strstr(ds.d[i].what.text, "old name"));
	free(text);
}

static void plaintext_is_not_written(void **state)
{
	static struct answers a;
	char *text;

	(void)state;
	answers_defaults(&a);
	a.password_type = PASSWORD_PLAINTEXT;
	SET(a.password.text, "tr0ub4dor");
	text = written(&a);
	assert_null(strstr(text, "tr0ub4dor"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(no_old_names), cmocka_unit_test(plaintext_is_not_written),
	};

	return cmocka_run_group_tests_name("round trip", tests, NULL, NULL);
}
