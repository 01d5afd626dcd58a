/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answer files: read, checked, written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What follows only when there is no error; a password must be a hash by then. */
static void write_out(struct answers *a)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return;
	if (a->password_type == PASSWORD_PLAINTEXT) {
		a->password_type = PASSWORD_HASH;
		strcpy(a->password.text, "$6$salt$hash");
	}
	answers_write(a, out);
	fclose(out);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char zone[] = "Europe/Berlin", map[] = "de";
	static char *zones[] = { zone }, *maps[] = { map };
	static const struct names names = { { 1, zones }, { 1, maps } };
	static struct answers a;
	static struct diags ds;

	ds.n = ds.errors = 0;
	/* the first byte chooses: names known or not, strict or not */
	if (n == 0)
		return 0;
	if (!answers_parse(&a, (const char *)data + 1, n - 1, *data & 1 ? &names : NULL, *data & 2, &ds)) {
		answers_check(&a, &ds);
		write_out(&a);
	}
	return 0;
}
