/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans of answers that are put together here; plan/ and refuse/ hold those of whole answer files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan.h"
#include "core/text.h"

static struct machine m;
static struct answers a;
static struct diags ds;
static char *text;		/* of the plan, or NULL */

static void nic_add(const char *mac)
{
	struct nic *n = &m.nic[m.nics++];

	text_copy(n->mac, sizeof(n->mac), mac);
	snprintf(n->pci, sizeof(n->pci), "0000:00:0%u.0", m.nics);
}

static void disk_add(const char *name, uint64_t gib)
{
	struct disk *d = &m.disk[m.disks++];

	text_copy(d->name, sizeof(d->name), name);
	snprintf(d->path, sizeof(d->path), "/dev/%s", name);
	snprintf(d->serial, sizeof(d->serial), "SERIAL-%s", name);
	d->bytes = gib << 30;
	d->sector = 512;
}

static int setup(void **state)
{
	(void)state;
	memset(&m, 0, sizeof(m));
	memset(&ds, 0, sizeof(ds));
	m.long_mode = true;
	m.memory = UINT64_C(4) << 30;
	disk_add("sda", 100);
	disk_add("sdb", 90);
	nic_add("52:54:00:00:00:00");
	nic_add("52:54:00:00:00:01");
	nic_add("52:54:00:00:00:02");
	answers_defaults(&a);
	text_copy(a.primary.name, sizeof(a.primary.name), "sda");
	text_copy(a.nic[0].name, sizeof(a.nic[0].name), "eth0");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

/* Whether there is a plan; its text is in `text`, else the reasons are in ds. */
static bool make(void)
{
	static const char *const files[] = { "boot/vmlinuz", "boot/initramfs", "boot/xen.gz", "boot/xen.efi",
					     "dolmen/host.squashfs", "boot/xen-unified.efi" };
	struct manifest mf = { .version = "1" };
	struct xencfg x = { .options = "opt", .kernel = "word" };
	struct random r;
	struct plan *p = NULL;
	size_t n;
	FILE *f;

	for (unsigned i = 0; i < 6; i++) {
		text_copy(mf.file[i].path, sizeof(mf.file[i].path), files[i]);
		mf.file[i].bytes = 1000;
	}
	mf.n = 6;
	random_seed(&r, 1);
	memset(&ds, 0, sizeof(ds));
	if (plan_make(&p, &a, &m, &mf, &x, &r, &ds))
		return false;
	free(text);
	f = open_memstream(&text, &n);
	assert_non_null(f);
	plan_write(p, f);
	fclose(f);
	plan_free(p);
	return true;
}

static void has(const char *what)
{
	if (!text || !strstr(text, what))
		fail_msg("the plan lacks `%s`:\n%s", what, text ? text : "(no plan)");
}

static void has_not(const char *what)
{
	if (strstr(text, what))
		fail_msg("the plan has `%s`:\n%s", what, text);
}

/* Refused, and one of the reasons has these words. */
static void refused(const char *why)
{
	if (make())
		fail_msg("there is a plan:\n%s", text);
	for (unsigned i = 0; i < ds.n; i++)
		if (strstr(ds.d[i].what.text, why))
			return;
	fail_msg("no reason has `%s`; the first: %s", why, ds.n ? ds.d[0].what.text : "(none)");
}

static void confirmed_serial(void **state)
{
	(void)state;
	text_copy(a.confirm_serial, sizeof(a.confirm_serial), "SERIAL-sda");
	assert_true(make());
	text_copy(a.confirm_serial, sizeof(a.confirm_serial), "SERIAL-sdb");
	refused("/dev/sda has the serial number SERIAL-sda, not SERIAL-sdb");
	m.disk[0].serial[0] = 0;
	refused("(none)");
}

static void bond(void **state)
{
	(void)state;
	a.bond = BOND_LACP;
	a.nics = 2;
	text_copy(a.nic[1].mac, sizeof(a.nic[1].mac), "52:54:00:00:00:02");
	assert_true(make());
	has("| bond=802.3ad eth0 eth2\n");
	has("| management=bond0\n");
	text_copy(a.nic[1].mac, sizeof(a.nic[1].mac), "52:54:00:00:00:00");
	refused("eth0 (52:54:00:00:00:00) is in the bond twice");
	text_copy(a.nic[1].mac, sizeof(a.nic[1].mac), "52:54:00:00:00:09");
	refused("no interface has the address 52:54:00:00:00:09");
	a.nics = 1;
	refused("at least two");
	a.bond = BOND_NONE;
	a.nics = 2;
	refused("2 network interfaces but no bond");
}

static void network(void **state)
{
	(void)state;
	a.vlan = 42;
	a.ipv4 = IPV4_NONE;
	a.ipv6 = IPV6_STATIC;
	a.prefix6 = 64;
	a.ntp_source = NTP_MANUAL;
	a.ntp_n = a.dns_n = 1;
	text_copy(a.address6, sizeof(a.address6), "2001:db8::5");
	text_copy(a.gateway6, sizeof(a.gateway6), "fe80::1");
	text_copy(a.dns[0], sizeof(a.dns[0]), "2001:db8::53");
	text_copy(a.ntp[0], sizeof(a.ntp[0]), "ntp.example.org");
	assert_true(make());
	has("| management=eth0\n        | vlan=42\n        | ipv4=none\n        | ipv6=static\n"
	    "        | address6=2001:db8::5/64\n        | gateway6=fe80::1\n        | dns=2001:db8::53\n"
	    "        | ntp_source=manual\n        | ntp=ntp.example.org\n");
	a.ntp_source = NTP_NONE;
	a.ipv6 = IPV6_AUTO;
	assert_true(make());
	has("| ipv6=autoconf\n");
	has_not("address6=");
	has("| ntp_source=none\n");
	has_not("ntp=ntp");
}

static void access_to_the_host(void **state)
{
	(void)state;
	assert_true(make());
	has("| root_hash=!\n");
	has("| ssh=off\n");
	has_not("authorized_keys");
	a.password_type = PASSWORD_ASK;
	a.ssh = SSH_ON;
	a.ssh_keys = 1;
	text_copy(a.ssh_key[0], sizeof(a.ssh_key[0]), "ssh-ed25519 AAAA admin@example.org");
	text_copy(a.language, sizeof(a.language), "ko");
	assert_true(make());
	has("| root_hash=!!\n");
	has("| ssh=on\n");
	has("| language=ko\n");
	has("write /root/.ssh/authorized_keys:\n        | ssh-ed25519 AAAA admin@example.org\n");
	a.password_type = PASSWORD_PLAINTEXT;
	text_copy(a.password.text, sizeof(a.password.text), "hidden-words");
	assert_true(make());
	has("| root_hash=***\n");
	has_not("hidden");
}

static void thin_storage(void **state)
{
	(void)state;
	a.storage = STORAGE_THIN;
	assert_true(make());
	has("| storage=thin dolmen-a8574c6f pool\n");
	has("--type thin-pool -l 98%FREE -n pool dolmen-a8574c6f\n");
	has("-an dolmen-a8574c6f\n");
	has("(Linux LVM)");
	a.storage = STORAGE_EXT;
	assert_true(make());
	has("| storage=ext ");
	has_not("(Linux LVM)");
	a.guest_storage = false;
	assert_true(make());
	has("| storage=none\n");
}

static void scripts(void **state)
{
	(void)state;
	a.scripts = 3;
	a.script[0] = (struct answer_script){ .stage = STAGE_START, .url = "http://joe:pass@word@h.example/a@b.sh" };
	a.script[1] = (struct answer_script){ .stage = STAGE_COMPLETE, .url = "file:///x.sh", .may_fail = true };
	a.script[2] = (struct answer_script){ .stage = STAGE_POPULATED, .url = "https://h.example/c.sh" };
	assert_true(make());
	has("step 1/9 check\n    script installation-start: http://***@h.example/a@b.sh\nstep 2/9");
	has("    script filesystem-populated: https://h.example/c.sh\nstep 7/9");
	has("step 9/9 finish\n    script installation-complete: file:///x.sh (may fail)\n");
	has_not("word@");
}

/* sda2 and sdb1 are of one group: erasing sda takes its half. */
static void split_group(void **state)
{
	(void)state;
	m.volumes = 2;
	m.volume[0] = (struct volume){ .node = "sda2", .disk = 0, .start = 1 << 20, .bytes = 1 << 30, .type = "LVM2_member", .vg = "data" };
	m.volume[1] = (struct volume){ .node = "sdb1", .disk = 1, .start = 1 << 20, .bytes = 1 << 30, .type = "LVM2_member", .vg = "data" };
	assert_true(make());
	assert_int_equal(ds.n, 1);
	assert_non_null(strstr(ds.d[0].what.text, "volume group data loses what it has on /dev/sda"));
	a.guest_disks = 1;
	text_copy(a.guest_disk[0].name, sizeof(a.guest_disk[0].name), "sdb");
	assert_true(make());
	assert_int_equal(ds.n, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(confirmed_serial), T(bond), T(network), T(access_to_the_host), T(thin_storage), T(split_group), T(scripts),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
