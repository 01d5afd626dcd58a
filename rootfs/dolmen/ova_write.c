/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ova_write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "ova_manifest.h"
#include "sys/file.h"
#include "tar.h"

#define STEP (1024 * 1024)
#define HASH "SHA256"

struct writing {
	int fd;
	char partial[IMAGE_PATH + 32], disk[IMAGE_PATH + 32];
	uint64_t at;
	char manifest[16384];
};

static int put(struct writing *w, const void *data, size_t n, struct err *e)
{
	int rc = file_pwrite_all(w->fd, data, n, w->at, w->partial, e);

	w->at += n;
	return rc;
}

static int put_header(struct writing *w, const char *name, uint64_t bytes, struct err *e)
{
	uint8_t block[TAR_BLOCK];

	if (!tar_header_write(block, name, bytes, (long long)time(NULL)))
		return err_set(e, -ENAMETOOLONG, "%s: the name is too long for an archive", name);
	return put(w, block, sizeof(block), e);
}

static int fill_block(struct writing *w, struct err *e)
{
	static const uint8_t zeros[TAR_BLOCK];

	return put(w, zeros, (size_t)((TAR_BLOCK - w->at % TAR_BLOCK) % TAR_BLOCK), e);
}

static int put_text(struct writing *w, const char *name, const char *text, struct err *e)
{
	return put_header(w, name, strlen(text), e) || put(w, text, strlen(text), e) || fill_block(w, e) ? e->code : 0;
}

static int note_hash(struct writing *w, const char *name, int fd, uint64_t at, uint64_t bytes, struct err *e)
{
	char hex[MANIFEST_HEX];
	size_t n = strlen(w->manifest);
	int rc = manifest_hash(HASH, fd, at, bytes, name, hex, e);

	snprintf(w->manifest + n, sizeof(w->manifest) - n, HASH "(%s)= %s\n", name, hex);
	return rc;
}

static int copy(struct writing *w, int from, uint64_t bytes, struct err *e)
{
	char *block = malloc(STEP);
	int rc = block ? 0 : err_set(e, -ENOMEM, "out of memory");

	for (uint64_t done = 0; done < bytes && !rc; done += STEP) {
		size_t n = bytes - done < STEP ? (size_t)(bytes - done) : STEP;

		image_progress("packing", (double)done * 100 / (double)bytes);
		rc = command_stopped ? err_set(e, -EINTR, "%s: given up", w->partial) :
		     file_pread_all(from, block, n, done, w->disk, e) || put(w, block, n, e) ? e->code : 0;
	}
	image_progress("packing", 101);
	free(block);
	return rc;
}

static int put_disk(struct writing *w, const struct image *i, struct ovf_disk *d, const char *what, struct err *e)
{
	int fd, rc;

	if (image_to_vmdk(i, w->disk, what, e))
		return e->code;
	fd = open(w->disk, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s: %s", w->disk, strerror(errno));
	d->bytes = i->disk_bytes;
	d->file_bytes = (uint64_t)lseek(fd, 0, SEEK_END);
	rc = note_hash(w, d->file, fd, 0, d->file_bytes, e) || put_header(w, d->file, d->file_bytes, e) || copy(w, fd, d->file_bytes, e) ||
	     fill_block(w, e) ? e->code : 0;
	close(fd);
	unlink(w->disk);
	return rc;
}

/* As long as room: XML may have empty lines at its end. 0: as long as it is. Caller frees. */
static char *description(const struct ovf *o, size_t room)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return NULL;
	ovf_write(o, f);
	for (fflush(f); n < room; fflush(f))
		fputc('\n', f);
	return fclose(f) ? NULL : text;
}

static int put_all(struct writing *w, struct ovf *o, const struct image disk[], struct err *e)
{
	static const uint8_t end[2 * TAR_BLOCK];
	char name[TAR_NAME], what[32], *longest, *text = NULL;
	int rc;

	/* No length has more digits. */
	for (unsigned i = 0; i < o->disks; i++) {
		snprintf(o->disk[i].file, sizeof(o->disk[i].file), "%s-disk%u.vmdk", o->name, i);
		o->disk[i].bytes = disk[i].disk_bytes;
		o->disk[i].file_bytes = UINT64_MAX;
	}
	snprintf(name, sizeof(name), "%s.ovf", o->name);
	longest = description(o, 0);
	rc = !longest ? err_set(e, -ENOMEM, "out of memory") : put_text(w, name, longest, e);
	for (unsigned i = 0; i < o->disks && !rc; i++) {
		snprintf(what, sizeof(what), "disk %u of %u", i + 1, o->disks);
		rc = put_disk(w, &disk[i], &o->disk[i], what, e);
	}
	if (!rc)
		text = description(o, strlen(longest));
	if (!rc && (!text || file_pwrite_all(w->fd, text, strlen(text), TAR_BLOCK, w->partial, e)))
		rc = text ? e->code : err_set(e, -ENOMEM, "out of memory");
	if (!rc)
		rc = note_hash(w, name, w->fd, TAR_BLOCK, strlen(text), e);
	snprintf(name, sizeof(name), "%s.mf", o->name);
	if (!rc)
		rc = put_text(w, name, w->manifest, e) || put(w, end, sizeof(end), e) ? e->code : 0;
	free(longest);
	free(text);
	return rc;
}

int ova_write(const char *path, struct ovf *o, const struct image disk[], struct err *e)
{
	static struct writing w;
	int rc;

	w = (struct writing){ 0 };
	snprintf(w.partial, sizeof(w.partial), "%s.partial", path);
	snprintf(w.disk, sizeof(w.disk), "%s.disk.partial", path);
	w.fd = open(w.partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (w.fd < 0)
		return err_set(e, errno == EEXIST ? COMMAND_REFUSED : -errno, errno == EEXIST ?
			       "%s: another export writes it; if none does, remove it" : "%s: %s", w.partial, strerror(errno));
	rc = put_all(&w, o, disk, e);
	if (!rc && (fsync(w.fd) < 0 || rename(w.partial, path) < 0))
		rc = err_set(e, -errno, "%s: %s", w.partial, strerror(errno));
	close(w.fd);
	if (rc) {
		unlink(w.partial);
		unlink(w.disk);
	}
	return rc;
}
