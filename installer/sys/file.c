/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

#define CHUNK (1u << 20)

int file_read(const char *path, size_t max, char **ret_data, size_t *ret_len, struct err *e)
{
	size_t n = 0, size = 65536;
	char *data = NULL;
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	for (;;) {
		char *p = realloc(data, size + 1);
		ssize_t r;

		if (!p) {
			rc = err_set(e, -ENOMEM, "%s: out of memory", path);
			goto out;
		}
		data = p;
		r = read(fd, data + n, size - n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0) {
			rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
			goto out;
		}
		if (r == 0)
			break;
		n += (size_t)r;
		if (n > max) {
			rc = err_set(e, -EFBIG, "%s: larger than %zu bytes", path, max);
			goto out;
		}
		if (n == size)
			size *= 2;
	}
	data[n] = 0;
	*ret_data = data;
	*ret_len = n;
	data = NULL;
	rc = 0;
out:
	free(data);
	close(fd);
	return rc;
}

bool file_read_line(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	buf[0] = 0;
	if (fd < 0)
		return false;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n < 0)
		n = 0;
	buf[n] = 0;
	text_trim(buf);
	return n > 0;
}

int file_pread_all(int fd, void *buf, size_t n, uint64_t at, const char *path, struct err *e)
{
	uint8_t *p = buf;

	while (n) {
		ssize_t r = pread(fd, p, n, (off_t)at);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return err_set(e, -errno, "%s: reading at byte %" PRIu64 ": %s", path, at, strerror(errno));
		if (r == 0)
			return err_set(e, -ENODATA, "%s: ends at byte %" PRIu64 ", more was expected", path, at);
		p += r;
		n -= (size_t)r;
		at += (uint64_t)r;
	}
	return 0;
}

int file_pwrite_all(int fd, const void *buf, size_t n, uint64_t at, const char *path, struct err *e)
{
	const uint8_t *p = buf;

	while (n) {
		ssize_t r = pwrite(fd, p, n, (off_t)at);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return err_set(e, r ? -errno : -EIO, "%s: writing at byte %" PRIu64 ": %s", path, at,
				       strerror(r ? errno : EIO));
		p += r;
		n -= (size_t)r;
		at += (uint64_t)r;
	}
	return 0;
}

int file_write(const char *path, const void *data, size_t n, unsigned mode, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode), rc;

	if (fd < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	rc = file_pwrite_all(fd, data, n, 0, path, e);
	if (!rc && fsync(fd) < 0 && errno != EINVAL)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	if (close(fd) < 0 && !rc)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	return rc;
}

static void hash_text(const unsigned char *d, unsigned n, char ret_sha256[65])
{
	for (unsigned i = 0; i < n && i < 32; i++)
		snprintf(ret_sha256 + 2 * i, 3, "%02x", d[i]);
}

void data_hash(const void *data, size_t n, char ret_sha256[65])
{
	unsigned char d[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	EVP_Digest(data, n, d, &len, EVP_sha256(), NULL);
	hash_text(d, len, ret_sha256);
}

static size_t chunk_at(uint64_t at, uint64_t bytes)
{
	return bytes - at < CHUNK ? (size_t)(bytes - at) : CHUNK;
}

void file_drop_cache(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode))
		ioctl(fd, BLKFLSBUF, 0);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

/* data has room for all of it. */
static int read_all(int fd, const char *path, uint64_t bytes, uint8_t *data, char ret_sha256[65], file_progress *progress,
		       void *user, struct err *e)
{
	EVP_MD_CTX *md = ret_sha256 ? EVP_MD_CTX_new() : NULL;
	unsigned char d[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	int rc = 0;

	if (ret_sha256 && (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1))
		rc = err_set(e, -ENOMEM, "%s: out of memory", path);
	for (uint64_t at = 0; !rc && at < bytes; at += CHUNK) {
		size_t n = chunk_at(at, bytes);

		rc = file_pread_all(fd, data + at, n, at, path, e);
		if (rc)
			break;
		if (md)
			EVP_DigestUpdate(md, data + at, n);
		if (progress)
			progress(user, n);
	}
	if (!rc && md) {
		EVP_DigestFinal_ex(md, d, &len);
		hash_text(d, len, ret_sha256);
	}
	EVP_MD_CTX_free(md);
	return rc;
}

int file_load(const char *path, uint64_t bytes, void **ret_data, char ret_sha256[65], file_progress *progress, void *user,
	      struct err *e)
{
	void *data = malloc(bytes ? bytes : 1);
	int fd = -1, rc;

	if (!data)
		return err_set(e, -ENOMEM, "%s: out of memory", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : 0;
	if (!rc)
		rc = read_all(fd, path, bytes, data, ret_sha256, progress, user, e);
	if (!rc) {
		*ret_data = data;
		data = NULL;
	}
	free(data);
	if (fd >= 0)
		close(fd);
	return rc;
}

int file_store(const char *path, const void *data, uint64_t bytes, file_progress *progress, void *user, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | (strncmp(path, "/dev/", 5) ? O_CREAT | O_TRUNC : 0), 0644), rc = 0;

	if (fd < 0)
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	for (uint64_t at = 0; !rc && at < bytes; at += CHUNK) {
		size_t n = chunk_at(at, bytes);

		rc = file_pwrite_all(fd, (const uint8_t *)data + at, n, at, path, e);
		if (!rc && progress)
			progress(user, n);
	}
	if (!rc && fsync(fd) < 0)
		rc = err_set(e, -errno, "%s: writing to the disk: %s", path, strerror(errno));
	if (close(fd) < 0 && !rc)
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
	return rc;
}

int file_compare(const char *path, const void *data, uint64_t bytes, file_progress *progress, void *user, struct err *e)
{
	uint8_t *buf = malloc(CHUNK);
	int fd, rc;

	file_drop_cache(path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : buf ? 0 : err_set(e, -ENOMEM, "%s: out of memory", path);
	for (uint64_t at = 0; !rc && at < bytes; at += CHUNK) {
		const uint8_t *want = (const uint8_t *)data + at;
		size_t n = chunk_at(at, bytes), i = 0;

		rc = file_pread_all(fd, buf, n, at, path, e);
		if (rc)
			break;
		if (memcmp(buf, want, n) != 0) {
			while (buf[i] == want[i])
				i++;
			rc = err_set(e, -EBADMSG, "%s: reads back other data than was written, from byte %" PRIu64
				     " on; the disk may be failing: check it or use another", path, at + i);
		} else if (progress) {
			progress(user, n);
		}
	}
	free(buf);
	if (fd >= 0)
		close(fd);
	return rc;
}
