/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual machines as libvirt knows them, by their names. */
#ifndef DOLMEN_CONSOLE_GUEST_LIST_H
#define DOLMEN_CONSOLE_GUEST_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

#define GUESTS 256

enum guest_state { STATE_OFF, STATE_RUNNING, STATE_PAUSED, STATE_SAVED };

struct guest {
	char name[64], state_text[24];	/* the words of vm_state() */
	enum guest_state state;
	uint64_t memory;
	unsigned vcpus;
	bool autostart;
};

struct guests {
	unsigned n;
	struct guest guest[GUESTS];
};

int guests_read(struct guests *ret, struct err *e);

#endif
