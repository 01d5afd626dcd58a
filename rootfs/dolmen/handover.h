/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A running machine to another host: libvirt's migration, whose stream of memory goes by us into SSH. On the other host only its
 * loopback listens, here only ours. The stream's last bytes are held back until the machine has stopped here and before_end() has
 * agreed; without them the other host has nothing that could run. There it is paused until resumed, here it is gone by then:
 * whatever fails, at no time it runs on both.
 */
#ifndef DOLMEN_HANDOVER_H
#define DOLMEN_HANDOVER_H

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

struct handover {
	const char *host;
	const char *xml;		/* the running machine's definition there */
	bool live;			/* it goes on while its memory is sent */
	int (*before_end)(void *user, struct err *e);	/* the machine has stopped; may be NULL */
	void *user;

	/* What came out. */
	uint64_t sent_bytes;
	int64_t stopped_ms;		/* when it was asked to stop, CLOCK_MONOTONIC; 0: not known */
};

/* Success: it is there, paused, and no more here. An error: it is here and runs. */
int handover(struct handover *h, virDomainPtr d, struct err *e);
int64_t clock_ms(void);

#endif
