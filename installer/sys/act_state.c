/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state, storage, finish: what the host remembers, where guests live, the log. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions.h"
#include "core/password.h"
#include "core/text.h"
#include "core/values.h"
#include "file.h"
#include "run.h"
#include "volume.h"

/* As the host's /etc/shadow will have it. */
static int password_field(const struct plan *p, struct secret *ret_field, struct err *e)
{
	switch (p->password_type) {
	case PASSWORD_NONE:
		text_copy(ret_field->text, sizeof(ret_field->text), "!");
		return 0;
	case PASSWORD_ASK:	/* not a hash: the host's console asks for a password when it sees it */
		text_copy(ret_field->text, sizeof(ret_field->text), "!!");
		return 0;
	default:
		*ret_field = p->password;
		return p->password_type == PASSWORD_PLAINTEXT ? password_hash(ret_field, p->salt, e) : 0;
	}
}

static int write_host_conf(const struct plan *p, const char *dir, struct err *e)
{
	char path[128], *text = NULL;
	struct secret password;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	int rc;

	if (!f)
		return err_set(e, -ENOMEM, "out of memory");
	rc = password_field(p, &password, e);
	if (!rc)
		plan_write_host_conf(p, password.text, f);
	explicit_bzero(&password, sizeof(password));
	if (fclose(f) && !rc)
		rc = err_set(e, -ENOMEM, "out of memory");
	snprintf(path, sizeof(path), "%s/host.conf", dir);
	if (!rc)
		rc = file_write(path, text, n, 0600, e);
	explicit_bzero(text, n);
	free(text);
	return rc;
}

static int make_folder(const char *path, unsigned mode, struct err *e)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	return 0;
}

static int write_keys(const struct plan *p, const char *dir, struct err *e)
{
	char path[128], *text = NULL;
	size_t n = 0;
	FILE *f;
	int rc;

	snprintf(path, sizeof(path), "%s/root", dir);
	rc = make_folder(path, 0700, e);
	snprintf(path, sizeof(path), "%s/root/.ssh", dir);
	if (!rc)
		rc = make_folder(path, 0700, e);
	if (rc)
		return rc;
	f = open_memstream(&text, &n);
	if (!f)
		return err_set(e, -ENOMEM, "out of memory");
	plan_write_authorized_keys(p, f);
	snprintf(path, sizeof(path), "%s/root/.ssh/authorized_keys", dir);
	rc = fclose(f) ? err_set(e, -ENOMEM, "out of memory") : file_write(path, text, n, 0600, e);
	free(text);
	return rc;
}

/*
 * The host's identity, known to whoever reads the report before the first login. rootfs/init/75-ssh.sh makes at boot
 * what is missing here: without it the host is complete all the same.
 */
static void learn_fingerprint(struct install *ins, const char *dir)
{
	char path[128], public[140], last[200];
	char *make[] = { (char *)"dropbearkey", (char *)"-t", (char *)"ed25519", (char *)"-f", path, NULL };
	char *show[] = { (char *)"dropbearkey", (char *)"-y", (char *)"-f", path, NULL };
	bool is_new = ins->plan->mode != MODE_UPGRADE;
	struct err e;

	snprintf(path, sizeof(path), "%s/etc", dir);
	if (is_new && (ins->plan->ssh != SSH_ON || make_folder(path, 0755, &e)))
		return;
	snprintf(path, sizeof(path), "%s/etc/dropbear", dir);
	if (is_new && make_folder(path, 0700, &e))
		return;
	snprintf(path, sizeof(path), "%s/etc/dropbear/host_key_ed25519", dir);
	if (!is_new && access(path, R_OK) < 0)
		return;
	if (run_command_last(ins->log, is_new ? make : show, last, sizeof(last), &e)) {
		log_info(ins->log, "state", "the host's SSH key waits for the first boot: %s", e.msg);
		if (is_new)
			unlink(path);
	} else if (!strncmp(last, "Fingerprint: SHA256:", 20)) {
		text_copy(ins->ssh_fingerprint, sizeof(ins->ssh_fingerprint), last + 13);
	}
	snprintf(public, sizeof(public), "%s.pub", path);
	if (is_new)
		unlink(public);
}

static int fill_state(const struct plan *p, const char *dir, struct err *e)
{
	char path[128];
	int rc;

	snprintf(path, sizeof(path), "%s/log", dir);
	rc = make_folder(path, 0700, e);
	if (!rc && p->ssh_keys)
		rc = write_keys(p, dir, e);
	if (!rc)
		rc = write_host_conf(p, dir, e);
	snprintf(path, sizeof(path), "%s/schema", dir);
	return rc ? rc : file_write(path, "1\n", 2, 0644, e);
}

static void learn_settings(struct install *ins, const char *path)
{
	char *text = NULL, *save = NULL;
	struct err e;
	size_t n;

	if (file_read(path, 1 << 20, &text, &n, &e))
		return;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, "hostname=", 9))
			text_copy(ins->hostname, sizeof(ins->hostname), line + 9);
		else if (!strncmp(line, "dom0_memory=", 12))
			value_memory(line + 12, &ins->dom0_memory_mib, &e);
		else if (!strncmp(line, "dom0_vcpus=", 11))
			value_vcpus(line + 11, &ins->dom0_vcpus, &e);
	explicit_bzero(text, n);
	free(text);
}

