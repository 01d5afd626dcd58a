/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An OVA's manifest: lines `SHA256(FILE)= HEX`, or of SHA1 or SHA512. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "command.h"
#include "import.h"
#include "ova_manifest.h"
#include "sys/file.h"

#define STEP 65536

int manifest_hash(const char *algorithm, int fd, uint64_t at, uint64_t bytes, const char *name, char ret[MANIFEST_HEX], struct err *e)
{
	const EVP_MD *md = EVP_get_digestbyname(algorithm);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	static uint8_t block[STEP];
	unsigned n = 0;
	int rc = 0;
	char what[64];

	snprintf(what, sizeof(what), "reading %.50s", name);
	if (!md || !context || EVP_DigestInit_ex(context, md, NULL) != 1)
		rc = err_set(e, -EIO, "%s cannot be reckoned", algorithm);
	for (uint64_t done = 0; done < bytes && !rc; done += STEP) {
		size_t part = bytes - done < STEP ? (size_t)(bytes - done) : STEP;

		if (done % (256 * STEP) == 0)
			image_progress(what, (double)done * 100 / (double)bytes);
		rc = command_stopped ? err_set(e, -EINTR, "%s: given up", name) : file_pread_all(fd, block, part, at + done, name, e);
		EVP_DigestUpdate(context, block, part);
	}
	image_progress(what, 101);
	if (!rc)
		EVP_DigestFinal_ex(context, digest, &n);
	for (unsigned i = 0; i < n; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(context);
	return rc;
}

static int verify(const struct import *i, const char *path, const char *algorithm, const char *name, const char *hex, struct err *e)
{
	char at_path[IMAGE_PATH], found[MANIFEST_HEX] = "";
	uint64_t at, bytes;
	struct err ignored;
	int fd, rc;

	/* What is not there is missed by who needs it. */
	if (import_locate(i, path, name, at_path, &at, &bytes, &ignored))
		return 0;
	fd = open(at_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s: %s", name, strerror(errno));
	rc = manifest_hash(algorithm, fd, at, bytes, name, found, e);
	close(fd);
	if (!rc && strcasecmp(found, hex) != 0)
		rc = err_set(e, COMMAND_REFUSED, "its file %s is not what its manifest says: it was damaged on the way", name);
	return rc;
}

int import_verify(const char *manifest, const struct import *i, const char *path, struct err *e)
{
	char algorithm[16], name[TAR_NAME], hex[MANIFEST_HEX];
	int rc = 0;

	for (const char *line = manifest; *line && !rc; line += strcspn(line, "\n"), line += *line == '\n')
		if (sscanf(line, "%15[A-Z0-9] (%255[^)\n])= %128[0-9a-fA-F]", algorithm, name, hex) == 3)
			rc = verify(i, path, algorithm, name, hex, e);
	return rc;
}
