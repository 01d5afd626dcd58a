/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "iscsi.h"

#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "core/text.h"
#include "iscsi_chap.h"
#include "server.h"
#include "sys/file.h"
#include "sys/run.h"

#define W (char *)
#define STARTER "/usr/lib/dolmen/init/iscsi"
#define NAMES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-"
#define PORT "3260"
/* iscsiadm's exit codes: there is a session already; the target does not let us in; there is none */
#define LOGGED_IN "exit code 15"
#define NOT_LET_IN "exit code 24"
#define NO_SESSION "exit code 21"

static struct log quiet = { .fd = -1 };

struct lun {
	char portal[128], target[CHAP_TARGET];
	unsigned number;
};

static int parse(struct lun *ret, const char *text, struct err *e)
{
	int end = 0;

	if (sscanf(text, "%127[^,],%223[^,],%u%n", ret->portal, ret->target, &ret->number, &end) != 3 || text[end])
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not PORTAL,TARGET,LUN", text);
	return 0;
}

/* 192.0.2.9:3260, [2001:db8::9]:3260 */
static int reach(const char *portal, struct err *e)
{
	char host[128], address[INET6_ADDRSTRLEN], *colon;

	text_copy(host, sizeof(host), portal);
	colon = strrchr(host, ':');
	*colon = 0;
	if (*host == '[') {
		memmove(host, host + 1, strlen(host));
		host[strcspn(host, "]")] = 0;
	}
	return server_reach(host, colon + 1, address, e);
}

struct offer {
	const char *target;
	bool found;
	char all[300];
};

/* `192.0.2.9:3260,1 iqn.2001-04.com.example:a` */
static void take_offer(void *user, const char *line)
{
	struct offer *o = user;
	const char *target = strrchr(line, ' ');
	size_t n = strlen(o->all);

	if (!target || !strchr(line, ',') || strchr(line, ' ') != target)
		return;
	o->found = o->found || (o->target && !strcmp(target + 1, o->target));
	snprintf(o->all + n, sizeof(o->all) - n, "%s%s", n ? ", " : "", target + 1);
}

static int discover(const char *portal, const char *target, struct err *e)
{
	struct offer o = { .target = target };

	if (reach(portal, e) || run_command(&quiet, (char *const[]){ W STARTER, NULL }, e) ||
	    run_command_lines(&quiet, (char *const[]){ W"iscsiadm", W"-m", W"discovery", W"-t", W"sendtargets", W"-p", W portal, NULL },
			      take_offer, &o, e))
		return e->code;
	return o.found ? 0 : err_set(e, COMMAND_REFUSED, "%s offers %s; name one with --target", portal, *o.all ? o.all : "this host nothing");
}

int iscsi_write(char *ret, size_t size, const char *portal, const char *target, const char *lun, struct err *e)
{
	bool has_port = *portal == '[' ? !!strstr(portal, "]:") : !!strchr(portal, ':');
	char full[128];

	if (!text_only(portal, NAMES "[]") || strlen(portal) > 100)
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a portal like 192.0.2.9 or 192.0.2.9:3260", portal);
	if (target && (!text_only(target, NAMES) || strlen(target) > 223))
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not a target's name like iqn.2001-04.com.example:a", target);
	if (lun && (!text_only(lun, "0123456789") || strlen(lun) > 5))
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not the number of a LUN", lun);
	snprintf(full, sizeof(full), "%s%s", portal, has_port ? "" : ":" PORT);
	snprintf(ret, size, "%s,%s,%s", full, target ? target : "", lun ? lun : "0");
	return target ? 0 : discover(full, NULL, e);
}

/* The disk of a LUN in the session with the target; false: not yet. */
static bool find_disk(const struct lun *l, char ret_path[256])
{
	char words[300], name[256];
	glob_t sessions = { 0 }, disks = { 0 };
	bool found = false;

	if (!glob("/sys/class/iscsi_session/session*", 0, NULL, &sessions))
		for (size_t i = 0; i < sessions.gl_pathc && !found; i++) {
			snprintf(words, sizeof(words), "%.200s/targetname", sessions.gl_pathv[i]);
			if (!file_read_line(words, name, sizeof(name)) || strcmp(name, l->target) != 0)
				continue;
			snprintf(words, sizeof(words), "%.200s/device/target*/*:%u/block/*", sessions.gl_pathv[i], l->number);
			found = !glob(words, 0, NULL, &disks);
			if (found)
				snprintf(ret_path, 256, "/dev/%s", basename(disks.gl_pathv[0]));
			globfree(&disks);
		}
	globfree(&sessions);
	return found;
}

int iscsi_attach(const char *text, char ret_path[256], struct err *e)
{
	const struct timespec step = { .tv_nsec = 100000000 };
	struct lun l;
	int rc = parse(&l, text, e);

	if (rc || find_disk(&l, ret_path))
		return rc;
	if (discover(l.portal, l.target, e) || chap_apply(l.target, e))
		return e->code;
	rc = run_command(&quiet, (char *const[]){ W"iscsiadm", W"-m", W"node", W"-T", l.target, W"-p", l.portal, W"--login", NULL }, e);
	if (rc && strstr(e->msg, NOT_LET_IN))
		return err_set(e, COMMAND_REFUSED, "target %s does not let this host in%s", l.target,
			       chap_known(l.target) ? ": not by this user and secret" : "; with --chap-user it may");
	if (rc && !strstr(e->msg, LOGGED_IN))
		return err_prefix(e, "target %s: ", l.target);
	for (unsigned i = 0; i < 100; i++) {
		if (find_disk(&l, ret_path))
			return e->code = 0;
		nanosleep(&step, NULL);
	}
	return err_set(e, COMMAND_REFUSED, "target %s has no LUN %u", l.target, l.number);
}

int iscsi_detach(const char *text, struct err *e)
{
	struct lun l;
	int rc = parse(&l, text, e);

	if (rc)
		return rc;
	chap_forget(l.target);
	rc = run_command(&quiet, (char *const[]){ W"iscsiadm", W"-m", W"node", W"-T", l.target, W"-p", l.portal, W"--logout", NULL }, e);
	return rc && strstr(e->msg, NO_SESSION) ? (e->code = 0) : rc;
}

int iscsi_remember(const char *text, const char *user, const char *secret, struct err *e)
{
	struct lun l;

	if (parse(&l, text, e))
		return e->code;
	if (chap_known(l.target))
		return err_set(e, COMMAND_REFUSED, "a pool on target %s has a user and a secret, which count for all of it: leave out --chap-user", l.target);
	return chap_remember(l.target, user, secret, e);
}

void iscsi_forget(const char *text)
{
	struct err ignored;
	struct lun l;

	if (!parse(&l, text, &ignored))
		chap_forget(l.target);
}
