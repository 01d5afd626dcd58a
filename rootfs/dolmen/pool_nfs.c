/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NFS 4 by the kernel alone: it wants the server's address among the options (nfs(5): what mount.nfs adds), and no program beside it.
 * Looking at the server first tells what is wrong better than mount(2), which waits for minutes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "pool_start.h"
#include "server.h"
#include "sys/file.h"
#include "sys/run.h"

#define MOUNT_MS 30000
#define OPTIONS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=,._-:"

struct server {
	char host[256], port[8];
	const char *path;
};

static bool split(struct server *ret, const char *source, const char *options)
{
	const char *colon = strstr(source, ":/"), *port = strstr(options, "port=");
	size_t len = colon ? (size_t)(colon - source) : 0;

	/* port=, not mountport= */
	if (port && port != options && port[-1] != ',')
		port = NULL;
	snprintf(ret->port, sizeof(ret->port), "%.*s", port ? (int)strspn(port + 5, "0123456789") : 4, port ? port + 5 : "2049");
	if (len > 1 && source[0] == '[' && source[len - 1] == ']') {
		source++;
		len -= 2;
	}
	ret->path = colon ? colon + 1 : "";
	snprintf(ret->host, sizeof(ret->host), "%.*s", (int)len, source);
	return len && len < sizeof(ret->host);
}

int nfs_check(const char *source, const char *options, struct err *e)
{
	struct server s;

	if (!split(&s, source, options) || strchr(source, ' ') || strlen(source) > 250)
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not SERVER:/PATH", source);
	if (*options && (!text_only(options, OPTIONS) || strlen(options) > 120))
		return err_set(e, COMMAND_REFUSED, "`%.60s` are no mount options; write some like nconnect=4,rsize=1048576", options);
	return 0;
}

/* In a child, which can be left: mount(2) waits for a server that says nothing. Returns errno. */
static int mount_within(const char *source, const char *folder, const char *data)
{
	int fds[2], status = 0;
	struct pollfd p = { .events = POLLIN };
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return errno;
	child = fork();
	if (child == 0)
		_exit(mount(source, folder, "nfs4", MS_NODEV | MS_NOSUID | MS_NOATIME, data) < 0 ? errno : 0);
	close(fds[1]);
	p.fd = fds[0];
	if (child > 0 && poll(&p, 1, MOUNT_MS) <= 0)
		kill(child, SIGKILL);
	close(fds[0]);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : ETIMEDOUT;
}

/*
 * Servers tell hosts apart by their names and this; two hosts of one name would take each other's open files away. The GUID of the
 * state partition is like no other.
 */
static void tell_apart(void)
{
	struct log quiet = { .fd = -1 };
	char line[4096] = "", *id;
	struct err ignored;
	FILE *f;

	run_command(&quiet, (char *const[]){ (char *)"modprobe", (char *)"-q", (char *)"nfs", NULL }, &ignored);
	if (!file_read_line("/run/dolmen/cmdline", line, sizeof(line)) || !(id = strstr(line, "dolmen.state=")))
		return;
	f = fopen("/sys/module/nfs/parameters/nfs4_unique_id", "we");
	if (f) {
		fprintf(f, "%.*s\n", (int)strcspn(id + 13, " \""), id + 13);
		fclose(f);
	}
}

int nfs_mount(const struct pool *p, struct err *e)
{
	/* 4.2 has nothing that guests' disks gain by, and servers whose READ_PLUS gives errors (nfs-ganesha 4.3); --options can ask for it. */
	static const char *const versions[] = { "vers=4.1,", "vers=4.0," };
	bool given = strstr(p->options, "vers=");
	char address[INET6_ADDRSTRLEN], data[512];
	struct server s;
	int why = EINVAL;

	if (!split(&s, p->source, p->options))
		return err_set(e, COMMAND_REFUSED, "`%.60s` is not SERVER:/PATH", p->source);
	if (server_reach(s.host, s.port, address, e))
		return e->code;
	tell_apart();
	/* hard: what guests write waits for a server that is away, and is not lost. */
	for (unsigned i = 0; i < (given ? 1 : 2); i++) {
		snprintf(data, sizeof(data), "%shard,proto=tcp%s,addr=%s%s%s", given ? "" : versions[i], strchr(address, ':') ? "6" : "", address,
			 *p->options ? "," : "", p->options);
		why = mount_within(p->source, p->folder, data);
		if (why != EPROTONOSUPPORT && why != EINVAL)
			break;
	}
	if (why)
		return err_set(e, COMMAND_REFUSED, "%s cannot be mounted: %s", p->source,
			       why == ENOENT ? "the server has no such path" : why == EACCES || why == EPERM ? "the server does not let this host in" :
			       why == ETIMEDOUT ? "the server does not answer" : why == ENODEV ? "this kernel has no NFS" : strerror(why));
	return 0;
}
