/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "health.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "file.h"

enum { NVME_GET_LOG = 2, NVME_LOG_HEALTH = 2, TIMEOUT_MS = 5000 };

/* Byte 0: warnings as bits; byte 5: how much of its life is used, in percent, over 100 too. */
static void nvme_health(struct disk *d, int fd)
{
	uint8_t log[512];
	struct nvme_admin_cmd c = { .opcode = NVME_GET_LOG, .nsid = UINT32_MAX, .addr = (uintptr_t)log, .data_len = sizeof(log),
				    .cdw10 = NVME_LOG_HEALTH | (sizeof(log) / 4 - 1) << 16, .timeout_ms = TIMEOUT_MS };

	memset(log, 0, sizeof(log));
	if (ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c) != 0)
		return;
	d->health = log[0] ? HEALTH_FAILING : HEALTH_GOOD;
	d->life_used = log[5];
}

/* ATA PASS-THROUGH (16) with CK_COND: the answer stands in the LBA registers, which come back as sense data. */
static void ata_health(struct disk *d, int fd)
{
	uint8_t sense[32] = { 0 }, cdb[16] = { 0x85, 3 << 1, 0x20, 0, 0xda, 0, 0, 0, 0, 0, 0x4f, 0, 0xc2, 0, 0xb0 };
	struct sg_io_hdr io = { .interface_id = 'S', .dxfer_direction = SG_DXFER_NONE, .cmd_len = sizeof(cdb), .cmdp = cdb,
				.mx_sb_len = sizeof(sense), .sbp = sense, .timeout = TIMEOUT_MS };

	if (ioctl(fd, SG_IO, &io) != 0 || sense[0] != 0x72 || sense[8] != 9)
		return;
	if (sense[17] == 0x4f && sense[19] == 0xc2)
		d->health = HEALTH_GOOD;
	else if (sense[17] == 0xf4 && sense[19] == 0x2c)
		d->health = HEALTH_FAILING;
}

static void recorded_health(struct disk *d, const char *root)
{
	char path[PATH_MAX], name[32], word[16], *data = NULL, *save = NULL;
	int life, fields;
	size_t n;
	struct err e;

	snprintf(path, sizeof(path), "%s/health", root);
	if (file_read(path, 1 << 20, &data, &n, &e))
		return;
	for (char *line = strtok_r(data, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if ((fields = sscanf(line, "%31s %15s %d", name, word, &life)) >= 2 && !strcmp(name, d->name)) {
			d->health = strcmp(word, "good") ? HEALTH_FAILING : HEALTH_GOOD;
			d->life_used = fields == 3 ? life : -1;
		}
	free(data);
}

void health_read(struct disk *d, const char *root)
{
	int fd;

	d->life_used = -1;
	if (*root) {
		recorded_health(d, root);
		return;
	}
	if (strcmp(d->bus, "nvme") != 0 && strcmp(d->bus, "ata") != 0)
		return;
	fd = open(d->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (!strcmp(d->bus, "nvme"))
		nvme_health(d, fd);
	else
		ata_health(d, fd);
	close(fd);
}
