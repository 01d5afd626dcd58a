/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every kind of value: what is taken, in which form, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/names.h"
#include "core/values.h"
#include "core/zones.h"

#define TAKEN(call) assert_int_equal(call, 0)
#define REFUSED(call, words) do { e.msg[0] = 0; assert_true((call) < 0); assert_non_null(strstr(e.msg, words)); } while (0)

static struct err e;

static void yes_no(void **state)
{
	bool b = false;

	(void)state;
	TAKEN(value_yes_no("YES", &b, &e));
	assert_true(b);
	TAKEN(value_yes_no("False", &b, &e));
	assert_false(b);
	REFUSED(value_yes_no("1", &b, &e), "neither yes nor no");
	REFUSED(value_yes_no("", &b, &e), "neither yes nor no");
}

static void disks(void **state)
{
	static const char *const good[] = { "sda", "/dev/sda", "vdb", "nvme0n1", "mmcblk0", "cciss!c0d0", "sd*", "md127", "serial:S3Z8*",
					    "wwn:0x5002538f12345678", "model:SAMSUNG MZ7*", "size:480G", "size:>=1.92TB", "size:<2TiB",
					    "size:largest", "/dev/disk/by-id/ata-X_1", "/dev/disk/by-id/wwn-0x5*", "/dev/nvme0n1" };
	static const char *const bad[][2] = {
		{ "", "write a disk" }, { "sda1", "partition" }, { "/dev/nvme0n1p3", "partition" }, { "mmcblk0p1", "partition" },
		{ "seral:X", "did you mean `serial:`" }, { "uuid:1", "write serial:" }, { "serial:", "nothing after" },
		{ "size:big", "not a size" }, { "size:", "nothing after" }, { "size:-1G", "not a size" }, { "size:0x10G", "not a size" },
		{ "size:480", "not a size" }, { "sda,sdb", "swraid" }, { "iscsi:192.0.2.1::::iqn", "iSCSI" }, { "/tmp/x", "below /dev" },
		{ "/dev/", "below /dev" }, { "/dev/disk/by-path/pci-0000:00:1f.2-ata-1", "by-path" }, { "/dev/mapper/mpatha", "layer" },
		{ "sda sdb", "not the name" }, { "disk/x", "not the name" }, { "sda\x1b[2J", "control" },
	};
	char ret[256], longest[300];

	(void)state;
	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		TAKEN(value_disk_name(good[i], ret, &e));
		assert_string_equal(ret, good[i]);
	}
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		REFUSED(value_disk_name(bad[i][0], ret, &e), bad[i][1]);
	memset(longest, 'x', 256);
	longest[256] = 0;
	REFUSED(value_disk_name(longest, ret, &e), "at most 255");
}

static void interfaces(void **state)
{
	char name[32], mac[18];
	unsigned n;

	(void)state;
	TAKEN(value_nic_name("eth12", name, &e));
	TAKEN(value_nic_name("eth007", name, &e));
	assert_string_equal(name, "eth7");
	REFUSED(value_nic_name("enp3s0", name, &e), "eth0");
	REFUSED(value_nic_name("eth", name, &e), "eth0");
	REFUSED(value_nic_name("eth1000", name, &e), "eth0");
	TAKEN(value_mac("52-54-00-AB-CD-EF", mac, &e));
	assert_string_equal(mac, "52:54:00:ab:cd:ef");
	REFUSED(value_mac("52:54:00:ab:cd", mac, &e), "not an Ethernet address");
	REFUSED(value_mac("01:00:5e:00:00:01", mac, &e), "not the address of one");
	REFUSED(value_mac("00:00:00:00:00:00", mac, &e), "not the address of one");
	TAKEN(value_vlan("1", &n, &e));
	TAKEN(value_vlan("4094", &n, &e));
	assert_int_equal(n, 4094);
	REFUSED(value_vlan("0", &n, &e), "1 to 4094");
	REFUSED(value_vlan("4095", &n, &e), "1 to 4094");
	REFUSED(value_vlan("5x", &n, &e), "1 to 4094");
	REFUSED(value_vlan("-5", &n, &e), "1 to 4094");
	REFUSED(value_vlan("", &n, &e), "1 to 4094");
}

