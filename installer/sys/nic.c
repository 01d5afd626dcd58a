/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/text.h"
#include "file.h"

static void address_read(struct nic *n)
{
	struct ifaddrs *all, *i;

	n->address[0] = 0;
	if (getifaddrs(&all) < 0)
		return;
	for (i = all; i; i = i->ifa_next)
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET && !strcmp(i->ifa_name, n->kernel))
			inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)i->ifa_addr)->sin_addr, n->address, sizeof(n->address));
	freeifaddrs(all);
}

void nic_refresh(struct nic *n, const char *root)
{
	char path[400], text[32];
	long speed;

	snprintf(path, sizeof(path), "%.200s/sys/class/net/%s/carrier", root, n->kernel);
	n->link = file_read_line(path, text, sizeof(text)) && !strcmp(text, "1");
	snprintf(path, sizeof(path), "%.200s/sys/class/net/%s/speed", root, n->kernel);
	speed = n->link && file_read_line(path, text, sizeof(text)) ? strtol(text, NULL, 10) : 0;
	n->speed = speed > 0 ? (unsigned)speed : 0;	/* -1: unknown */
	if (!*root)
		address_read(n);
}

int nic_blink(const struct nic *n, unsigned seconds, struct err *e)
{
	struct ethtool_value v = { .cmd = ETHTOOL_PHYS_ID, .data = seconds };
	struct ifreq r = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc = 0;

	if (fd < 0)
		return err_set(e, -errno, "%s: %s", n->kernel, strerror(errno));
	text_copy(r.ifr_name, sizeof(r.ifr_name), n->kernel);
	r.ifr_data = (void *)&v;
	if (ioctl(fd, SIOCETHTOOL, &r) < 0)
		rc = err_set(e, -errno, "%s: %s", n->kernel, strerror(errno));
	close(fd);
	return rc;
}
