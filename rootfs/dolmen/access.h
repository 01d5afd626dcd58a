/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets in: root's password, SSH keys, and SSH for a limited time. For `dolmen` and the console's screens. */
#ifndef DOLMEN_ACCESS_H
#define DOLMEN_ACCESS_H

#include "core/err.h"

#define ACCESS_KEYS 64

struct access_key {
	char type[40], comment[128];
	char fingerprint[64];	/* SHA256:... */
};

struct access_keys {
	unsigned n;
	struct access_key key[ACCESS_KEYS];
};

/* COMMAND_REFUSED: why it is no password. It is hashed (yescrypt) and written to /state/etc/shadow, whole or not at all. */
int access_password(const char *text, struct err *e);

/* Those of /state/root/.ssh/authorized_keys; none when there is no such file. */
int access_keys(struct access_keys *ret, struct err *e);
/* The host's own, by which SSH knows it. COMMAND_REFUSED: there are none yet. */
int access_host_keys(struct access_keys *ret, struct err *e);
/* A line of authorized_keys. COMMAND_REFUSED: it is none, or is there already. */
int access_key_add(const char *line, struct err *e);
/* By its fingerprint, its comment, or its number (1...) in the list. COMMAND_REFUSED: there is none, or more than one. */
int access_key_remove(const char *which, struct err *e);

/* SSH on from now for so many seconds; then, or at a reboot, it is off. */
int access_ssh_for(unsigned seconds, struct err *e);
/* How many are left; 0: there is no limit, or no SSH. */
unsigned access_ssh_left(void);
/* The limit is taken away; what host.conf says counts when ssh is applied next. */
void access_ssh_unlimited(void);

#endif
