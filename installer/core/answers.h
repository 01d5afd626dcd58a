/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator wants: filled from an answer file here, by screens elsewhere. Values that can be
 * judged without the machine are checked when they are read. docs/ANSWERFILE.md is the reference; the
 * format is the `<installation>` XML of XenServer and XCP-ng, a subset of it.
 */
#ifndef DOLMEN_CORE_ANSWERS_H
#define DOLMEN_CORE_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"

/* the volume that is looked for when the kernel line names no answer file */
#define ANSWERS_LABEL "DOLMEN-CONF"
#define ANSWERS_MAX_BYTES (1u << 20)
#define ANSWERS_GUEST_DISKS 16
#define ANSWERS_SERVERS 8

struct secret {			/* never printed: plans and logs show `***` */
	char text[512];
};

struct answer_place {
	unsigned long line, col;
};

struct answer_disk {
	char name[256];
	struct answer_place at;
};

enum storage_type { STORAGE_LVM, STORAGE_EXT, STORAGE_TYPE_MAX };
enum password_type { PASSWORD_NONE, PASSWORD_PLAINTEXT, PASSWORD_HASH };

struct answers {
	struct answer_disk primary;
	bool guest_storage;			/* the rest of the primary disk is for guests */
	unsigned guest_disks;
	struct answer_disk guest_disk[ANSWERS_GUEST_DISKS];
	enum storage_type storage;

	struct answer_place admin_at;
	char nic_name[32], nic_mac[18];		/* one of them, or both */
	bool ipv4_static;
	char address[16], gateway[16];
	unsigned prefix;
	unsigned dns_n, ntp_n;
	char dns[ANSWERS_SERVERS][16];
	char ntp[ANSWERS_SERVERS][254];

	char hostname[254], timezone[64], keymap[64];
	enum password_type password_type;
	struct secret password;
};

extern const char *const storage_type_text[STORAGE_TYPE_MAX];

/*
 * Reads an answer file. has_zone: whether there is a time zone, or NULL to take any. Everything that is wrong goes
 * into ds with its line and column; returns 0, or -EINVAL when ds has errors.
 */
int answers_parse(struct answers *a, const char *xml, size_t len, bool (*has_zone)(const char *name),
		  struct diags *ds);

#endif
