/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dolmen-unify: puts Xen, its configuration, dom0's kernel and RAM disk into one PE file. See core/unified.h. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/err.h"
#include "core/unified.h"

enum { EXIT_USAGE = 2 };

static const char usage[] = "usage: dolmen-unify [--sbat FILE] XEN.EFI CONFIG KERNEL RAMDISK OUT\n"
			    "Writes OUT, one EFI program made of the four others.\n"
			    "  --sbat FILE  revocation data for shim instead of the built-in one\n"
			    "  --help       this text\n"
			    "Exit codes: 0 written, 1 failed (OUT is untouched), 2 wrong usage.\n";

/* The mapping lives as long as the program. An empty file is a part of 0 bytes. */
static int part_map(const char *path, struct unified_part *ret_part, struct err *err)
{
	struct stat st;
	void *data;
	int rc = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		rc = err_set(err, -errno, "cannot read %s: %s", path, strerror(errno));
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		rc = err_set(err, -EINVAL, "cannot read %s: not a file", path);
		goto out;
	}
	ret_part->bytes = (size_t)st.st_size;
	if (st.st_size == 0)
		goto out;
	data = mmap(NULL, ret_part->bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		rc = err_set(err, -errno, "cannot map %s: %s", path, strerror(errno));
		goto out;
	}
	ret_part->data = data;
out:
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Written beside @path and renamed, so that @path is either whole or as it was. */
static int image_write(const struct unified_parts *parts, const char *path, struct err *err)
{
	char *partial = NULL;
	FILE *out = NULL;
	struct stat st;
	int rc;

	/* A rename would put a file in the place of a device or a link. */
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "cannot write %s: it exists and is not a file", path);
	if (asprintf(&partial, "%s.partial", path) < 0) {
		partial = NULL;
		return err_set(err, -ENOMEM, "out of memory");
	}
	out = fopen(partial, "we");
	if (!out) {
		rc = err_set(err, -errno, "cannot create %s: %s", partial, strerror(errno));
		goto out;
	}
	rc = unified_write(parts, out, err);
	if (fclose(out) != 0 && rc == 0)
		rc = err_set(err, -errno, "cannot write %s: %s", partial, strerror(errno));
	if (rc == 0 && rename(partial, path) < 0)
		rc = err_set(err, -errno, "cannot rename %s to %s: %s", partial, path, strerror(errno));
	if (rc < 0)
		unlink(partial);
out:
	free(partial);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "sbat", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct unified_parts parts = { .sbat = { unified_sbat_default, strlen(unified_sbat_default) } };
	struct unified_part *operands[] = { &parts.xen, &parts.config, &parts.kernel, &parts.ramdisk };
	const char *sbat = NULL;
	struct err err = { 0 };
	int c, rc = 0;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
		if (c != 's') {
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
		sbat = optarg;
	}
	if (argc - optind != 5) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	for (int i = 0; rc == 0 && i < 4; i++)
		rc = part_map(argv[optind + i], operands[i], &err);
	if (rc == 0 && sbat)
		rc = part_map(sbat, &parts.sbat, &err);
	if (rc == 0)
		rc = image_write(&parts, argv[optind + 4], &err);
	if (rc < 0)
		fprintf(stderr, "dolmen-unify: error: %s\n", err.msg);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
