/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-loop attach FILE SECTOR: prints the loop device made. test-loop detach DEVICE. Partitions are allowed on it.
   test-loop sysfs: makes /sys there, which the build root's mount namespace lacks.
   test-loop spoil FILE OFFSET: writes a wrong byte there again and again, until it is killed.
   test-loop gate FILE LOG TEXT COMMAND: says `ready`; once TEXT stands in LOG, runs COMMAND before FILE is opened next, and ends. */
#include <fcntl.h>
#include <linux/loop.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

static int attach(const char *file, unsigned sector)
{
	struct loop_config c = { .block_size = sector, .info = { .lo_flags = LO_FLAGS_PARTSCAN } };
	int ctl = open("/dev/loop-control", O_RDWR | O_CLOEXEC), backing = open(file, O_RDWR | O_CLOEXEC);
	char path[32];

	if (ctl < 0 || backing < 0)
		return 1;
	c.fd = (unsigned)backing;
	for (int try = 0; try < 10; try++) {
		int n = ioctl(ctl, LOOP_CTL_GET_FREE), dev;

		if (n < 0)
			return 1;
		snprintf(path, sizeof(path), "/dev/loop%d", n);
		dev = open(path, O_RDWR | O_CLOEXEC);
		if (dev >= 0 && ioctl(dev, LOOP_CONFIGURE, &c) == 0) {
			puts(path);
			return 0;
		}
		if (dev >= 0)
			close(dev);
	}
	return 1;
}

static int detach(const char *device)
{
	int dev = open(device, O_RDWR | O_CLOEXEC);

	return dev < 0 || ioctl(dev, LOOP_CLR_FD, 0) < 0;
}

static int spoil(const char *file, off_t at)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	while (fd >= 0 && pwrite(fd, "\xa5", 1, at) == 1)
		usleep(200);
	return 1;
}

static bool has_line(const char *path, const char *text)
{
	char line[4096];
	bool found = false;
	FILE *f = fopen(path, "re");

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, text);
	if (f)
		fclose(f);
	return found;
}

/* Whoever opens the file waits meanwhile: the command comes between two steps, however fast they are. */
static int gate(const char *file, const char *log, const char *text, const char *command)
{
	struct fanotify_event_metadata m;
	int fd = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC), rc = -1;

	if (fd < 0 || fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, file) < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	while (rc < 0 && read(fd, &m, sizeof(m)) == sizeof(m)) {
		struct fanotify_response r = { .fd = m.fd, .response = FAN_ALLOW };

		if (m.pid != getpid() && has_line(log, text))
			rc = system(command) ? 1 : 0;
		if (write(fd, &r, sizeof(r)) != sizeof(r))
			return 1;
		close(m.fd);
	}
	return rc != 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "attach"))
		return attach(argv[2], (unsigned)atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "spoil"))
		return spoil(argv[2], (off_t)atoll(argv[3]));
	if (argc == 6 && !strcmp(argv[1], "gate"))
		return gate(argv[2], argv[3], argv[4], argv[5]);
	if (argc == 3 && !strcmp(argv[1], "detach"))
		return detach(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "sysfs"))
		return access("/sys/block", X_OK) < 0 && mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0;
	fputs("usage: test-loop attach FILE SECTOR | detach DEVICE | sysfs | spoil FILE OFFSET | gate FILE LOG TEXT COMMAND\n", stderr);
	return 2;
}
