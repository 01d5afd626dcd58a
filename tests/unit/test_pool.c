/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pools as host.conf has them, and whose volume is whose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../rootfs/dolmen/command.h"
#include "../../rootfs/dolmen/pool_start.h"
#include "../../rootfs/dolmen/storage.h"

static struct pool pool;
static struct err e;

/* What is read is written the same. */
static void same(const char *line)
{
	char again[1024];

	e = (struct err){ 0 };
	assert_int_equal(pool_parse(&pool, line, &e), 0);
	pool_write(&pool, again, sizeof(again));
	assert_string_equal(again, line);
}

static void wrong(const char *line, const char *why)
{
	e = (struct err){ 0 };
	assert_int_equal(pool_parse(&pool, line, &e), COMMAND_REFUSED);
	assert_non_null(strstr(e.msg, why));
}

static void lines(void **state)
{
	(void)state;
	same("fast thin dolmen-01234567 pool");
	assert_int_equal(pool.kind, POOL_THIN);
	assert_string_equal(pool.thin, "pool");
	assert_false(pool_has_files(&pool) || pool_is_shared(&pool));
	same("san lvm vg iscsi=192.0.2.9:3260,iqn.2001-04.com.example:a,1");
	assert_string_equal(pool.iscsi, "192.0.2.9:3260,iqn.2001-04.com.example:a,1");
	same("files ext 8e0f3a6e-0000-4000-8000-000000000000");
	assert_string_equal(pool.folder, "/storage/files");
	same("nas nfs [2001:db8::1]:/a/b nconnect=4,port=2050");
	assert_string_equal(pool.options, "nconnect=4,port=2050");
	assert_true(pool_has_files(&pool) && pool_is_shared(&pool));

	wrong("", "not a name");
	wrong("../x ext u", "not a name");
	wrong("fast", "no kind");
	wrong("fast zfs x", "no kind `zfs`");
	wrong("fast thin vg", "wants 2 words");
	wrong("fast lvm", "wants 1 words");
	wrong("fast lvm vg more", "`more` says nothing");
	wrong("nas nfs s:/x rw iscsi=a,b,0", "says nothing");
	wrong("a-name-of-more-than-thirty-one-let ext u", "31 letters");
}

static void servers(void **state)
{
	(void)state;
	assert_int_equal(nfs_check("server:/x", "", &e), 0);
	assert_int_equal(nfs_check("[fe80::1]:/x", "rsize=65536", &e), 0);
	assert_int_equal(nfs_check(":/x", "", &e), COMMAND_REFUSED);
	assert_int_equal(nfs_check("server:x", "", &e), COMMAND_REFUSED);
	assert_int_equal(nfs_check("server:/a b", "", &e), COMMAND_REFUSED);
	assert_int_equal(nfs_check("server:/x", "a b", &e), COMMAND_REFUSED);
}

static void volumes(void **state)
{
	struct volume v;
	char path[VOLUME_PATH];

	(void)state;
	assert_true(volume_parse(&v, "vm-web-12+before", "web"));
	assert_int_equal(v.number, 12);
	assert_string_equal(v.snapshot, "before");
	assert_true(volume_parse(&v, "vm-web-1-0", "web-1"));
	assert_false(volume_parse(&v, "vm-web-1-0", "web"));
	assert_false(volume_parse(&v, "vm-web", "web"));
	assert_false(volume_parse(&v, "vm", "web"));
	assert_false(volume_parse(&v, "pool-web", "web"));
	same("fast thin vg pool");
	storage_path(&pool, "vm-web-0", path);
	assert_string_equal(path, "/dev/vg/vm-web-0");
	same("files ext u");
	storage_path(&pool, "vm-web-0", path);
	assert_string_equal(path, "/storage/files/vm-web-0");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines), cmocka_unit_test(servers), cmocka_unit_test(volumes) };

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
