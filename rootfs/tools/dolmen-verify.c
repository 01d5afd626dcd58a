/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dolmen-verify [--progress] [--manifest] KEY DIR [FILE ...]: is what stands in DIR what was signed?
 *     DIR/dolmen/manifest must be signed by KEY: DIR/dolmen/manifest.sig is a raw Ed25519 signature (RFC 8032) of its bytes.
 *     Then each FILE, or each file of the manifest, must have the size and the SHA-256 that stand there. --manifest: the
 *     signature alone. KEY is PEM (RFC 8410) and may hold several keys, of which one must fit.
 * dolmen-verify [--progress] --iso DEVICE: is the whole ISO as it was made? Its SHA-256 and size are noted in the field
 *     "application use" of its primary volume descriptor (ECMA-119 8.4.32) and were taken while that was empty. Not signed.
 *
 * The verdict is one line on standard output. Exit status: 0 good, 1 bad, 2 wrong usage, or a key that is none. Progress goes
 * to standard error: a line that is drawn over on a terminal, with --progress a line every ten percent elsewhere.
 * Linked statically for the initramfs: nettle makes it a fifth of what libcrypto would.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <nettle/base64.h>
#include <nettle/eddsa.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST "dolmen/manifest"
#define SIGNATURE MANIFEST ".sig"
#define MANIFEST_MAX (4u << 20)
#define KEY_MAX 65536u
#define CHUNK (1u << 20)
#define PAGE 4096u		/* what the kernel reads of a file or device at least */
#define ISO_NOTE_AT (16 * 2048 + 883u)
#define ISO_NOTE_BYTES 512u

struct record {
	char sha256[65], path[256];
	uint64_t bytes;
	bool wanted;
};

static struct {
	bool wanted, terminal;
	uint64_t done, all;
	unsigned shown;
} progress;

