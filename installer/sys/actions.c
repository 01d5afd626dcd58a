/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "actions.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "run.h"
#include "script.h"

#define MIB (UINT64_C(1) << 20)

static const struct action *const table[STEP_MAX] = {
	[STEP_CHECK] = &action_check, [STEP_WIPE] = &action_wipe, [STEP_PARTITION] = &action_partition,
	[STEP_ROOT_A] = &action_root_a, [STEP_BOOT_A] = &action_boot_a, [STEP_STATE] = &action_state,
	[STEP_STORAGE] = &action_storage, [STEP_BOOT] = &action_boot, [STEP_FINISH] = &action_finish,
};

static void *run_background(void *user)
{
	struct background *b = user;

	b->rc = b->work(b->ins, &b->e);
	return NULL;
}

int background_start(struct background *b, struct install *ins, int (*work)(struct install *ins, struct err *e), struct err *e)
{
	int r;

	*b = (struct background){ .work = work, .ins = ins };
	r = pthread_create(&b->id, NULL, run_background, b);
	b->runs = !r;
	return r ? err_set(e, -r, "thread: %s", strerror(r)) : 0;
}

int background_wait(struct background *b, struct err *e)
{
	if (b->runs)
		pthread_join(b->id, NULL);
	b->runs = false;
	if (b->rc)
		*e = b->e;
	return b->rc;
}

static uint64_t cost(const struct install *ins, unsigned step)
{
	uint64_t little = 4 * MIB;

	return table[step]->cost ? table[step]->cost(ins) + little : little;
}

static void show_percent(struct install *ins)
{
	uint64_t done = ins->cost_before + (ins->step_done < ins->cost_now ? ins->step_done : ins->cost_now);
	unsigned exact = (unsigned)(done * 100 / ins->cost_all), percent = exact / 5 * 5;

	if (ins->watch)
		ins->watch->percent(ins->watch->user, exact);
	if (percent <= ins->percent)
		return;
	ins->percent = percent;
	log_say(ins->log, "%u %% %s", percent, plan_step_text[ins->step]);
}

void actions_progress(void *install, uint64_t bytes)
{
	struct install *ins = install;

	ins->step_done += bytes;
	show_percent(ins);
}

/* The device that a command works on, its last word; or NULL. */
static const char *command_device(char *const argv[])
{
	const char *last = NULL;

	for (unsigned i = 1; argv[i]; i++)
		last = argv[i];
	return last && !strncmp(last, "/dev/", 5) ? last : NULL;
}

static int commands_run(struct install *ins, bool may_fail, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < ins->plan->commands; i++) {
		const struct plan_command *c = &ins->plan->command[i];

		if (c->step != ins->step || c->may_fail != may_fail)
			continue;
		rc = run_command(ins->log, c->argv, e);
		if (rc && may_fail) {
			log_error(ins->log, "action", "%s; it may", e->msg);
			rc = 0;
		}
		if (rc && command_device(c->argv))
			err_prefix(e, "%s: ", command_device(c->argv));
	}
	return rc;
}

int actions_commands(struct install *ins, struct err *e)
{
	return commands_run(ins, false, e);
}

int actions_scripts(struct install *ins, enum script_stage stage, const char *arg, struct err *e)
{
	return scripts_run(ins->plan->script, ins->plan->scripts, ins->script, stage, arg, ins->log, e);
}

static int check_all(struct install *ins, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < STEP_MAX; i++)
		rc = table[i]->check && plan_has_step(ins->plan, (enum plan_step)i) ? table[i]->check(ins, e) : 0;
	return rc;
}

static int run_step(struct install *ins, unsigned step, struct err *e)
{
	int rc;

	ins->step = (enum plan_step)step;
	ins->step_done = 0;
	ins->cost_now = cost(ins, step);
	log_info(ins->log, "action", "step %u/%d %s: start", step + 1, STEP_MAX, plan_step_text[step]);
	if (ins->watch)
		ins->watch->step(ins->watch->user, step, STEP_MAX, plan_step_text[step]);
	rc = step == STEP_CHECK ? check_all(ins, e) : 0;
	if (!rc)
		rc = table[step]->run(ins, e);
	if (!rc)
		rc = commands_run(ins, true, e);
	if (rc)
		return err_prefix(e, "step %u/%d %s: ", step + 1, STEP_MAX, plan_step_text[step]);
	ins->cost_before += ins->cost_now;
	ins->step_done = 0;
	show_percent(ins);
	log_say(ins->log, "step %u/%d %s: ok", step + 1, STEP_MAX, plan_step_text[step]);
	return 0;
}

static int run_all(struct install *ins, struct err *e)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < STEP_MAX; i++) {
		if (!plan_has_step(ins->plan, (enum plan_step)i))
			continue;
		ins->touched = ins->touched || i >= STEP_WIPE;
		rc = run_step(ins, i, e);
	}
	return rc;
}

int actions_run(struct install *ins, const struct install_watch *watch, struct err *e)
{
	struct err e2;
	int rc;

	/* Begun is begun: a terminal that goes away, or a key, must not leave a disk half written. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	ins->watch = watch;
	for (unsigned i = 0; i < STEP_MAX; i++)
		if (plan_has_step(ins->plan, (enum plan_step)i))
			ins->cost_all += cost(ins, i);
	rc = run_all(ins, e);
	background_wait(&ins->loader, &e2);
	actions_unload(ins);
	if (rc && ins->touched) {
		log_error(ins->log, "action", "%s", e->msg);
		actions_make_unbootable(ins);
		actions_save_log(ins);
	}
	if (actions_scripts(ins, STAGE_COMPLETE, rc ? "1" : "0", &e2)) {
		if (rc) {
			log_error(ins->log, "script", "%s", e2.msg);
		} else {
			*e = e2;
			rc = err_prefix(e, "the host is complete, but ");
		}
	}
	scripts_free(ins->script, ANSWERS_SCRIPTS);
	return rc;
}
