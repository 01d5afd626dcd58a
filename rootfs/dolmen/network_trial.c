/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the management network on trial: what is done is rootfs/init/network-trial's affair; this hands it over and waits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "network.h"
#include "settings.h"
#include "sys/file.h"

#define TRIAL "/run/dolmen/trial.conf"
/* What the service takes as TRIAL when it starts: TRIAL is not there without it. */
#define NEXT "/run/dolmen/trial.next"
#define CONFIRMED "/run/dolmen/trial.confirmed"
#define UNTIL "/run/dolmen/trial-until"
#define SECONDS "/run/dolmen/trial-seconds"
#define SERVICE "/run/service/network-trial"
#define FAILED "/run/dolmen/trial-failed"
/* How long applying may take: two leases that do not come, and services that do not end. */
#define APPLY_SECONDS 90

struct path {
	char text[256];
};

static struct path at(const char *name)
{
	struct path p;

	host_path(p.text, sizeof(p.text), name);
	return p;
}

static bool is_there(const char *name)
{
	return !access(at(name).text, F_OK);
}

/* Until it is there, or not. */
static bool wait_for(const char *name, bool there, unsigned seconds)
{
	const struct timespec step = { .tv_nsec = 100000000 };

	for (unsigned i = 0; i < seconds * 10 && is_there(name) != there; i++)
		nanosleep(&step, NULL);
	return is_there(name) == there;
}

unsigned network_trial_left(void)
{
	struct timespec now = { 0 };
	long long until;
	char text[32];

	if (!is_there(TRIAL) || !file_read_line(at(UNTIL).text, text, sizeof(text)))
		return 0;
	clock_gettime(CLOCK_BOOTTIME, &now);
	until = strtoll(text, NULL, 10);
	return until > now.tv_sec ? (unsigned)(until - now.tv_sec) : 0;
}

/* Whether it was taken back as it could not be made. */
static int check_made(struct err *e)
{
	char reason[200];

	if (is_there(TRIAL) || !file_read_line(at(FAILED).text, reason, sizeof(reason)))
		return 0;
	reason[strcspn(reason, "\n")] = 0;
	return err_set(e, -EIO, "the network is as before; the change cannot be made: %s", reason);
}

int network_try(struct hostconf *h, unsigned seconds, struct err *e)
{
	const struct timespec step = { .tv_nsec = 100000000 };
	char *text = NULL, number[16];
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int rc;

	if (!f)
		return err_set(e, -ENOMEM, "out of memory");
	for (size_t i = 0; i < h->n; i++)
		fprintf(f, "%s\n", h->line[i]);
	if (fclose(f)) {
		free(text);
		return err_set(e, -ENOMEM, "out of memory");
	}
	snprintf(number, sizeof(number), "%u\n", seconds);
	unlink(at(UNTIL).text);
	unlink(at(FAILED).text);
	rc = file_write(at(SECONDS).text, number, strlen(number), 0600, e);
	if (!rc)
		rc = file_replace(at(NEXT).text, text, len, 0600, e);
	free(text);
	/* The service of a change before may still be ending. */
	if (!rc && !wait_for(SERVICE, false, 15))
		rc = err_set(e, -EBUSY, "the service that made the last change does not end (sv status %s)", SERVICE);
	if (!rc)
		rc = steps_run("network-try", e);
	if (!rc && !wait_for(NEXT, false, 30))
		rc = err_set(e, -EIO, "the service that makes the change does not start (sv status %s)", SERVICE);
	if (rc) {
		unlink(at(NEXT).text);
		return rc;
	}
	/* From here on it is the service's; it may be confirmed while this still waits. */
	if (h->lock >= 0)
		close(h->lock);
	h->lock = -1;
	for (unsigned i = 0; i < APPLY_SECONDS * 10 && is_there(TRIAL) && !is_there(UNTIL); i++)
		nanosleep(&step, NULL);
	if (is_there(TRIAL) && !is_there(UNTIL))
		return err_set(e, -EIO, "the change is not made after %u s; it is taken back unless it is confirmed; see /run/dolmen/boot.log", APPLY_SECONDS);
	/* What fails is taken back at once, and waited for. */
	if (!network_trial_left())
		wait_for(UNTIL, false, APPLY_SECONDS);
	return check_made(e);
}

int network_confirm(struct err *e)
{
	char *text = NULL;
	size_t n;
	int lock = hostconf_lock(e), rc;

	if (lock < 0)
		return lock;
	/* Whoever moves it first decides: this, or the time that is over. */
	if (!network_trial_left() || rename(at(TRIAL).text, at(CONFIRMED).text) < 0) {
		close(lock);
		return err_set(e, COMMAND_REFUSED, "no change of the network waits to be confirmed; one that was not in time is taken back");
	}
	rc = file_read(at(CONFIRMED).text, 1 << 20, &text, &n, e);
	if (!rc)
		rc = file_replace(at("/state/host.conf").text, text, n, 0600, e);
	free(text);
	if (rc)
		rename(at(CONFIRMED).text, at(TRIAL).text);
	else
		unlink(at(CONFIRMED).text);
	close(lock);
	if (!rc)
		wait_for(UNTIL, false, 10);
	return rc;
}

int network_revert(struct err *e)
{
	int rc;

	if (!is_there(TRIAL))
		return err_set(e, COMMAND_REFUSED, "no change of the network is being tried");
	if (!wait_for(UNTIL, true, APPLY_SECONDS))
		return err_set(e, -EIO, "the change is still being made after %u s", APPLY_SECONDS);
	rc = file_replace(at(UNTIL).text, "0\n", 2, 0600, e);
	if (!rc && !wait_for(UNTIL, false, APPLY_SECONDS))
		rc = err_set(e, -EIO, "the change is not taken back after %u s; see /run/dolmen/boot.log", APPLY_SECONDS);
	return rc;
}
