/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Another host: `dolmen vm receive` there, over SSH. Everything said to it is receive.h's. */
#ifndef DOLMEN_PEER_H
#define DOLMEN_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "core/err.h"

/* Who is let in there: the public half of this host's key, as authorized_keys has it. It is made when there is none. */
int peer_key(char *ret, size_t size, struct err *e);

struct peer {
	const char *host;
	pid_t pid;			/* of ssh; 0: not connected */
	int errors;			/* what ssh says */
	FILE *to, *from;
};

/*
 * COMMAND_REFUSED: it cannot be reached within 10 s, is not the one it was, does not let us in, or is no Dolmen host that knows this.
 * trust: take the key of a host that was never met.
 */
int peer_open(struct peer *ret, const char *host, bool trust, struct err *e);
void peer_close(struct peer *p);
/* One request and its answer; data: the bytes behind it, or NULL. A `no` is COMMAND_REFUSED, its reason prefixed with the host. */
int peer_ask(struct peer *p, char *ret, size_t size, const void *data, size_t n, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));
int peer_write(struct peer *p, unsigned disk, uint64_t at, const void *data, size_t n, struct err *e);

/*
 * ssh with these words, in a session of its own, which ends with us: its standard input (a pipe, *ret_in), and output and errors where
 * they are given. words end with NULL.
 */
pid_t peer_spawn(const char *const words[], int *ret_in, int out, int errors);

#endif
