/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answer files: read, checked, written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Only when there is no error; a password must be a hash by then. What is written can be read again, without one. */
static void write_out(struct answers *a)
{
	static struct answers again;
	static struct diags ds;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return;
	ds.n = ds.errors = 0;
	if (a->password_type == PASSWORD_PLAINTEXT) {
		a->password_type = PASSWORD_HASH;
		snprintf(a->password.text, sizeof(a->password.text), "$6$salt$%086d", 0);
	}
	answers_write(a, out);
	fclose(out);
	if (!answers_parse(&again, text, n, NULL, false, &ds))
		answers_check(&again, &ds);
	if (ds.errors) {
		diag_write(&ds.d[0], text, stderr);
		abort();
	}
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
		if (ds.errors == 0)
			write_out(&a);
	}
	return 0;
}
