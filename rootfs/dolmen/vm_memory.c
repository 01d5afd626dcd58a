/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt looks for the memory of a saved machine at SAVED/NAME.save, on the state partition, which is small: that is a link to a
 * volume in a storage pool where there is one. libvirt takes the link away before it knows whether the machine comes back, and
 * leaves what a save that failed has written: both are put right here.
 */
#include "vm_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "vm.h"

#define STATE "/var/lib/libvirt"
#define SAVED STATE "/libxl/save"
#define MIB (UINT64_C(1024) * 1024)
/* The definition, the state of the devices; and the list of pages, eight bytes for each of 4 KiB, is far below 1/256. */
#define MORE (64 * MIB)

uint64_t vm_memory_bytes(virDomainPtr d)
{
	virDomainInfo i;
	uint64_t bytes = virDomainGetInfo(d, &i) < 0 ? 0 : (uint64_t)i.memory * 1024;

	return (bytes + bytes / 256 + MORE) / MIB * MIB;
}

static int no_room(struct err *e, uint64_t bytes, uint64_t room, const char *where)
{
	char want[32], have[32];

	return err_set(e, COMMAND_REFUSED, "there is no room for %s of memory in %s: %s are free", text_size(bytes, want, sizeof(want)), where,
		       text_size(room, have, sizeof(have)));
}

int vm_memory_make(const struct pool *p, virDomainPtr d, const char *volume, char ret_path[VOLUME_PATH], struct err *e)
{
	uint64_t bytes = vm_memory_bytes(d);
	struct pool_usage u;
	char where[64];

	if (pool_measure(p, &u, e))
		return e->code;
	snprintf(where, sizeof(where), "pool %s", p->name);
	if (bytes > u.free_bytes)
		return no_room(e, bytes, u.free_bytes, where);
	return storage_create_volume(p, volume, bytes, ret_path, e);
}

static void saved_path(virDomainPtr d, char ret[300])
{
	snprintf(ret, 300, SAVED "/%s.save", virDomainGetName(d));
}

bool vm_is_saved(virDomainPtr d)
{
	char path[300];

	saved_path(d, path);
	return virDomainHasManagedSaveImage(d, 0) == 1 || access(path, F_OK) == 0;
}

const char *vm_state(virDomainPtr d, int state)
{
	if (virDomainIsActive(d) == 1)
		return virt_state(state);
	return virt_is_arriving(d) ? "arriving" : vm_is_saved(d) ? "saved" : virt_state(state);
}

static void saved_volume(virDomainPtr d, char ret[VOLUME_NAME])
{
	snprintf(ret, VOLUME_NAME, "vm-%s-0+" MEMORY_SAVED, virDomainGetName(d));
}

/* Wherever it is. */
static void drop_volume(virDomainPtr d)
{
	static struct volumes all;
	struct err ignored = { 0 };

	if (storage_list(virDomainGetName(d), &all, &ignored))
		return;
	for (unsigned i = 0; i < all.n; i++)
		if (!strcmp(all.v[i].snapshot, MEMORY_SAVED))
			storage_remove(all.v[i].pool, all.v[i].name, &ignored);
}

int vm_forget_saved(virDomainPtr d, struct err *e)
{
	struct stat st;
	char path[300];

	saved_path(d, path);
	if (lstat(path, &st) < 0)
		return 0;
	if (virDomainManagedSaveRemove(d, 0) < 0 && unlink(path) < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	if (S_ISLNK(st.st_mode))
		drop_volume(d);
	return 0;
}

/* In the first pool; without one as a file of the state partition. */
static int make_place(virDomainPtr d, const char *path, struct err *e)
{
	uint64_t bytes = vm_memory_bytes(d), room;
	char volume[VOLUME_NAME], to[VOLUME_PATH];
	struct err none = { 0 };
	struct statvfs fs;
	struct pool p;

	if (pool_open(NULL, &p, &none)) {
		room = statvfs(STATE, &fs) < 0 ? 0 : (uint64_t)fs.f_bavail * fs.f_frsize;
		return bytes > room ? no_room(e, bytes, room, "the state partition") : 0;
	}
	saved_volume(d, volume);
	if (vm_memory_make(&p, d, volume, to, e))
		return e->code;
	if (symlink(to, path) < 0) {
		err_set(e, -errno, "%s: %s", path, strerror(errno));
		drop_volume(d);
	}
	return e->code;
}

int vm_save(virDomainPtr d, struct err *e)
{
	const char *name = virDomainGetName(d);
	struct err ignored = { 0 };
	char path[300];
	int state = 0;

	if (!virDomainGetState(d, &state, NULL, 0) && state == VIR_DOMAIN_PAUSED)
		return err_set(e, COMMAND_REFUSED, "%s is paused; only what runs can be saved: dolmen vm resume %s", name, name);
	command_begin();
	/* What is there is of a time before: no machine that runs is saved. */
	saved_path(d, path);
	drop_volume(d);
	unlink(path);
	if (make_place(d, path, e))
		return e->code;
	if (virDomainManagedSave(d, 0) < 0) {
		virt_error(e, "%s cannot be saved", name);
		vm_forget_saved(d, &ignored);
	}
	return e->code;
}

/* A second name for what is at path. */
static int keep(const char *path, const char *kept, bool link_there, struct err *e)
{
	char to[VOLUME_PATH] = "";

	unlink(kept);
	if (link_there ? readlink(path, to, sizeof(to) - 1) < 0 || symlink(to, kept) < 0 : link(path, kept) < 0)
		return err_set(e, -errno, "%s: %s", kept, strerror(errno));
	return 0;
}

int vm_create_domain(virDomainPtr d, struct err *e)
{
	const char *name = virDomainGetName(d);
	char path[300], kept[310];
	struct stat st;

	saved_path(d, path);
	if (lstat(path, &st) < 0)
		return virDomainCreate(d) < 0 ? virt_error(e, "%s does not start", name) : 0;
	snprintf(kept, sizeof(kept), "%s.kept", path);
	if (keep(path, kept, S_ISLNK(st.st_mode), e))
		return e->code;
	if (virDomainCreate(d) < 0) {
		virt_error(e, "%s does not go on where it was saved", name);
		rename(kept, path);
		return err_suffix(e, "; it is saved still, `dolmen vm start %s --fresh` forgets that", name);
	}
	unlink(kept);
	if (S_ISLNK(st.st_mode))
		drop_volume(d);
	return 0;
}
