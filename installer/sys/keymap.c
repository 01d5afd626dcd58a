/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Format, as `loadkeys -b` writes it: "bkeymap", a byte for each of 256 tables that says whether it is there, and for
 * each that is 128 entries of 16 bits. The ioctl wants a descriptor of a console: this process may run in a pseudo
 * terminal.
 */
#include "keymap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <linux/keyboard.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "file.h"

#define DIR "/usr/share/keymaps"
#define MAGIC "bkeymap"
#define TABLES 256
#define KEYS 128

static int tables_set(int fd, const unsigned char *data, size_t n)
{
	const unsigned char *flags = data + 7, *p = flags + TABLES;

	for (unsigned t = 0; t < TABLES && t < MAX_NR_KEYMAPS; t++) {
		if (!flags[t])
			continue;
		if ((size_t)(p - data) + KEYS * 2 > n)
			return -EINVAL;
		for (unsigned k = 0; k < KEYS && k < NR_KEYS; k++) {
			struct kbentry e = { .kb_table = (unsigned char)t, .kb_index = (unsigned char)k };

			memcpy(&e.kb_value, p + k * 2, 2);
			if (ioctl(fd, KDSKBENT, &e) < 0 && errno != EINVAL)
				return -errno;
		}
		p += KEYS * 2;
	}
	return 0;
}

void keymap_load(const char *name, struct log *l)
{
	char path[160], *data = NULL;
	int fd = -1, rc;
	struct err e;
	size_t n;

	snprintf(path, sizeof(path), DIR "/%.100s.bmap", name);
	rc = file_read(path, 1u << 20, &data, &n, &e);
	if (!rc && (n < 7 + TABLES || memcmp(data, MAGIC, 7) != 0))
		rc = -EINVAL;
	if (!rc) {
		fd = open("/dev/tty0", O_RDWR | O_NOCTTY | O_CLOEXEC);
		rc = fd < 0 ? -errno : tables_set(fd, (const unsigned char *)data, n);
	}
	if (fd >= 0)
		close(fd);
	free(data);
	if (rc)
		log_info(l, "keymap", "%s: not loaded: %s", path, strerror(-rc));
	else
		log_info(l, "keymap", "%s: loaded", path);
}
