/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screens of the installer: each is one function that asks one thing and puts it into the session's answers.
 * They stand in the order of the table in flow.c. What was typed stays in the session, so that Back loses nothing.
 */
#ifndef DOLMEN_UI_SCREENS_H
#define DOLMEN_UI_SCREENS_H

#include <stdbool.h>
#include <stdio.h>

#include "core/answers.h"
#include "core/machine.h"
#include "core/names.h"
#include "core/plan.h"
#include "front.h"
#include "services.h"

/* Why the screens ended. */
enum leave { LEAVE_INSTALL, LEAVE_REBOOT, LEAVE_POWEROFF, LEAVE_GONE };

#define SESSION_SERVERS 3		/* that a form asks for */

struct session {
	struct front *front;
	struct machine *machine;	/* link states are looked at again while the screens run */
	const char *machine_root;	/* "": this machine */
	const struct names *names;	/* NULL: any name is taken */
	const struct services *services;
	const void *services_own;	/* what make_plan needs */
	struct log *log;

	struct answers a;
	enum leave leave;		/* set by a screen that answers FRONT_QUIT on purpose */
	/* typed, not yet an answer */
	char password[2][128];
	char vlan[8], netmask[16], address6[60];
	char ntp[SESSION_SERVERS][254];
	char ssh_source[1024], ssh_typed[1024];
	unsigned ssh_keys_before;	/* those in a.ssh_key when SSH was switched off */
	char region[64];
	bool one_port_seen;

	struct plan *plan;		/* of a, made by the summary */
};

typedef enum front_answer screen_run(struct session *s);
screen_run screen_language, screen_keymap, screen_hardware, screen_task;
screen_run screen_disk, screen_mirror, screen_storage_disks, screen_storage;
screen_run screen_bond, screen_nic, screen_members, screen_vlan, screen_ipv4, screen_address, screen_ipv6, screen_address6;
screen_run screen_name, screen_ntp, screen_ntp_servers, screen_region, screen_city, screen_password, screen_ssh;
screen_run screen_summary, screen_save, screen_confirm;

/* The two screens of an answer file that wants somebody to agree to its plan; *ret_yes counts with FRONT_NEXT. */
enum front_answer screen_agree(struct front *f, const struct plan *plan, const struct answers *a, const struct machine *m, bool *ret_yes);

/* ---- what several screens need ---- */

/* Whether the disk can hold a host of `least` bytes; else why not, translated. */
bool disk_usable(const struct machine *m, unsigned disk, uint64_t least, char *why, size_t size);
/* The name of a disk that holds on the next boot, too: serial number, WWN, or the path. */
void disk_stable_name(const struct machine *m, unsigned disk, char ret[256]);
/* The index of a disk that answers name, or -1. */
int disk_index(const struct machine *m, const char *name);
/* Whether the disk holds an installed Dolmen. */
bool disk_has_dolmen(const struct machine *m, unsigned disk);
/* The disk that mirrors the Dolmen on this one, or -1. */
int disk_other_half(const struct machine *m, unsigned disk);
/* `sda  447.1 GiB  ata  MODEL  SERIAL` and everything about it. Both cut to size. */
void disk_row(const struct machine *m, unsigned disk, const char *why_not, char *buf, size_t size);
void disk_details(const struct machine *m, unsigned disk, char *buf, size_t size);

/* Asks for one public key, as it is typed. */
enum front_answer screen_ssh_key(struct session *s, char key[1024]);
/* Processor, memory, disks, ports, a paragraph each. */
void hardware_write(const struct machine *m, FILE *out);

/* Shows what `write` writes, with the button `next` (front.h's view). p->text is the caller's no more afterwards. */
enum front_answer screen_view(struct front *f, struct front_page *p, const char *next, void (*write)(const void *what, FILE *out),
			      const void *what);
/* A reason between texts (or ""); in English, as the log has it, once more at the end where the screens are not. */
void screen_reason(char *buf, size_t size, const char *before, const struct err *why, const char *after);
/* A text with one button, and nothing to go back to. */
enum front_answer screen_say(struct session *s, const char *title, const char *text);
/*
 * One of the volumes that files can be brought on, as they are now; none: what is said then. *ret_volume stays the session's
 * machine's; NULL when none was chosen, whatever the answer.
 */
enum front_answer screen_carrier(struct session *s, const struct front_page *p, const char *none, const struct volume **ret_volume);
/* Runs a shell in place of the screens until it ends. */
void screen_shell(struct session *s);

#endif
