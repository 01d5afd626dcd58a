/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The executor: every step of a plan is a row of check, cost and run. All checks run before the first write;
 * the costs (bytes moved, about) make the percentage. Whatever fails, the disk is left unbootable.
 */
#ifndef DOLMEN_SYS_ACTIONS_H
#define DOLMEN_SYS_ACTIONS_H

#include <pthread.h>
#include <stdbool.h>

#include "core/err.h"
#include "core/plan.h"
#include "core/watch.h"
#include "log.h"
#include "script.h"

struct install;

/* What of the medium is written to the disk. */
enum medium_file { MEDIUM_SQUASHFS, MEDIUM_XEN_EFI, MEDIUM_XEN_GZ, MEDIUM_VMLINUZ, MEDIUM_INITRAMFS, MEDIUM_MAX };

/* Work beside the steps: it tells no progress and writes no log. All zero: there is none. */
struct background {
	int (*work)(struct install *ins, struct err *e);
	struct install *ins;
	pthread_t id;
	bool runs;
	int rc;
	struct err e;
};

struct install {
	const struct plan *plan;
	const char *medium;		/* where the medium is mounted */
	const char *boot_files;		/* GRUB, shim, xen.cfg */
	struct log *log;

	/* of the executor */
	const struct install_watch *watch;
	enum plan_step step;
	uint64_t cost_all, cost_before, cost_now, step_done;
	unsigned percent;
	/* As the check found them good; until actions_run() is through. */
	void *loaded[MEDIUM_MAX];
	char *unified;
	size_t unified_bytes;
	struct background loader;	/* of the image */
	struct script_text script[ANSWERS_SCRIPTS];	/* the plan's; the same */
	bool touched;			/* something was written */
	bool esp_made, state_made;	/* there is a file system that can be written to */
	char hostname[254];		/* of an upgraded host, which keeps it */
	unsigned dom0_memory_mib, dom0_vcpus;	/* the same, and of one that is repaired; 0: not set */
	char ssh_fingerprint[64];	/* of the host's key: SHA256:...; "": there is none yet */
};

/*
 * 0, or negative with the reason; ins->touched tells whether the disk was changed. The scripts of the last stage
 * learn the result; when one of them fails after a success, the host is complete all the same and boots.
 * watch: or NULL.
 */
int actions_run(struct install *ins, const struct install_watch *watch, struct err *e);

/* For the actions' own files: bytes of work done in this step. */
void actions_progress(void *install, uint64_t bytes);

struct action {
	int (*check)(struct install *ins, struct err *e);	/* may be NULL */
	uint64_t (*cost)(const struct install *ins);		/* may be NULL: little */
	int (*run)(struct install *ins, struct err *e);
};
extern const struct action action_check, action_wipe, action_partition, action_root_a, action_boot_a, action_state,
	action_storage, action_boot, action_finish;

int background_start(struct background *b, struct install *ins, int (*work)(struct install *ins, struct err *e), struct err *e);
/* Until it is done; what it came to, as often as one asks. */
int background_wait(struct background *b, struct err *e);
/* Frees what the checks loaded. */
void actions_unload(struct install *ins);
/* How much the checks read of the medium. */
uint64_t actions_medium_bytes(const struct install *ins);
/* Runs the plan's commands of this step, but for those that may fail: they come when the rest of the step is done. */
int actions_commands(struct install *ins, struct err *e);
/* Runs the administrator's scripts of a stage. */
int actions_scripts(struct install *ins, enum script_stage stage, const char *arg, struct err *e);
/* What is kept of a host whose boot files alone are made anew; best effort: the host itself knows it at its next boot. */
void actions_learn(struct install *ins);
/* Best effort, after a failure. */
void actions_make_unbootable(struct install *ins);
void actions_save_log(struct install *ins);

#endif
