/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xen-cmdline: prints the hypervisor's own command line, which the boot loader may have added words to that
 * dom0's kernel command line does not have. Runs in dom0's initramfs before libxen is there: link it statically.
 * Needs the module xen-privcmd. Exit codes: 0 printed, 1 not under Xen, not dom0, or refused.
 *
 * The few definitions below are from Xen's public headers (xen/include/public/xen.h, version.h) and from
 * Linux (include/uapi/xen/privcmd.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define HYPERVISOR_XEN_VERSION 17 /* __HYPERVISOR_xen_version */
#define XENVER_COMMANDLINE 9      /* XENVER_commandline */
#define COMMANDLINE_BYTES 1024    /* sizeof(xen_commandline_t) */

struct privcmd_hypercall {
	uint64_t op;
	uint64_t arg[5];
};
#define IOCTL_PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))

/* Xen writes into it by virtual address: it must be present, so it is a page of its own and locked. */
static char page[4096] __attribute__((aligned(4096)));

static void print(int fd, const char *text, size_t bytes)
{
	while (bytes > 0) {
		ssize_t n = write(fd, text, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		text += n;
		bytes -= (size_t)n;
	}
}

static int fail(const char *what)
{
	static const char prefix[] = "xen-cmdline: error: ";
	const char *why = strerror(errno);

	print(STDERR_FILENO, prefix, sizeof(prefix) - 1);
	print(STDERR_FILENO, what, strlen(what));
	print(STDERR_FILENO, ": ", 2);
	print(STDERR_FILENO, why, strlen(why));
	print(STDERR_FILENO, "\n", 1);
	return 1;
}

int main(void)
{
	struct privcmd_hypercall call = { HYPERVISOR_XEN_VERSION, { XENVER_COMMANDLINE, (uintptr_t)page } };
	int fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		fd = open("/proc/xen/privcmd", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail("cannot open /dev/xen/privcmd (is the module xen-privcmd loaded?)");
	if (mlock(page, sizeof(page)) < 0)
		return fail("cannot lock memory");
	if (ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call) < 0)
		return fail("Xen refused to tell its command line");
	page[COMMANDLINE_BYTES - 1] = '\0';
	print(STDOUT_FILENO, page, strlen(page));
	print(STDOUT_FILENO, "\n", 1);
	return 0;
}
