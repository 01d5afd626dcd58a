/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the XML reader (answers_read.c) and the table of elements (answers_elements.c): what an element may carry, and
 * what is known while a file is read. As in XenServer an element is found anywhere below the root; wrappers do not matter.
 */
#ifndef DOLMEN_CORE_ANSWERS_READ_H
#define DOLMEN_CORE_ANSWERS_READ_H

#include "answers.h"
#include "err.h"

#define READ_ATTRS 12
#define READ_DEPTH 16		/* levels below which nothing is looked at */
#define READ_ELEMENTS 80
#define READ_RAID_DISKS 8

struct reader;

struct element {
	const char *name;
	const char *inside;		/* only below this element; NULL: anywhere */
	const char *attrs[READ_ATTRS];	/* an old name is followed by the new one: "-srtype" */
	const char *same;		/* another name of this element: both together may stand once */
	bool repeat, text;
	void (*start)(struct reader *r);	/* attributes are there */
	void (*end)(struct reader *r, char *text);
	const char *old;		/* the new name of an element that is deprecated */
	const char *ignored, *refused;	/* not for us, with this reason: a warning, an error */
};

struct read_level {
	const struct element *el;	/* NULL: unknown, or the text of it is of no use */
	struct answer_place at;
	bool too_long;
	char text[2048];
	char value[READ_ATTRS][1100];	/* of attributes, by their place in attrs; "" is absent */
};

struct reader {
	void *xp;			/* XML_Parser */
	struct answers *a;
	struct diags *ds;
	const struct names *names;
	unsigned depth;			/* of the file; levels below READ_DEPTH are not kept */
	struct read_level level[READ_DEPTH];
	struct answer_place seen[READ_ELEMENTS];

	/* what waits for the end of an element or of the file */
	bool upgrade_root, has_proto, has_ntp, has_service, guest_storage_said;
	char raid_device[64];
	struct answer_place raid_at;
	unsigned raid_disks;
	char raid_disk[READ_RAID_DISKS][256];
};

extern const struct element *const read_roots;		/* installation, upgrade, restore; name NULL ends them */
extern const struct element *const read_elements;	/* all others; likewise */

/* After the last element, if there was a root at all. */
void read_finish(struct reader *r);

/* For the functions of the table: the element that is open. */
void read_wrong(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void read_warn(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *read_attr(const struct reader *r, const char *name);	/* NULL: absent or empty */
struct answer_place read_place(const struct reader *r);
const char *read_name(const struct reader *r);
bool read_seen(const struct reader *r, const char *name, struct answer_place *ret_at);

#endif