static void dom0(void **state)
{
	unsigned n = 0;

	(void)state;
	TAKEN(value_memory("384M", &n, &e));
	assert_int_equal(n, 384);
	TAKEN(value_memory("64G", &n, &e));
	assert_int_equal(n, 65536);
	REFUSED(value_memory("383M", &n, &e), "within 384M and 64G");
	REFUSED(value_memory("65537M", &n, &e), "within 384M and 64G");
	REFUSED(value_memory("999999G", &n, &e), "within 384M and 64G");
	REFUSED(value_memory("4194305G", &n, &e), "768M or 2G");
	REFUSED(value_memory("1024", &n, &e), "768M or 2G");
	REFUSED(value_memory("1.5G", &n, &e), "768M or 2G");
	REFUSED(value_memory("2GiB", &n, &e), "768M or 2G");
	REFUSED(value_memory("G", &n, &e), "768M or 2G");
	REFUSED(value_memory("-1G", &n, &e), "768M or 2G");
	TAKEN(value_vcpus("1", &n, &e));
	TAKEN(value_vcpus("128", &n, &e));
	assert_int_equal(n, 128);
	REFUSED(value_vcpus("0", &n, &e), "1 to 128");
	REFUSED(value_vcpus("129", &n, &e), "1 to 128");
	REFUSED(value_vcpus("", &n, &e), "1 to 128");
	REFUSED(value_vcpus("4-8", &n, &e), "1 to 128");
}

static void ipv4(void **state)
{
	char ret[16];
	unsigned n = 0;

	(void)state;
	TAKEN(value_ipv4("192.0.2.1", ret, &e));
	REFUSED(value_ipv4("192.0.2", ret, &e), "not an IPv4 address");
	REFUSED(value_ipv4("192.0.2.1/24", ret, &e), "not an IPv4 address");
	REFUSED(value_ipv4("0.0.0.1", ret, &e), "not the address of a host");
	REFUSED(value_ipv4("127.0.0.1", ret, &e), "not the address of a host");
	REFUSED(value_ipv4("224.0.0.1", ret, &e), "not the address of a host");
	REFUSED(value_ipv4("255.255.255.255", ret, &e), "not the address of a host");
	TAKEN(value_netmask("255.255.254.0", &n, &e));
	assert_int_equal(n, 23);
	TAKEN(value_netmask("24", &n, &e));
	TAKEN(value_netmask("/31", &n, &e));
	assert_int_equal(n, 31);
	REFUSED(value_netmask("255.0.255.0", &n, &e), "not a netmask");
	REFUSED(value_netmask("255.255.255.255", &n, &e), "not a netmask");
	REFUSED(value_netmask("0.0.0.0", &n, &e), "not a netmask");
	REFUSED(value_netmask("32", &n, &e), "not a netmask");
	REFUSED(value_netmask("/", &n, &e), "not a netmask");
}

static void ipv6(void **state)
{
	char ret[46];
	unsigned n = 0;

	(void)state;
	TAKEN(value_ipv6("2001:DB8:0::10", ret, &e));
	assert_string_equal(ret, "2001:db8::10");
	TAKEN(value_ipv6("fe80::1", ret, &e));
	REFUSED(value_ipv6("::", ret, &e), "not the address of a host");
	REFUSED(value_ipv6("::1", ret, &e), "not the address of a host");
	REFUSED(value_ipv6("ff02::1", ret, &e), "not the address of a host");
	REFUSED(value_ipv6("::ffff:192.0.2.1", ret, &e), "not the address of a host");
	REFUSED(value_ipv6("2001:db8::g", ret, &e), "not an IPv6 address");
	TAKEN(value_ipv6_prefix("2001:db8::10/64", ret, &n, &e));
	assert_int_equal(n, 64);
	REFUSED(value_ipv6_prefix("2001:db8::10", ret, &n, &e), "length of its prefix");
	REFUSED(value_ipv6_prefix("2001:db8::10/129", ret, &n, &e), "length of its prefix");
	REFUSED(value_ipv6_prefix("2001:db8::10/3", ret, &n, &e), "length of its prefix");
	REFUSED(value_ipv6_prefix("/64", ret, &n, &e), "not an IPv6 address");
}

