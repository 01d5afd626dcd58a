/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "sys/file.h"
#include "sys/run.h"

#define W (char *)	/* run_command() takes what it does not change */
#define QEMU_PATH (2 * IMAGE_PATH)
#define QEMU_WORDS (QEMU_PATH + 256)

static struct log quiet = { .fd = -1 };

/* DOLMEN_ROOT is prefixed, for tests. */
static char *qemu_img(void)
{
	static char path[512] = "qemu-img";
	const char *root = getenv("DOLMEN_ROOT");

	if (root)
		snprintf(path, sizeof(path), "%s/usr/bin/qemu-img", root);
	return path;
}

/* A comma ends a value unless there are two. */
static void double_commas(const char *path, char ret[QEMU_PATH])
{
	for (; *path; path++) {
		if (*path == ',')
			*ret++ = ',';
		*ret++ = *path;
	}
	*ret = 0;
}

/* Driver by driver, so that qemu-img guesses nothing. */
static void qemu_words(const struct image *i, char ret[QEMU_WORDS])
{
	const char *format = image_format_text[i->format], *file;
	char path[QEMU_PATH];
	struct stat st;

	double_commas(i->path, path);
	file = !stat(i->path, &st) && S_ISBLK(st.st_mode) ? "host_device" : "file";
	/* The footer's size, not that of cylinders, heads and sectors, which some writers round down. */
	if (i->format == IMAGE_VHD)
		format = "vpc,force_size_calc=current_size";
	if (!i->offset)
		snprintf(ret, QEMU_WORDS, "driver=%s,file.driver=%s,file.filename=%s", format, file, path);
	else	/* in an archive, which fills the last sector up */
		snprintf(ret, QEMU_WORDS, "driver=%s,file.driver=raw,file.offset=%" PRIu64 ",file.size=%" PRIu64 ",file.file.driver=%s,file.file.filename=%s",
			 format, i->offset, (i->bytes + 511) / 512 * 512, file, path);
}

void image_progress(const char *what, double percent)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (percent > 100)
		fprintf(stderr, "\r%*s\r", (int)strlen(what) + 7, "");
	else
		fprintf(stderr, "\r%s: %3u %%", what, (unsigned)percent);
}

static void take_progress(void *user, const char *line)
{
	double percent;

	if (sscanf(line, "(%lf/100%%)", &percent) == 1)
		image_progress(user, percent);
}

static void take_sizes(void *user, const char *line)
{
	struct image *i = user;

	if (sscanf(line, "required size: %" SCNu64, &i->data_bytes) == 1)
		return;
	sscanf(line, "fully allocated size: %" SCNu64, &i->disk_bytes);
}

static int damaged(const struct image *i, const char *by, struct err *e)
{
	return err_set(e, COMMAND_REFUSED, "this %s image is damaged or cut off (qemu-img %s)", image_format_text[i->format], by);
}

static int measure(struct image *i, struct err *e)
{
	char source[QEMU_WORDS];
	int exit_code;

	qemu_words(i, source);
	if (run_command_long(&quiet, (char *const[]){ qemu_img(), W"measure", W"-O", W"raw", W"--image-opts", source, NULL }, take_sizes, i,
			     &command_stopped, &exit_code, e))
		return exit_code > 0 ? damaged(i, "measure", e) : e->code;
	if (!i->disk_bytes || i->disk_bytes > INT64_MAX / 2)
		return err_set(e, COMMAND_REFUSED, "this is not the image of a disk");
	return 0;
}

/* What qemu-img's check can find out: above all, that the end is missing. Clusters that nothing names any more (3) are harmless. */
static int check(const struct image *i, struct err *e)
{
	enum { LEAKED = 3, NOT_KNOWN = 63 };
	char source[QEMU_WORDS];
	int exit_code, rc;

	if (i->format != IMAGE_QCOW2 && i->format != IMAGE_VMDK)
		return 0;
	qemu_words(i, source);
	rc = run_command_long(&quiet, (char *const[]){ qemu_img(), W"check", W"--image-opts", source, NULL }, NULL, NULL, &command_stopped,
			      &exit_code, e);
	if (!rc || exit_code == LEAKED || exit_code == NOT_KNOWN) {
		*e = (struct err){ 0 };
		return 0;
	}
	return exit_code >= 0 ? damaged(i, "check", e) : rc;
}

static int look(struct image *i, int fd, struct err *e)
{
	static uint8_t head[IMAGE_HEAD], tail[IMAGE_TAIL];
	size_t head_n = i->bytes < sizeof(head) ? (size_t)i->bytes : sizeof(head);
	size_t tail_n = i->bytes < sizeof(tail) ? (size_t)i->bytes : sizeof(tail);

	return file_pread_all(fd, head, head_n, i->offset, i->path, e) ||
	       file_pread_all(fd, tail, tail_n, i->offset + i->bytes - tail_n, i->path, e) ||
	       image_look(head, head_n, tail, tail_n, i->bytes, &i->format, e) ? e->code : 0;
}

static int file_open(struct image *ret, const char *path, uint64_t offset, uint64_t bytes, struct err *e)
{
	int fd;

	*ret = (struct image){ .offset = offset, .bytes = bytes };
	if (!text_copy(ret->path, sizeof(ret->path), path))
		return err_set(e, COMMAND_REFUSED, "the path is too long");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s", strerror(errno));
	if (!bytes)
		ret->bytes = (uint64_t)lseek(fd, 0, SEEK_END) - offset;
	return fd;
}

int image_open(struct image *ret, const char *path, uint64_t offset, uint64_t bytes, struct err *e)
{
	int rc, fd = file_open(ret, path, offset, bytes, e);

	if (fd < 0)
		return fd;
	rc = look(ret, fd, e) || check(ret, e) || measure(ret, e) ? e->code : 0;
	close(fd);
	return rc;
}

int image_of_disk(struct image *ret, const char *path, struct err *e)
{
	int fd = file_open(ret, path, 0, 0, e);

	if (fd < 0)
		return err_prefix(e, "%s: ", path);
	close(fd);
	ret->disk_bytes = ret->data_bytes = ret->bytes;
	return 0;
}

static int convert(char *const argv[], const char *what, struct err *e)
{
	int exit_code;

	run_command_long(&quiet, argv, take_progress, W what, &command_stopped, &exit_code, e);
	image_progress(what, 101);
	return e->code ? err_prefix(e, "%s: ", what) : 0;
}

int image_copy(const struct image *i, const char *to, const char *what, struct err *e)
{
	char source[QEMU_WORDS];

	qemu_words(i, source);
	return convert((char *const[]){ qemu_img(), W"convert", W"-p", W"-n", W"--target-is-zero", W"-t", W"writeback", W"--image-opts", source,
		       W"-O", W"raw", W to, NULL }, what, e);
}

int image_to_vmdk(const struct image *i, const char *to, const char *what, struct err *e)
{
	char source[QEMU_WORDS];

	qemu_words(i, source);
	return convert((char *const[]){ qemu_img(), W"convert", W"-p", W"-t", W"writeback", W"--image-opts", source, W"-O", W"vmdk", W"-o",
		       W"subformat=streamOptimized", W to, NULL }, what, e);
}
