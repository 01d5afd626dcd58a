/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator wants: filled from an answer file here, by the screens in ui/. Values that can be
 * judged without the machine are checked when they are read (values.h). docs/ANSWERFILE.md is the reference;
 * the format is the `<installation>` XML of XenServer and XCP-ng with elements of our own.
 */
#ifndef DOLMEN_CORE_ANSWERS_H
#define DOLMEN_CORE_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "diag.h"
#include "names.h"

/* the volume that is looked for when the kernel line names no answer file */
#define ANSWERS_LABEL "DOLMEN-CONF"
#define ANSWERS_MAX_BYTES (1u << 20)
#define ANSWERS_GUEST_DISKS 16
#define ANSWERS_SERVERS 8
#define ANSWERS_BOND_NICS 8
#define ANSWERS_SSH_KEYS 8
#define ANSWERS_SCRIPTS 16

struct secret {			/* never printed: plans and logs show `***` */
	char text[512];
};

struct answer_place {
	unsigned long line, col;	/* 0: not from a file */
};

struct answer_disk {
	char name[256];			/* see machine_find_disk() */
	struct answer_place at;
};

struct answer_nic {
	char name[32], mac[18];		/* one of them, or both */
	struct answer_place at;
};

/* fresh: everything is lost. reinstall keeps the guests' storage. upgrade keeps it and the state partition. */
enum install_mode { MODE_FRESH, MODE_REINSTALL, MODE_UPGRADE, MODE_MAX };
enum storage_type { STORAGE_LVM, STORAGE_THIN, STORAGE_EXT, STORAGE_TYPE_MAX };
enum preserve_first { PRESERVE_IF_UTILITY, PRESERVE_ALWAYS, PRESERVE_NEVER, PRESERVE_MAX };
enum bond_mode { BOND_NONE, BOND_ACTIVE_BACKUP, BOND_LACP, BOND_BALANCE_SLB, BOND_MAX };
enum ipv4_mode { IPV4_DHCP, IPV4_STATIC, IPV4_NONE, IPV4_MAX };
enum ipv6_mode { IPV6_NONE, IPV6_AUTO, IPV6_DHCP, IPV6_STATIC, IPV6_MAX };
enum ntp_source { NTP_DHCP, NTP_DEFAULT, NTP_MANUAL, NTP_NONE, NTP_MAX };
/* ASK: the console asks for one at the first login */
enum password_type { PASSWORD_NONE, PASSWORD_PLAINTEXT, PASSWORD_HASH, PASSWORD_ASK, PASSWORD_TYPE_MAX };
enum script_stage { STAGE_START, STAGE_PACKAGES, STAGE_POPULATED, STAGE_COMPLETE, STAGE_MAX };
enum ssh_answer { SSH_OFF, SSH_ON };

/* The words of the answer file for each value. */
extern const char *const install_mode_text[MODE_MAX];
extern const char *const storage_type_text[STORAGE_TYPE_MAX];	/* lvm, thin, ext */
extern const char *const preserve_first_text[PRESERVE_MAX];
extern const char *const bond_mode_text[BOND_MAX];
extern const char *const ipv4_mode_text[IPV4_MAX];
extern const char *const ipv6_mode_text[IPV6_MAX];
extern const char *const ntp_source_text[NTP_MAX];
extern const char *const script_stage_text[STAGE_MAX];

struct answer_script {
	enum script_stage stage;
	char url[1024];
	bool may_fail;			/* its failure is a warning, not the end */
	struct answer_place at;
};

struct answers {
	enum install_mode mode;
	struct answer_place mode_at;

	/* disks */
	struct answer_disk primary;
	struct answer_disk mirror;		/* name "": one disk only; else the second disk of a RAID 1 */
	char confirm_serial[64];		/* the primary disk's serial number must be this one; "": any */
	enum preserve_first preserve_first;
	bool guest_storage;			/* the rest of the primary disk is for guests */
	unsigned guest_disks;
	struct answer_disk guest_disk[ANSWERS_GUEST_DISKS];
	enum storage_type storage;

	/* management network */
	unsigned nics;				/* 1, or the members of a bond */
	struct answer_nic nic[ANSWERS_BOND_NICS];
	enum bond_mode bond;
	unsigned vlan;				/* 0: untagged */
	enum ipv4_mode ipv4;
	char address[16], gateway[16];		/* gateway "": none */
	unsigned prefix;
	enum ipv6_mode ipv6;
	char address6[46], gateway6[46];
	unsigned prefix6;
	unsigned dns_n, ntp_n;
	char dns[ANSWERS_SERVERS][46];		/* IPv4 or IPv6 */
	enum ntp_source ntp_source;
	char ntp[ANSWERS_SERVERS][254];

	/* system */
	char hostname[254], timezone[64], keymap[64];
	char language[16];			/* en, ko */
	enum password_type password_type;
	struct secret password;
	unsigned dom0_memory_mib, dom0_vcpus;	/* 0: by the rule of xen.cfg */
	struct answer_place dom0_at;
	enum ssh_answer ssh;			/* whether the host's SSH server starts */
	unsigned ssh_keys;
	char ssh_key[ANSWERS_SSH_KEYS][1024];	/* a line of authorized_keys each, or a URL of such lines */

	/* the run itself */
	unsigned scripts;
	struct answer_script script[ANSWERS_SCRIPTS];
	char report_url[1024];			/* a POST tells the result; "": nobody */
	bool confirm;				/* a person must agree before the first write */
	bool repair;				/* of a host that is there, only what boots it is made anew; no answer file says this */
};

/* What is meant when nothing is said. */
void answers_defaults(struct answers *a);

/*
 * Reads an answer file. names may be NULL: any time zone and keymap is taken then. Everything that is wrong goes
 * into ds with its line and column; returns 0, or -EINVAL when ds has errors. strict: warnings are errors.
 */
int answers_parse(struct answers *a, const char *xml, size_t len, const struct names *names, bool strict,
		  struct diags *ds);
/*
 * What can be judged only when all answers are there (gateway in the subnet, mandatory ones missing, ...), for files
 * and screens alike. Places are those of the elements where known.
 */
void answers_check(const struct answers *a, struct diags *ds);
/*
 * The answer file that says the same; reading it gives the same answers. Passwords are written as their crypt(5)
 * hash, which the caller has put into a.
 */
void answers_write(const struct answers *a, FILE *out);
/* The same as a text, of a password that may be plain. The caller frees it, after clearing it; NULL: out of memory. */
char *answers_text(const struct answers *a, size_t *ret_len);

/* Whether both names are the same text, `sda` or `/dev/sda`. Other names may mean one disk all the same. */
bool answers_same_disk(const char *a, const char *b);
/* Whether it is the address of keys rather than a key. */
bool answers_ssh_key_is_url(const char *key);

#endif