static void servers(void **state)
{
	char server[46], name[254];

	(void)state;
	TAKEN(value_server("192.0.2.1", server, &e));
	TAKEN(value_server("2001:db8::53", server, &e));
	REFUSED(value_server("ns.example.org", server, &e), "not an IPv4 address");
	TAKEN(value_ntp_server("ntp.example.org", name, &e));
	TAKEN(value_ntp_server("2001:DB8::1", name, &e));
	assert_string_equal(name, "2001:db8::1");
	REFUSED(value_ntp_server("192.0.2.300", name, &e), "not an IPv4 address");
	REFUSED(value_ntp_server("a b", name, &e), "neither");
	TAKEN(value_hostname("host1.example.org", name, &e));
	REFUSED(value_hostname("192.0.2.1", name, &e), "an address");
	REFUSED(value_hostname("host_1", name, &e), "not a host name");
}

static char *zone_list[] = { (char *)"America/Los_Angeles", (char *)"America/New_York", (char *)"Asia/Kolkata", (char *)"Asia/Seoul",
			     (char *)"Etc/UTC", (char *)"Europe/Berlin", (char *)"Europe/Kyiv" };
static char *keymap_list[] = { (char *)"de", (char *)"de-latin1", (char *)"uk", (char *)"us" };
static const struct names names = { { 7, zone_list }, { 4, keymap_list } };

static void zones(void **state)
{
	char ret[64];

	(void)state;
	TAKEN(value_timezone("Europe/Berlin", &names, ret, &e));
	TAKEN(value_timezone("Asia/Calcutta", &names, ret, &e));
	assert_string_equal(ret, "Asia/Kolkata");
	TAKEN(value_timezone("US/Eastern", &names, ret, &e));
	assert_string_equal(ret, "America/New_York");
	TAKEN(value_timezone("Anywhere/Else", NULL, ret, &e));
	REFUSED(value_timezone("Asia/calcutta", &names, ret, &e), "did you mean `Asia/Kolkata`");
	REFUSED(value_timezone("America/LosAngeles", &names, ret, &e), "did you mean `America/Los_Angeles`");
	REFUSED(value_timezone("europe/berlin", &names, ret, &e), "did you mean `Europe/Berlin`");
	REFUSED(value_timezone("Nowhere", &names, ret, &e), "write one like Europe/Berlin");
	REFUSED(value_timezone("../etc/passwd", &names, ret, &e), "not a time zone");
	assert_null(zone_renamed("Europe/Berlin"));
	assert_null(zone_nearest(&names.timezones, "zzzzzzzz"));
}

static void keymaps(void **state)
{
	char ret[64];

	(void)state;
	TAKEN(value_keymap("uk", &names, ret, &e));
	REFUSED(value_keymap("de-latin", &names, ret, &e), "did you mean `de-latin1`");
	REFUSED(value_keymap("klingon", &names, ret, &e), "write one like us");
	REFUSED(value_keymap("-l", NULL, ret, &e), "not a keymap");
	TAKEN(value_language("ko", ret, &e));
	REFUSED(value_language("de", ret, &e), "write en or ko");
}

#define ED25519 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZrcyGRTcdq1UuSd1bGEPrYjVQ1Pp0mlgjSUCWYYaKs"