static bool bad(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The verdict of what is not good; false. */
static bool bad(const char *format, ...)
{
	va_list args;

	if (progress.terminal)
		fputs("\r\033[K", stderr);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return false;
}

static void progress_add(uint64_t bytes)
{
	unsigned percent;

	progress.done += bytes;
	percent = progress.all ? (unsigned)(progress.done * 100 / progress.all) : 0;
	if (progress.terminal && percent != progress.shown)
		fprintf(stderr, "\rverifying: %u %%%s", percent, percent == 100 ? "\r\033[K" : "");
	else if (progress.wanted && percent / 10 != progress.shown / 10)
		fprintf(stderr, "verifying: %u %%\n", percent / 10 * 10);
	progress.shown = percent;
}

/* A whole small file, ended with a NUL that does not count; NULL with errno set. */
static char *slurp(const char *path, size_t max, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data = malloc(max + 1);
	ssize_t r = 1;

	*ret_n = 0;
	while (fd >= 0 && data && r > 0 && *ret_n < max) {
		r = read(fd, data + *ret_n, max - *ret_n);
		*ret_n += r > 0 ? (size_t)r : 0;
	}
	if (fd < 0 || !data || r < 0) {
		free(data);
		data = NULL;
	} else {
		data[*ret_n] = 0;
	}
	if (fd >= 0)
		close(fd);
	return data;
}

/* The next public key of the PEM text at *pem; 1 got one, 0 there is no more, -1 it is none of Ed25519. */
static int key_next(const char **pem, uint8_t key[ED25519_KEY_SIZE])
{
	static const char begin[] = "-----BEGIN PUBLIC KEY-----", end[] = "-----END PUBLIC KEY-----";
	static const uint8_t head[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
	const char *from = strstr(*pem, begin), *to = from ? strstr(from, end) : NULL;
	uint8_t der[128];
	struct base64_decode_ctx c;
	size_t n = sizeof(der), text;

	if (!from)
		return 0;
	from += sizeof(begin) - 1;
	text = to ? (size_t)(to - from) : 0;
	base64_decode_init(&c);
	if (!to || BASE64_DECODE_LENGTH(text) > sizeof(der) || !base64_decode_update(&c, &n, der, text, from) ||
	    !base64_decode_final(&c) || n != sizeof(head) + ED25519_KEY_SIZE || memcmp(der, head, sizeof(head)) != 0)
		return -1;
	memcpy(key, der + sizeof(head), ED25519_KEY_SIZE);
	*pem = to;
	return 1;
}

/* 1: one of the keys made the signature; 0: none did; -1: there is no key, or one is broken. */
static int keys_verify(const char *pem, const char *data, size_t n, const uint8_t *signature)
{
	uint8_t key[ED25519_KEY_SIZE];
	int r, seen = 0, good = 0;

	while ((r = key_next(&pem, key)) > 0) {
		seen = 1;
		good |= ed25519_sha512_verify(key, n, (const uint8_t *)data, signature);
	}
	return r < 0 || !seen ? -1 : good;
}

/* The manifest's text once its signature is good, else NULL. */
static char *manifest_signed(const char *keys, const char *dir)
{
	char path[4096], *text, *signature;
	bool good = false;
	size_t n, bytes;

	snprintf(path, sizeof(path), "%s/" MANIFEST, dir);
	text = slurp(path, MANIFEST_MAX, &n);
	if (!text) {
		bad(MANIFEST ": %s", strerror(errno));
		return NULL;
	}
	snprintf(path, sizeof(path), "%s/" SIGNATURE, dir);
	signature = slurp(path, ED25519_SIGNATURE_SIZE + 1, &bytes);
	if (!signature)
		bad(MANIFEST ": not signed: " SIGNATURE ": %s", strerror(errno));
	else if (bytes != ED25519_SIGNATURE_SIZE)
		bad(SIGNATURE ": not a signature of %d bytes", ED25519_SIGNATURE_SIZE);
	else if (keys_verify(keys, text, n, (const uint8_t *)signature) != 1)
		bad(MANIFEST ": signed with another key, or changed after it was signed");
	else
		good = true;
	free(signature);
	if (good)
		return text;
	free(text);
	return NULL;
}

/* The `file` records of the text, lines of other kinds are skipped; the number of them. */
static bool records_read(const char *text, struct record **ret, unsigned *ret_n)
{
	const char *line = text, *nl;
	struct record *r;
	int end;

	for (; (nl = strchr(line, '\n')); line = nl + 1) {
		if (strncmp(line, "file ", 5) != 0)
			continue;
		r = realloc(*ret, (*ret_n + 1) * sizeof(*r));
		if (!r)
			return bad("out of memory");
		*ret = r;
		r += (*ret_n)++;
		memset(r, 0, sizeof(*r));
		if (sscanf(line, "file %64[0-9a-f] %" SCNu64 " %255[^\n]%n", r->sha256, &r->bytes, r->path, &end) != 3 ||
		    line + end != nl || strlen(r->sha256) != 64 || r->path[0] == '/' || strstr(r->path, ".."))
			return bad(MANIFEST ": signed, but broken: %.*s", (int)(nl - line), line);
	}
	if (*line || !*ret_n)
		return bad(MANIFEST ": signed, but %s", *line ? "cut off" : "names no files");
	return true;
}

/* Which sector of the medium byte AT of the file is in; false when the file system does not tell. */
static bool sector_of(int fd, uint64_t at, unsigned long *ret)
{
	int size = 0, block;

	if (ioctl(fd, FIGETBSZ, &size) < 0 || size <= 0)
		return false;
	block = (int)(at / (unsigned)size);
	if (ioctl(fd, FIBMAP, &block) < 0 || block <= 0)
		return false;
	*ret = (unsigned long)block * ((unsigned)size / 512) + at % (unsigned)size / 512;
	return true;
}

static bool bad_read(const char *name, int fd, uint64_t at, bool device)
{
	unsigned long sector = (unsigned long)(at / 512);
	const char *why = strerror(errno);

	if (device || sector_of(fd, at, &sector))
		return bad("%s: cannot be read at byte %" PRIu64 ", sector %lu of the medium: %s", name, at, sector, why);
	return bad("%s: cannot be read at byte %" PRIu64 ": %s", name, at, why);
}

/* As pread, all of it or up to the end; on an error *at is the page of which something cannot be read. */
static ssize_t read_at(int fd, char *buf, size_t n, uint64_t *at)
{
	size_t done = 0, step = n;

	while (done < n) {
		ssize_t r = pread(fd, buf + done, step < n - done ? step : n - done, (off_t)(*at + done));

		if (r > 0) {
			done += (size_t)r;
		} else if (r == 0) {
			break;
		} else if (errno != EINTR && step <= PAGE) {
			*at += done;
			return -1;
		} else if (errno != EINTR) {
			step = PAGE;
		}
	}
	return (ssize_t)done;
}

/* Hash BYTES of fd; of an ISO, zeros in place of its note. */
static bool hash_file(const char *name, int fd, uint64_t bytes, bool iso, char ret_hex[65])
{
	static char buf[CHUNK];
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx c;

	sha256_init(&c);
	for (uint64_t at = 0; at < bytes; ) {
		size_t want = bytes - at < CHUNK ? (size_t)(bytes - at) : CHUNK;
		uint64_t failed = at;
		ssize_t n = read_at(fd, buf, want, &failed);

		if (n < 0)
			return bad_read(name, fd, failed, iso);
		if ((size_t)n < want)
			return bad("%s: ends after %" PRIu64 " of %" PRIu64 " bytes", name, at + (uint64_t)n, bytes);
		if (iso && at == 0 && want >= ISO_NOTE_AT + ISO_NOTE_BYTES)
			memset(buf + ISO_NOTE_AT, 0, ISO_NOTE_BYTES);
		sha256_update(&c, want, (const uint8_t *)buf);
		progress_add(want);
		at += want;
	}
	sha256_digest(&c, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", digest[i]);
	return true;
}

static bool file_check(int fd, const struct record *r)
{
	unsigned long sector;
	struct stat st;
	char hex[65];

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return bad("%s: not a file", r->path);
	if ((uint64_t)st.st_size != r->bytes)
		return bad("%s: has %lld bytes, the manifest says %" PRIu64, r->path, (long long)st.st_size, r->bytes);
	if (!hash_file(r->path, fd, r->bytes, false, hex))
		return false;
	if (!strcmp(hex, r->sha256))
		return true;
	if (r->bytes && sector_of(fd, 0, &sector))
		return bad("%s: SHA-256 is not the manifest's; the file begins at sector %lu of the medium", r->path, sector);
	return bad("%s: SHA-256 is not the manifest's", r->path);
}

/* Marks the records of the named files, of all when none is named. */
static bool records_choose(struct record *record, unsigned n, char **files)
{
	for (unsigned i = 0; i < n; i++)
		record[i].wanted = !*files;
	for (; *files; files++) {
		unsigned i = 0;

		while (i < n && strcmp(record[i].path, *files) != 0)
			i++;
		if (i == n)
			return bad("%s: not in the manifest", *files);
		record[i].wanted = true;
	}
	for (unsigned i = 0; i < n; i++)
		progress.all += record[i].wanted ? record[i].bytes : 0;
	return true;
}

static bool verify_files(const char *dir, const char *text, char **files)
{
	struct record *record = NULL;
	unsigned n = 0, count = 0;
	char path[4096];
	bool good = records_read(text, &record, &n) && records_choose(record, n, files);

	for (unsigned i = 0; good && i < n; i++) {
		int fd;

		if (!record[i].wanted)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, record[i].path);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		good = fd < 0 ? bad("%s: %s", record[i].path, strerror(errno)) : file_check(fd, &record[i]);
		if (fd >= 0)
			close(fd);
		count++;
	}
	free(record);
	if (good)
		printf("%u files, %" PRIu64 " bytes: good\n", count, progress.done);
	return good;
}

static bool verify_iso(const char *device)
{
	char note[ISO_NOTE_BYTES + 1] = "", want[65], hex[65];
	int fd = open(device, O_RDONLY | O_CLOEXEC);
	uint64_t at = ISO_NOTE_AT, bytes;

	if (fd < 0)
		return bad("%s: %s", device, strerror(errno));
	if (read_at(fd, note, ISO_NOTE_BYTES, &at) < 0)
		return bad_read(device, fd, at, true);
	if (sscanf(note, "dolmen-iso sha256 %64[0-9a-f] bytes %" SCNu64, want, &bytes) != 2 || strlen(want) != 64)
		return bad("%s: no note of its SHA-256: not an ISO of Dolmen, or its begin is damaged", device);
	progress.all = bytes;
	if (!hash_file(device, fd, bytes, true, hex))
		return false;
	close(fd);
	if (strcmp(hex, want) != 0)
		return bad("%s: SHA-256 is not the ISO's: damaged, or written to", device);
	printf("%s: %" PRIu64 " bytes as the ISO was made: good\n", device, bytes);
	return true;
}

int main(int argc, char **argv)
{
	bool manifest_only = false, iso = false, good;
	char *keys, *text;
	size_t n;

	for (argv++, argc--; argc && !strncmp(*argv, "--", 2); argv++, argc--) {
		if (!strcmp(*argv, "--progress"))
			progress.wanted = true;
		else if (!strcmp(*argv, "--manifest"))
			manifest_only = true;
		else if (!strcmp(*argv, "--iso"))
			iso = true;
		else
			argc = 1;	/* the last word: usage */
	}
	progress.terminal = isatty(STDERR_FILENO);
	if (iso && !manifest_only && argc == 1)
		return verify_iso(argv[0]) ? 0 : 1;
	if (iso || argc < 2 || (manifest_only && argc != 2)) {
		fputs("usage: dolmen-verify [--progress] [--manifest] KEY DIR [FILE ...]\n"
		      "       dolmen-verify [--progress] --iso DEVICE\n", stderr);
		return 2;
	}
	keys = slurp(argv[0], KEY_MAX, &n);
	if (!keys || keys_verify(keys, "", 0, (const uint8_t[ED25519_SIGNATURE_SIZE]){ 0 }) < 0) {
		fprintf(stderr, "dolmen-verify: %s: %s\n", argv[0], keys ? "no Ed25519 public key in PEM" : strerror(errno));
		return 2;
	}
	text = manifest_signed(keys, argv[1]);
	good = text && (manifest_only || verify_files(argv[1], text, argv + 2));
	if (good && manifest_only)
		puts(MANIFEST ": the signature is good");
	free(text);
	free(keys);
	return good ? 0 : 1;
}
