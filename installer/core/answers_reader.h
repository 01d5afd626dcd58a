/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that read an answer file share. answers_read.c walks over the elements in the order of the file and
 * looks each up in its table; a function of answers_read_{disks,network,host}.c takes what it says. What can only be
 * judged at the end waits in struct reader.
 */
#ifndef DOLMEN_CORE_ANSWERS_READER_H
#define DOLMEN_CORE_ANSWERS_READER_H

#include <stdbool.h>

#include "answers.h"
#include "answers_xml.h"
#include "err.h"

/* Groups of answers that had an error of their own, so that what follows from it is not told too. */
enum broken {
	BROKEN_DISKS = 1, BROKEN_NICS = 2, BROKEN_ADDRESS = 4, BROKEN_GATEWAY = 8, BROKEN_ADDRESS6 = 16, BROKEN_GATEWAY6 = 32,
	BROKEN_NTP = 64, BROKEN_PASSWORD = 128,
};

struct reader {
	struct answers *a;
	struct diags *ds;
	const struct names *names;
	const struct xml_node *node;	/* the element that is read */
	unsigned broken;

	bool admin_seen, address_seen, mask_seen, gateway_seen, address6_seen, gateway6_seen;
	bool ntp_seen;
	bool guest_storage_denied;
	bool ssh_seen;
	struct answer_place ssh_at, address_at;

	struct answer_disk existing;	/* <existing-installation> */
	struct answer_disk existing_mirror;
	char raid[64];			/* <raid>: the array's name */
	struct answer_place raid_at;
	unsigned raid_disks;
	struct answer_disk raid_disk[2];
};

/* Findings at the element that is read. */
void read_error(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void read_warning(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* `<hostname>: ` and e's sentence */
void read_wrong(struct reader *r, const struct err *e);
void read_wrong_attr(struct reader *r, const char *attr, const struct err *e);

struct answer_place read_place(const struct reader *r);
/* The value of an attribute by its name of today, also when the file has the old name; NULL: absent or empty. */
const char *read_attr(const struct reader *r, const char *name);
/* yes or no of an attribute */
bool read_yes_no(struct reader *r, const char *name, bool absent);
/*
 * The place of text in the list, or -1 after an error that offers the nearest word; what is
 * `mode=` for an attribute, `<ssh-mode>` for a text.
 */
int read_pick(struct reader *r, const char *what, const char *text, const char *const *list, unsigned n);

typedef void read_element(struct reader *r, const char *text);
read_element read_primary_disk, read_existing, read_guest_disk, read_raid, read_raid_disk;
read_element read_admin_interface, read_bond, read_nic, read_address, read_mask, read_gateway, read_address6, read_gateway6;
read_element read_name_server, read_ntp, read_ntp_server;
read_element read_hostname, read_timezone, read_keymap, read_language, read_root_password, read_service, read_ssh_mode;
read_element read_dom0, read_ssh_key, read_script, read_post_install_script, read_install_failed_script, read_report, read_confirm;
read_element read_source, read_network_backend;
void read_root(struct reader *r);

/* After the last element. */
void read_disks_end(struct reader *r);
void read_network_end(struct reader *r);
void read_host_end(struct reader *r);

/* The table, for the test that compares it with its documentation: names one after the other, attributes of the i-th; NULL ends. */
const char *read_element_name(unsigned i);
const char *read_element_attr(unsigned i, unsigned k);

/* answers_check() for answers of which some groups are broken. */
void answers_check_rest(const struct answers *a, unsigned broken, struct diags *ds);

#endif
