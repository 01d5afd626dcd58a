/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOLMEN_SERVER_H
#define DOLMEN_SERVER_H

#include <netinet/in.h>

#include "core/err.h"

/* Whether a server takes connections, within 5 s for each of its addresses; the first that does. COMMAND_REFUSED: none. */
int server_reach(const char *host, const char *port, char ret_address[INET6_ADDRSTRLEN], struct err *e);

#endif
