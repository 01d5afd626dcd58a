/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "sys/file.h"
#include "virt.h"

#define MIB (UINT64_C(1024) * 1024)

static bool ends(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && !strcasecmp(name + n - m, suffix);
}

int import_locate(const struct import *i, const char *path, const char *name, char ret_path[IMAGE_PATH], uint64_t *ret_offset,
		  uint64_t *ret_bytes, struct err *e)
{
	const struct tar_member *m = tar_find(&i->tar, name);
	struct stat st;

	snprintf(ret_path, IMAGE_PATH, "%s", path);
	*ret_offset = m ? m->offset : 0;
	*ret_bytes = m ? m->bytes : 0;
	if (i->tar.n)
		return m ? 0 : err_set(e, COMMAND_REFUSED, "%s is not in it", name);
	snprintf(ret_path, IMAGE_PATH, "%.*s%s", (int)(strrchr(path, '/') + 1 - path), path, name);
	if (lstat(ret_path, &st) < 0)
		return err_set(e, COMMAND_REFUSED, "%s: %s", ret_path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, COMMAND_REFUSED, "%s: this is not a file", ret_path);
	*ret_bytes = (uint64_t)st.st_size;
	return 0;
}

int import_read(const struct import *i, const char *path, const char *name, char **ret, size_t *ret_n, struct err *e)
{
	char at_path[IMAGE_PATH];
	uint64_t at, bytes;
	int fd, rc;

	*ret = NULL;
	if (import_locate(i, path, name, at_path, &at, &bytes, e))
		return e->code;
	if (bytes > OVF_BYTES)
		return err_set(e, COMMAND_REFUSED, "%s is larger than any that is known", name);
	fd = open(at_path, O_RDONLY | O_CLOEXEC);
	*ret = calloc(1, (size_t)bytes + 1);
	if (fd < 0 || !*ret)
		rc = err_set(e, -errno, "%s", strerror(errno));
	else
		rc = file_pread_all(fd, *ret, (size_t)bytes, at, at_path, e);
	*ret_n = (size_t)bytes;
	if (fd >= 0)
		close(fd);
	return rc;
}

/* The first file of an archive that ends so; NULL. */
static const char *member_like(const struct import *i, const char *suffix)
{
	for (unsigned n = 0; n < i->tar.n; n++)
		if (ends(i->tar.member[n].name, suffix))
			return i->tar.member[n].name;
	return NULL;
}

static int look_archive(struct import *ret, int fd, const char *path, struct err *e)
{
	if (tar_open(&ret->tar, fd, path, e))
		return e->code;
	if (tar_find(&ret->tar, "ova.xml"))
		return err_set(e, COMMAND_REFUSED, "this is an XVA of XenServer or XCP-ng; export it there as OVA or OVF");
	return member_like(ret, ".ovf") ? 0 : err_set(e, COMMAND_REFUSED, "this is an archive, but no OVA: there is no .ovf file in it");
}

int import_look(struct import *ret, const char *path, struct err *e)
{
	int rc = 0, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *name = strrchr(path, '/') + 1;
	char *xml = NULL;
	size_t n;

	*ret = (struct import){ 0 };
	if (fd < 0)
		return err_set(e, COMMAND_REFUSED, "%.200s: %s", path, strerror(errno));
	if (tar_is_one(fd)) {
		rc = look_archive(ret, fd, path, e);
		name = member_like(ret, ".ovf");
	}
	close(fd);
	ret->described = ret->tar.n || ends(path, ".ovf");
	if (!rc && ret->described)
		rc = import_read(ret, path, name, &xml, &n, e) || (ovf_parse(&ret->ovf, xml, n, e) && err_prefix(e, "%s: ", name)) ? e->code : 0;
	free(xml);
	return rc ? err_prefix(e, "%.200s: ", path) : 0;
}

/* Its kernel is named, not taken: a description from elsewhere says nothing about which of this host's files a guest may read. */
static int fill_kernel(struct vm_spec *s, const struct ovf *o, const struct call *c, struct err *e)
{
	if (!*s->kernel && *o->kernel)
		return err_set(e, COMMAND_REFUSED, "it boots a kernel of its host (%.120s%s%.120s); give it one: --kernel, --initrd", o->kernel,
			       *o->initrd ? " with " : "", o->initrd);
	if (*s->kernel && !call_option(c, "cmdline"))
		text_copy(s->cmdline, sizeof(s->cmdline), o->cmdline);
	if (*s->kernel && !call_option(c, "type") && !strcmp(o->type, vm_type_text[VM_PV]))
		s->type = VM_PV;
	if (s->type == VM_HVM && !*s->kernel)
		s->uefi = s->uefi || o->uefi;
	return 0;
}

static int fill_memory(struct vm_spec *s, const struct ovf *o, const struct call *c, struct err *e)
{
	if (!call_option(c, "memory") && o->memory_bytes)
		s->memory_bytes = o->memory_bytes;
	if (!call_option(c, "memory-max") && s->memory_max_bytes < s->memory_bytes)
		s->memory_max_bytes = s->memory_bytes;
	if (!call_option(c, "memory-max") && !call_option(c, "memory"))
		s->memory_max_bytes = s->memory_bytes;
	if (!call_option(c, "vcpus") && o->vcpus) {
		s->vcpus = o->vcpus;
		if (!call_option(c, "vcpus-max"))
			s->vcpus_max = s->vcpus;
	}
	if (s->memory_max_bytes < s->memory_bytes || s->vcpus_max < s->vcpus)
		return err_set(e, COMMAND_REFUSED, "it has more memory or processors than --memory-max or --vcpus-max");
	return spec_memory(s->memory_bytes, e);
}