static void ssh_keys(void **state)
{
	char ret[1024], longest[1200] = ED25519 " ";

	(void)state;
	TAKEN(value_ssh_key(ED25519, ret, &e));
	TAKEN(value_ssh_key(ED25519 " me@home, with a remark", ret, &e));
	assert_string_equal(ret, ED25519 " me@home, with a remark");
	TAKEN(value_ssh_key("from=\"192.0.2.0/24, 2001:db8::/32\",no-pty " ED25519, ret, &e));
	REFUSED(value_ssh_key("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", ret, &e), "damaged");
	REFUSED(value_ssh_key("ssh-rsa " "AAAAC3NzaC1lZDI1NTE5AAAAIGZrcyGRTcdq1UuSd1bGEPrYjVQ1Pp0mlgjSUCWYYaKs", ret, &e), "damaged");
	REFUSED(value_ssh_key("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI*Zrcy", ret, &e), "damaged");
	REFUSED(value_ssh_key("ssh-ed25519", ret, &e), "damaged");
	REFUSED(value_ssh_key("ssh-dss AAAAB3NzaC1kc3M=", ret, &e), "DSA");
	REFUSED(value_ssh_key("-----BEGIN OPENSSH PRIVATE KEY-----", ret, &e), "private");
	REFUSED(value_ssh_key("hello world", ret, &e), "not a public SSH key");
	REFUSED(value_ssh_key("", ret, &e), "not a public SSH key");
	REFUSED(value_ssh_key(ED25519 "\n" ED25519, ret, &e), "one line");
	memset(longest + strlen(longest), 'x', 1000);
	REFUSED(value_ssh_key(longest, ret, &e), "1023");
}

static const char *const whole_keys[] = {
	ED25519,
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCphLQkFtyfjg0BvgLjI2prSq2wUQD35jWpwErYX1/Pfq5mNgcyMzgJvtXuwsXR95+JjFg5Uw"
	"uA5afj8wNpSBbjdnogxSRd/833dHBhHbtPIKAUdVslHLhMHIXvww5WaegvXx7ugbs0dnAhdhCkJdnEZXsMdv721z5YmVul78G9fS9/QwT+g0dz"
	"HkS27pPpCwGO+g7hdqtkFGh0cYXAeeIqzZqDq/38y9n62srz9yy2cpn7yiE0I3E99sT3a9uRBP8M19OkuMoxpw+fo+bC9Fp1JjzKw0TfqxhwXs"
	"6OB5d2kDdh4KF053nETph3Kr73XWZwaIVBjzPiu4hr5wbv2Ihp",
	"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBH0/vGz+qit0FtO9l+2dMY8ekccOOI4VMccVy/"
	"eYMEsaecdO4niZx9LwH7bv9MgVfRDKW0QAvnxkxjBV+gNQ740=",
	"ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBNHXLM0zZK103UhDi51v2T0FXSbj2v/eC7z4ZP"
	"EyvAOUfJC4KpCXA8mgLR1J3W9xhjQgxfeGABnBMo2r0MpvwubuCILlf/mNaE/nE5kdugRrPAVc/3CM/R3lJu6b8VOyqA==",
	"ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAFzozMVgaktdphY1eFHMue/2vF+t8xwykD5Cn"
	"sH2sNv0fiP1FxHM2sNq7bZcbjm1tWcaG/EPF/j14/pqC/yo/cNyQE30SNw1do8aWmghW8IxMdiDGbECvYinyOXlz58kcJai+21Yv+cLxEAczuv"
	"SxiAnht4l2lo6/QJS7UYwdYnjJ5liQ==",
	"sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs"
	"cHR4fAAAABHNzaDo=",
	"sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBAA"
	"BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8AAAAEc3NoOg==",
};

/* Wherever a line is cut, it is found; one with more at its end, too. */
static void ssh_keys_cut(void **state)
{
	char ret[1024], text[1024];

	(void)state;
	for (unsigned i = 0; i < sizeof(whole_keys) / sizeof(whole_keys[0]); i++) {
		const char *key = whole_keys[i];

		TAKEN(value_ssh_key(key, ret, &e));
		for (size_t n = strcspn(key, " ") + 1; n < strlen(key); n++) {
			snprintf(text, sizeof(text), "%.*s", (int)n, key);
			REFUSED(value_ssh_key(text, ret, &e), "damaged");
		}
		snprintf(text, sizeof(text), "%.*sAAAA", (int)strcspn(key, "="), key);
		REFUSED(value_ssh_key(text, ret, &e), "damaged");
	}
	/* a field too few, one too many, and a key of another length */
	REFUSED(value_ssh_key("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", ret, &e), "damaged");
	REFUSED(value_ssh_key("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAAAXg=", ret, &e), "damaged");
	REFUSED(value_ssh_key("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAHwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=", ret, &e), "damaged");
}

