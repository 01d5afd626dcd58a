/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan: everything an installation will do, decided before the first write. plan_make() is the only
 * place that decides; what runs later has no opinions. plan_write() is the one text of it: dry run, log and
 * tests. Starts and sizes are in logical sectors of the disk unless a name says bytes.
 */
#ifndef DOLMEN_CORE_PLAN_H
#define DOLMEN_CORE_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "answers.h"
#include "diag.h"
#include "layout.h"
#include "machine.h"
#include "manifest.h"
#include "password.h"
#include "phrase.h"
#include "random.h"
#include "xencfg.h"

enum plan_step {
	STEP_CHECK,
	STEP_WIPE,
	STEP_PARTITION,
	STEP_ROOT_A,
	STEP_BOOT_A,
	STEP_STATE,
	STEP_STORAGE,
	STEP_BOOT,
	STEP_FINISH,
	STEP_MAX
};
extern const char *const plan_step_text[STEP_MAX];

#define PLAN_TARGETS 2
#define PLAN_WIPES (2 * (MACHINE_VOLUMES + PLAN_TARGETS * (PART_MAX + 1) + ANSWERS_GUEST_DISKS))
#define PLAN_COMMANDS (24 + MACHINE_BOOT_ENTRIES)
#define PLAN_ARGS 24

struct plan_wipe {		/* bytes to be zeroed */
	char disk[40];
	uint64_t start, bytes;
	bool stub;		/* then the disk's boot record says that it is incomplete */
};

struct plan_command {
	enum plan_step step;
	bool may_fail;			/* then it is only said */
	char *argv[PLAN_ARGS + 1];	/* owned */
};

struct plan_partition {
	struct layout_extent at;	/* at.sectors == 0: there is none */
	unsigned number;
	uint64_t flags;
	char guid[37];
	char node[48];			/* /dev/sda1 */
};

/* A disk that the host boots from. Each can be booted without the other. */
struct plan_target {
	struct disk disk;
	char disk_guid[37];
	struct plan_partition part[PART_MAX + 1];	/* by enum layout_part; [0]: somebody else's, kept in its place */
	char first_label[64], first_type[40];	/* of part[0] */
	char esp_id[9], boot_id[9];	/* FAT volume serial numbers */
	struct phrase lost, kept;	/* what is on it */
};

struct plan {
	enum install_mode mode;		/* other than fresh: tables, storage and perhaps the state are kept as they are */
	bool repair;			/* of a host's disk: only the steps check and boot */
	unsigned targets;
	struct plan_target target[PLAN_TARGETS];
	unsigned extra_n;
	struct disk extra[ANSWERS_GUEST_DISKS];		/* whole disks for guests */
	struct phrase extra_lost[ANSWERS_GUEST_DISKS];
	struct phrase layers;		/* over these disks: groups and arrays that are switched off */

	unsigned wipes, commands;
	struct plan_wipe wipe[PLAN_WIPES];
	struct plan_command command[PLAN_COMMANDS];

	bool bios;			/* false: firmware of the BIOS kind cannot boot such sectors */
	char state_uuid[37], storage_uuid[37];	/* of the file systems */
	char state_node[48], storage_node[48];	/* where the file system or physical volume is; "": there is none */
	/* With two targets, the RAID 1 arrays under both, "" if there is none. */
	char state_array[37], storage_array[37];
	char storage[160];		/* host.conf's words for the guests' storage */
	char vg[64];			/* empty: no volume group */
	struct phrase kept_elsewhere;	/* disks of the kept volume group */

	char hostname[254], timezone[64], keymap[64], language[16];
	enum password_type password_type;
	struct secret password;
	uint8_t salt[PASSWORD_SALT_BYTES];
	unsigned dom0_memory_mib, dom0_vcpus;	/* 0: as xencfg says */
	enum ssh_answer ssh;
	unsigned ssh_keys;
	char ssh_key[ANSWERS_SSH_KEYS][1024];

	unsigned nics, bond_nics;
	struct nic nic[MACHINE_NICS];
	enum bond_mode bond;
	unsigned bond_nic[ANSWERS_BOND_NICS];
	char management[16];		/* eth0, bond0 */
	unsigned vlan;
	enum ipv4_mode ipv4;
	char address[16], gateway[16];
	enum ipv6_mode ipv6;
	char address6[46], gateway6[46];
	unsigned prefix, prefix6, dns_n, ntp_n;
	enum ntp_source ntp_source;
	char dns[ANSWERS_SERVERS][46], ntp[ANSWERS_SERVERS][254];

	unsigned scripts;
	struct answer_script script[ANSWERS_SCRIPTS];

	struct manifest manifest;
	struct xencfg xencfg;
};

/* What is refused (machine too small, no such disk, ...) goes to ds; -EINVAL then. The caller frees. */
int plan_make(struct plan **ret_plan, const struct answers *a, const struct machine *m, const struct manifest *mf,
	      const struct xencfg *x, struct random *r, struct diags *ds);
/* The plan that makes the ESP and the boot record of a host's disk anew and leaves all else as it is; mf's version is its. */
int plan_repair(struct plan **ret_plan, const char *disk, const struct machine *m, const struct manifest *mf,
		const struct xencfg *x, struct random *r, struct diags *ds);
/* What is wrong with the machine whatever the answers are: errors and warnings. */
void plan_check_machine(const struct machine *m, struct diags *ds);
/* Whether the plan has this step. */
bool plan_has_step(const struct plan *p, enum plan_step step);
void plan_free(struct plan *p);
void plan_write(const struct plan *p, FILE *out);

/* The files the plan puts onto the disk; root_hash is what host.conf gets (`***` when printed). */
void plan_write_grub_cfg(const struct plan *p, const struct plan_target *t, FILE *out);
/* /grub/dom0.cfg, which grub.cfg reads; the host writes it anew when host.conf changes (rootfs/init/53-boot-options.sh). */
void plan_write_dom0_cfg(unsigned memory_mib, unsigned vcpus, FILE *out);
void plan_write_host_conf(const struct plan *p, const char *root_hash, FILE *out);
void plan_write_authorized_keys(const struct plan *p, FILE *out);

#endif
