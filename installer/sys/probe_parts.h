/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the probe share: reading below the root, which is a recorded machine's folder or empty. */
#ifndef DOLMEN_SYS_PROBE_PARTS_H
#define DOLMEN_SYS_PROBE_PARTS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/machine.h"
#include "log.h"

struct probe {
	struct machine *m;
	const char *root;
	struct log *l;
};

/* First line of a file; false when it cannot be read. */
bool probe_read(const struct probe *p, char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Names of a folder in order, so that what follows is the same every time. -1 when there is none. */
int probe_list(const struct probe *p, const char *dir, struct dirent ***ret_list);
void probe_list_free(struct dirent **list, int n);
/* Where in /sys/devices a class's entry is; empty when it is not there. */
void probe_place(const struct probe *p, const char *class_path, char *buf, size_t size);
/* What a maker wrote may hold anything: `?` stands for what cannot be printed. */
void probe_printable(char *s);

void probe_volumes(const struct probe *p);
void probe_nics(const struct probe *p);
void probe_iscsi(const struct probe *p);
void probe_entries(const struct probe *p);

#endif