/* An upgrade keeps what a host of before has written: it must be what this release can read. */
static int check_kept(struct install *ins, const char *dir, struct err *e)
{
	const char *node = ins->plan->state_node;
	char path[128], text[32];

	snprintf(path, sizeof(path), "%s/host.conf", dir);
	if (access(path, R_OK) < 0)
		return err_set(e, -errno, "%s has no host.conf (%s); nothing can be kept: install with mode=\"reinstall\", which keeps the guests' storage",
			       node, strerror(errno));
	learn_settings(ins, path);
	snprintf(path, sizeof(path), "%s/schema", dir);
	if (!file_read_line(path, text, sizeof(text)) || strcmp(text, "1") != 0)
		return err_set(e, -EINVAL, "the configuration on %s is of another kind than this release reads (1): install with mode=\"reinstall\", which keeps the guests' storage",
			       node);
	return 0;
}

/* The array below the state, read-only: looking at it changes nothing. */
static int start_array(struct install *ins, struct err *e)
{
	const struct plan *p = ins->plan;
	char option[48];
	char *modprobe[] = { (char *)"modprobe", (char *)"-a", (char *)"md_mod", (char *)"raid1", NULL };
	char *mdadm[] = { (char *)"mdadm", (char *)"--assemble", (char *)p->state_node, (char *)"--run", (char *)"--readonly",
			  option, (char *)p->target[0].part[PART_STATE].node, (char *)p->target[1].part[PART_STATE].node, NULL };
	int rc = run_command(ins->log, modprobe, e);

	snprintf(option, sizeof(option), "--uuid=%s", p->state_array);
	return rc ? rc : run_command(ins->log, mdadm, e);
}

static int stop_array(struct install *ins, struct err *e)
{
	char *mdadm[] = { (char *)"mdadm", (char *)"--stop", (char *)ins->plan->state_node, NULL };

	return run_command(ins->log, mdadm, e);
}

static int check_state(struct install *ins, struct err *e)
{
	struct volume_mount v = { 0 };
	struct err e2;
	int rc = 0;

	if (ins->plan->mode != MODE_UPGRADE)
		return 0;
	if (*ins->plan->state_array)
		rc = start_array(ins, e);
	if (rc)
		return rc;
	rc = volume_open(&v, ins->log, ins->plan->state_node, "ext4", true, e);
	if (rc)
		err_prefix(e, "the configuration to be kept: ");
	else
		rc = check_kept(ins, v.dir, e);
	rc = volume_finish(&v, ins->log, rc, e);
	if (*ins->plan->state_array && stop_array(ins, &e2) && !rc) {
		*e = e2;
		rc = e2.code;
	}
	ins->state_made = !rc && !*ins->plan->state_array;
	return rc;
}

void actions_learn(struct install *ins)
{
	struct volume_mount v = { 0 };
	char path[128];
	struct err e;

	if (*ins->plan->state_array)
		return;
	if (volume_open(&v, ins->log, ins->plan->state_node, "ext4", true, &e)) {
		log_info(ins->log, "boot", "the host's configuration is not read: %s", e.msg);
		return;
	}
	snprintf(path, sizeof(path), "%s/host.conf", v.dir);
	learn_settings(ins, path);
	volume_finish(&v, ins->log, 0, &e);
}

static int run_state(struct install *ins, struct err *e)
{
	struct volume_mount v = { 0 };
	int rc;

	rc = actions_commands(ins, e);
	if (rc)
		return rc;
	ins->state_made = true;
	rc = volume_open(&v, ins->log, ins->plan->state_node, "ext4", false, e);
	if (!rc && ins->plan->mode != MODE_UPGRADE)
		rc = fill_state(ins->plan, v.dir, e);
	if (!rc)
		learn_fingerprint(ins, v.dir);
	if (!rc)
		rc = actions_scripts(ins, STAGE_PACKAGES, v.dir, e);
	if (!rc)
		rc = actions_scripts(ins, STAGE_POPULATED, v.dir, e);
	return volume_finish(&v, ins->log, rc, e);
}

static int save_log(struct install *ins, struct err *e)
{
	struct volume_mount v = { 0 };
	char path[128], *text = NULL;
	size_t n;
	int rc;

	if (ins->log->fd < 0)
		return 0;
	rc = file_read(ins->log->path, 64u << 20, &text, &n, e);
	if (!rc)
		rc = volume_open(&v, ins->log, ins->plan->state_node, "ext4", false, e);
	if (!rc) {
		snprintf(path, sizeof(path), "%s/log", v.dir);
		mkdir(path, 0700);
		snprintf(path, sizeof(path), "%s/log/install.log", v.dir);
		rc = file_write(path, text, n, 0600, e);
		rc = volume_finish(&v, ins->log, rc, e);
	}
	free(text);
	return rc;
}

void actions_save_log(struct install *ins)
{
	struct err e;

	if (ins->state_made && save_log(ins, &e))
		log_error(ins->log, "log", "%s", e.msg);
}

static int run_storage(struct install *ins, struct err *e)
{
	return actions_commands(ins, e);
}

static int run_finish(struct install *ins, struct err *e)
{
	int rc = save_log(ins, e);

	if (!rc)
		rc = actions_commands(ins, e);

	sync();
	return rc;
}

const struct action action_state = { .check = check_state, .run = run_state };
const struct action action_storage = { .run = run_storage };
const struct action action_finish = { .run = run_finish };
