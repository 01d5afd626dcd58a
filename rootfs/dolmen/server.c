/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "server.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"

#define CONNECT_MS 5000

int server_reach(const char *host, const char *port, char ret_address[INET6_ADDRSTRLEN], struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *all = NULL;
	int r = getaddrinfo(host, port, &hints, &all), rc = 0;

	if (r)
		return err_set(e, COMMAND_REFUSED, "server %s: %s", host, gai_strerror(r));
	for (struct addrinfo *a = all; a; a = a->ai_next) {
		int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), why = ETIMEDOUT;
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		socklen_t len = sizeof(why);

		if (fd < 0)
			continue;
		if (!connect(fd, a->ai_addr, a->ai_addrlen))
			why = 0;
		else if (errno != EINPROGRESS)
			why = errno;
		else if (poll(&p, 1, CONNECT_MS) == 1)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &len);
		close(fd);
		rc = why ? err_set(e, COMMAND_REFUSED, "server %s does not answer (port %s): %s", host, port, strerror(why)) : 0;
		getnameinfo(a->ai_addr, a->ai_addrlen, ret_address, INET6_ADDRSTRLEN, NULL, 0, NI_NUMERICHOST);
		if (!why)
			break;
	}
	freeaddrinfo(all);
	return rc;
}
