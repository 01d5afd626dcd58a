/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line: its words, the parameters, URLs with this machine's names in them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/cmdline.h"
#include "core/params.h"
#include "core/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What overflows inside a struct no sanitizer sees. */
static void check_words(const char *line)
{
	struct cmdline_word w;

	for (size_t at = 0; cmdline_next(line, &at, &w); )
		if (strnlen(w.name, sizeof(w.name)) == sizeof(w.name) || strnlen(w.value, sizeof(w.value)) == sizeof(w.value) ||
		    w.col > at || (!w.has_value && *w.value))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct machine m = { .serial = "A/1 \xc3\xa9", .uuid = "4c4c4544", .nics = 1, .nic = { { .mac = "52:54:00:ab:cd:01" } } };
	static struct diags ds;
	char value[100], url[URL_BYTES], full[URL_BYTES], shown[60];
	char *line = strndup((const char *)data, n);
	struct err e;

	if (!line)
		return 0;
	ds.n = ds.errors = 0;
	check_words(line);
	params_check(line, &ds);
	if (cmdline_get(line, "atexit", value, sizeof(value)) && strlen(value) >= sizeof(value))
		abort();
	if (params_answerfile(line, url, sizeof(url)) && !params_unattended(line))
		abort();
	if (!url_expand(line, &m, full, &e) && strlen(full) >= sizeof(full))
		abort();
	url_shown(line, shown, sizeof(shown));
	free(line);
	return 0;
}