/* Its networks are those bridges of this host that are called so, else the first one. */
static void fill_nets(struct vm_spec *s, const struct ovf *o)
{
	for (unsigned i = s->nets ? o->nets : 0; i < o->nets; i++) {
		const char *network = o->net[i].network, *bridge = virt_has_bridge(network) ? network : "xenbr0";

		if (strcmp(bridge, network) != 0)
			fprintf(stderr, "its network `%s` is %s here; --net takes another one\n", network, bridge);
		text_copy(s->net[s->nets++].bridge, sizeof(s->net[0].bridge), bridge);
	}
}

static int open_images(struct import *i, const char *path, struct err *e)
{
	i->images = i->described ? i->ovf.disks : 1;
	for (unsigned n = 0; n < i->images && i->described; n++) {
		const struct ovf_disk *d = &i->ovf.disk[n];
		char at_path[IMAGE_PATH];
		uint64_t at, bytes;

		i->image[n].disk_bytes = d->bytes;
		if (!*d->file)
			continue;
		if (import_locate(i, path, d->file, at_path, &at, &bytes, e))
			return e->code;
		if (d->file_bytes && d->file_bytes != bytes)
			return err_set(e, COMMAND_REFUSED, "its file %s has another length than is said: it is cut off", d->file);
		if (!bytes)
			return err_set(e, COMMAND_REFUSED, "its file %s is empty", d->file);
		if (image_open(&i->image[n], at_path, at, bytes, e))
			return err_prefix(e, "%s: ", d->file);
	}
	return i->described ? 0 : image_open(&i->image[0], path, 0, 0, e);
}

static int fill_disks(struct vm_spec *s, const struct import *i, const struct call *c, struct err *e)
{
	char size[32];

	if (s->disks < i->images)
		s->disks = i->images;
	for (unsigned n = 0; n < i->images; n++) {
		uint64_t least = i->image[n].disk_bytes, *bytes = &s->disk[n].bytes;

		if (!*bytes)
			*bytes = (least + MIB - 1) / MIB * MIB;
		if (!*bytes)
			return err_set(e, COMMAND_REFUSED, "its disk %u is empty, and how large it is is not said; give --disk SIZE", n + 1);
		if (*bytes < least)
			return err_set(e, COMMAND_REFUSED, "the %s of its disk do not fit into --disk", text_size(least, size, sizeof(size)));
	}
	/* The option for the disk of an image made one. */
	if (i->described && !i->images && !call_option(c, "disk"))
		s->disks = 0;
	return s->disks || *s->kernel || *s->cdrom ? 0 : err_set(e, COMMAND_REFUSED, "it has no disk to boot from");
}

static int verify(const struct import *i, const char *path, struct err *e)
{
	char beside[IMAGE_PATH], *text = NULL;
	const char *name = member_like(i, ".mf");
	size_t n;
	int rc;

	if (!i->described)
		return 0;
	if (!i->tar.n) {
		snprintf(beside, sizeof(beside), "%.*s.mf", (int)strlen(path) - 4, path);
		name = access(beside, R_OK) < 0 ? NULL : strrchr(beside, '/') + 1;
	}
	rc = name && (import_read(i, path, name, &text, &n, e) || import_verify(text, i, path, e)) ? e->code : 0;
	free(text);
	return rc;
}

int import_open(struct import *ret, struct vm_spec *s, const struct call *c, struct err *e)
{
	*ret = (struct import){ 0 };
	if (!*s->import)
		return 0;
	if (import_look(ret, s->import, e))
		return e->code;
	if (ret->described && (fill_kernel(s, &ret->ovf, c, e) || fill_memory(s, &ret->ovf, c, e)))
		return err_prefix(e, "%.200s: ", s->import);
	if (ret->described)
		fill_nets(s, &ret->ovf);
	return open_images(ret, s->import, e) || fill_disks(s, ret, c, e) || verify(ret, s->import, e) ? err_prefix(e, "%.200s: ", s->import) : 0;
}

int import_room(const struct import *i, const struct pool *p, struct err *e)
{
	char want[32], have[32];
	struct pool_usage u;
	uint64_t bytes = 0;

	for (unsigned n = 0; n < i->images; n++)
		bytes += i->image[n].data_bytes;
	if (!bytes || p->kind != POOL_THIN)
		return 0;
	if (pool_measure(p, &u, e))
		return e->code;
	return bytes <= u.free_bytes ? 0 : err_set(e, COMMAND_REFUSED, "there is no room for %s of data: %s are free in pool %s",
						   text_size(bytes, want, sizeof(want)), text_size(u.free_bytes, have, sizeof(have)), p->name);
}

int import_fill(const struct import *i, const struct vm_spec *s, struct err *e)
{
	int rc = 0;

	for (unsigned n = 0; n < i->images && !rc; n++) {
		char what[32];

		snprintf(what, sizeof(what), i->images > 1 ? "disk %u of %u" : "disk", n + 1, i->images);
		if (i->image[n].bytes)
			rc = image_copy(&i->image[n], s->disk[n].path, what, e);
	}
	return rc;
}
