/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check, wipe, partition: the disk from what it was to an empty table. */
#include <errno.h>
#include <string.h>

#include "actions.h"
#include "disk.h"
#include "run.h"
#include "table.h"

/* Switching off volume groups and RAID sets writes nothing; only then the disk can be taken exclusively. */
static int check_disk(struct install *ins, const struct disk *d, struct err *e)
{
	int rc = disk_release(d, ins->log, e);

	return rc ? rc : disk_check(d, e);
}

static int check_disks(struct install *ins, struct err *e)
{
	const struct plan *p = ins->plan;
	int rc = 0;

	for (unsigned i = 0; !rc && i < p->targets; i++)
		rc = check_disk(ins, &p->target[i].disk, e);
	for (unsigned i = 0; !rc && i < p->targets; i++)
		if (p->mode != MODE_FRESH || p->target[i].part[0].at.sectors)
			rc = table_check(&p->target[i], p->mode == MODE_FRESH ? 0 : PART_MAX, e);
	for (unsigned i = 0; !rc && i < p->extra_n; i++)
		rc = check_disk(ins, &p->extra[i], e);
	return rc;
}

static int check_tools(struct install *ins, struct err *e)
{
	for (unsigned i = 0; i < ins->plan->commands; i++)
		if (!ins->plan->command[i].may_fail && !run_exists(ins->plan->command[i].argv[0]))
			return err_set(e, -ENOENT, "the program %s is missing from the installer; write the medium again",
				       ins->plan->command[i].argv[0]);
	return check_disks(ins, e);
}

static int check(struct install *ins, struct err *e)
{
	int rc = scripts_fetch(ins->plan->script, ins->plan->scripts, ins->script, ins->log, e);

	return rc ? rc : check_tools(ins, e);
}

/* A repair copies nothing of the medium's, and its manifest need not name it. */
static uint64_t cost_check(const struct install *ins)
{
	return plan_has_step(ins->plan, STEP_ROOT_A) ? actions_medium_bytes(ins) : 0;
}

/*
 * The checks of all actions have been run when this one's turn comes; nothing is written yet. They took a while, and a
 * script may have done anything: the disks are looked at once more, and the first write follows.
 */
static int run_check(struct install *ins, struct err *e)
{
	int rc = background_wait(&ins->loader, e);

	actions_progress(ins, cost_check(ins) - ins->step_done);
	if (!rc)
		rc = actions_scripts(ins, STAGE_START, NULL, e);
	return rc ? rc : check_disks(ins, e);
}

static int run_wipe(struct install *ins, struct err *e)
{
	const struct plan *p = ins->plan;
	int rc = 0;

	for (unsigned i = 0; !rc && i < p->wipes; i++) {
		rc = disk_zero(&p->wipe[i], e);
		if (!rc && p->wipe[i].stub)	/* at once: from here on the disk says that it is incomplete */
			rc = disk_write_stub(p->wipe[i].disk, e);
		actions_progress(ins, p->wipe[i].bytes);
	}
	return rc;
}

static uint64_t cost_wipe(const struct install *ins)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < ins->plan->wipes; i++)
		n += ins->plan->wipe[i].bytes;
	return n;
}

static int run_partition(struct install *ins, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && ins->plan->mode == MODE_FRESH && i < ins->plan->targets; i++)
		rc = table_write(&ins->plan->target[i], ins->log, e);
	return rc;
}

const struct action action_check = { .check = check, .cost = cost_check, .run = run_check };
const struct action action_wipe = { .cost = cost_wipe, .run = run_wipe };
const struct action action_partition = { .run = run_partition };
