/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "disk_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "core/text.h"
#include "receive.h"
#include "sys/file.h"

int disk_copy_open(struct disk_copy *ret, unsigned number, const char *path, struct err *e)
{
	off_t size;

	*ret = (struct disk_copy){ .number = number };
	text_copy(ret->path, sizeof(ret->path), path);
	/* Past the page cache: guests write volumes past it, too. Some file systems have no such way, and need none. */
	ret->fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);
	if (ret->fd < 0 && errno == EINVAL)
		ret->fd = open(path, O_RDONLY | O_CLOEXEC);
	size = ret->fd < 0 ? -1 : lseek(ret->fd, 0, SEEK_END);
	if (size < 0) {
		err_set(e, -errno, "%s: %s", path, strerror(errno));
		disk_copy_close(ret);
		return e->code;
	}
	ret->bytes = (uint64_t)size;
	ret->sent = calloc(ret->bytes / RECEIVE_BLOCK + 1, sizeof(ret->sent[0]));
	if (!ret->sent) {
		disk_copy_close(ret);
		return err_set(e, -ENOMEM, "no memory");
	}
	return 0;
}

void disk_copy_close(struct disk_copy *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->sent);
	c->fd = -1;
	c->sent = NULL;
}

static bool is_zero(const char *data, size_t n)
{
	return n == 0 || (data[0] == 0 && !memcmp(data, data + 1, n - 1));
}

/* Up to the end: the last block of a file may be of any size, which O_DIRECT reads, too. */
static int read_block(struct disk_copy *c, char *block, uint64_t at, size_t n, struct err *e)
{
	size_t have = 0;

	while (have < n) {
		ssize_t r = pread(c->fd, block + have, RECEIVE_BLOCK - have, (off_t)(at + have));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return err_set(e, r ? -errno : -EIO, "%s: at byte %llu: %s", c->path, (unsigned long long)at, r ? strerror(errno) : "it ends");
		have += (size_t)r;
	}
	return 0;
}

static int send_block(struct disk_copy *c, struct peer *p, char *block, uint64_t at, uint64_t *sent, struct err *e)
{
	char *before = c->sent[at / RECEIVE_BLOCK], hash[65] = "";
	size_t n = c->bytes - at < RECEIVE_BLOCK ? (size_t)(c->bytes - at) : RECEIVE_BLOCK;

	if (read_block(c, block, at, n, e))
		return e->code;
	if (!is_zero(block, n))
		data_hash(block, n, hash);
	hash[32] = 0;
	if (!strcmp(hash, before))
		return 0;
	strcpy(before, hash);
	*sent += n;
	return peer_write(p, c->number, at, block, n, e);
}

int disk_copy_pass(struct disk_copy *c, struct peer *p, bool progress, uint64_t *ret_sent, struct err *e)
{
	char *block = aligned_alloc(4096, RECEIVE_BLOCK);
	int rc = block ? 0 : err_set(e, -ENOMEM, "no memory");

	progress = progress && isatty(STDERR_FILENO);
	for (uint64_t at = 0; at < c->bytes && !rc; at += RECEIVE_BLOCK) {
		rc = command_stopped ? err_set(e, -EINTR, "given up") : send_block(c, p, block, at, ret_sent, e);
		if (progress && at % (RECEIVE_BLOCK * 16) == 0)
			fprintf(stderr, "\rcopying disk %u: %3u %%", c->number, (unsigned)(at * 100 / c->bytes));
	}
	if (progress)
		fputs("\r                          \r", stderr);
	free(block);
	return rc ? rc : peer_ask(p, NULL, 0, NULL, 0, e, "sync %u", c->number);
}
