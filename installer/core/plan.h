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

#define PLAN_WIPES (2 * (MACHINE_VOLUMES + PART_MAX + ANSWERS_GUEST_DISKS + 1))
#define PLAN_COMMANDS 8
#define PLAN_ARGS 24

struct plan_wipe {		/* bytes to be zeroed; the first one is the disk's first MiB */
	char disk[40];
	uint64_t start, bytes;
};

struct plan_command {
	enum plan_step step;
	char *argv[PLAN_ARGS + 1];	/* owned */
};

struct plan_partition {
	struct layout_extent at;	/* at.sectors == 0: there is none */
	char guid[37];
	char node[48];			/* /dev/sda1 */
};

struct plan {
	struct disk disk;
	unsigned extra_n;
	struct disk extra[ANSWERS_GUEST_DISKS];		/* whole disks for guests */
	char disk_guid[37];
	struct plan_partition part[PART_MAX + 1];	/* by enum layout_part */
	char contents[1024];		/* what is lost, for people */

	unsigned wipes, commands;
	struct plan_wipe wipe[PLAN_WIPES];
	struct plan_command command[PLAN_COMMANDS];

	bool bios;			/* false: firmware of the BIOS kind cannot boot such sectors */
	char vg[32];			/* empty: no volume group */
	char esp_id[9], boot_id[9];	/* FAT volume serial numbers */
	char state_uuid[37], storage_uuid[37];

	char hostname[254], timezone[64], keymap[64];
	enum password_type password_type;
	struct secret password;
	uint8_t salt[16];
	unsigned nics, management;
	struct nic nic[MACHINE_NICS];
	enum ipv4_mode ipv4;
	char address[16], gateway[16];
	unsigned prefix, dns_n, ntp_n;
	char dns[ANSWERS_SERVERS][46], ntp[ANSWERS_SERVERS][254];

	struct manifest manifest;
	struct xencfg xencfg;
};

/* What is refused (machine too small, no such disk, ...) goes to ds; -EINVAL then. The caller frees. */
int plan_make(struct plan **ret_plan, const struct answers *a, const struct machine *m, const struct manifest *mf,
	      const struct xencfg *x, struct random *r, struct diags *ds);
void plan_free(struct plan *p);
void plan_write(const struct plan *p, FILE *out);

/* The files the plan puts onto the disk; root_hash is what host.conf gets (`***` when printed). */
void plan_write_grub_cfg(const struct plan *p, FILE *out);
void plan_write_host_conf(const struct plan *p, const char *root_hash, FILE *out);

#endif