static void passwords(void **state)
{
	char longest[200];

	(void)state;
	TAKEN(value_password("secret", &e));
	REFUSED(value_password("short", &e), "at least 6");
	REFUSED(value_password("with\ttab", &e), "control");
	memset(longest, 'x', 128);
	longest[128] = 0;
	REFUSED(value_password(longest, &e), "at most 127");
}

static void hashes(void **state)
{
	(void)state;
	TAKEN(value_password_hash("$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/", &e));
	TAKEN(value_password_hash("$6$rounds=5000$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/", &e));
	TAKEN(value_password_hash("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", &e));
	TAKEN(value_password_hash("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", &e));
	REFUSED(value_password_hash("$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9Yter", &e), "cut off");
	REFUSED(value_password_hash("$6$", &e), "cut off");
	REFUSED(value_password_hash("rEK1ecacw.7.c", &e), "not a crypt(5) hash");
	REFUSED(value_password_hash("", &e), "not a crypt(5) hash");
	REFUSED(value_password_hash("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.R\nAtQ7", &e), "cut off");
}

static void strengths(void **state)
{
	(void)state;
	assert_int_equal(password_strength(""), 0);
	assert_int_equal(password_strength("secret1"), 0);
	assert_int_equal(password_strength("Password123!"), 0);
	assert_int_equal(password_strength("aaaaaaaaaaaaaaaa"), 0);
	assert_int_equal(password_strength("abcdefghijklmnop"), 0);
	assert_int_equal(password_strength("gj4vmqz8"), 1);
	assert_int_equal(password_strength("gjxvmqzpkw"), 1);
	assert_int_equal(password_strength("gJ4vRq-z8pK2"), 2);
	assert_int_equal(password_strength("correct horse battery staple"), 2);
}

static void urls(void **state)
{
	char ret[1024], longest[1100] = "http://a/";

	(void)state;
	TAKEN(value_url("http://192.0.2.1/a.sh", ret, &e));
	TAKEN(value_url("HTTPS://user:pw@server:8443/x?y#z", ret, &e));
	assert_string_equal(ret, "https://user:pw@server:8443/x?y#z");
	TAKEN(value_url("file:///run/dolmen/medium/a.sh", ret, &e));
	REFUSED(value_url("file://host/x", ret, &e), "not a URL");
	REFUSED(value_url("file:///", ret, &e), "not a URL");
	REFUSED(value_url("http://", ret, &e), "not a URL");
	REFUSED(value_url("http:///path", ret, &e), "not a URL");
	REFUSED(value_url("/tmp/script.sh", ret, &e), "not a URL");
	REFUSED(value_url("nfs://server/x", ret, &e), "nfs:// is not supported");
	REFUSED(value_url("ftp://server/x", ret, &e), "ftp:// is not supported");
	REFUSED(value_url("http://server/a b", ret, &e), "%20");
	memset(longest + 9, 'x', 1050);
	REFUSED(value_url(longest, ret, &e), "1023");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yes_no), cmocka_unit_test(disks), cmocka_unit_test(interfaces), cmocka_unit_test(dom0), cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6), cmocka_unit_test(servers), cmocka_unit_test(zones), cmocka_unit_test(keymaps),
		cmocka_unit_test(ssh_keys), cmocka_unit_test(ssh_keys_cut), cmocka_unit_test(passwords), cmocka_unit_test(hashes),
		cmocka_unit_test(strengths), cmocka_unit_test(urls),
	};

	return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
