/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's networks, as host.conf has them (docs/HOSTCONF.md): the management network on xenbr0, which is changed on trial only
 * and taken back unless somebody confirms; bridges for guests beside it, which are made and deleted at once.
 */
#ifndef DOLMEN_NETWORK_H
#define DOLMEN_NETWORK_H

#include <stdbool.h>

#include "hostconf.h"

#define NETWORK_SECONDS 60

/* A `bridge=` line: NAME [port=DEVICE] [vlan=N] [mtu=BYTES] [nat=ADDRESS/PREFIX]; "" and 0: not said. */
struct network_bridge {
	char name[16], port[16], nat[24];
	unsigned vlan, mtu;
};

void network_bridge_read(const char *line, struct network_bridge *ret);
void network_bridge_write(const struct network_bridge *b, char *ret, size_t size);
bool network_bridge_find(const struct hostconf *h, const char *name, struct network_bridge *ret);
/* The device that carries it: eth1, eth1.50, eth0.50 of the management's port; "": it is internal. */
void network_bridge_below(const struct hostconf *h, const struct network_bridge *b, char ret[32]);

/* Whether there is such a network device now. */
bool network_device(const char *name);
/* eth0, eth1, ...: a NIC that the host knows. COMMAND_REFUSED: there is none. */
int network_nic(const struct hostconf *h, const char *name, struct err *e);
/* NULL, or whose port the NIC or bond is: "xenbr0", "bond0", "lan". buf is for the answer; except: a bridge that does not count. */
const char *network_user_of(const struct hostconf *h, const char *device, const char *except, char buf[16]);
/* 1280..9216 */
int network_mtu(const char *text, unsigned *ret, struct err *e);

/* Whether the management network's lines fit each other, and the bridges': COMMAND_REFUSED and the reason. */
int network_check(const struct hostconf *h, struct err *e);
/*
 * Makes h's network the host's, on trial; h comes from hostconf_edit(). It returns when that is done, or was taken back at once as
 * it could not be done. Whoever calls may die on the way: the rest goes on without it.
 */
int network_try(struct hostconf *h, unsigned seconds, struct err *e);
/* How many seconds there are to confirm; 0: nothing is being tried. */
unsigned network_trial_left(void);
/* COMMAND_REFUSED: nothing is being tried (any more). */
int network_confirm(struct err *e);
int network_revert(struct err *e);

#endif
