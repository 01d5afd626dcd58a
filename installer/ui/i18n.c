/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "i18n.h"

#include <locale.h>
#include <stdlib.h>

#define DOMAIN "dolmen-install"

const struct i18n_language i18n_languages[I18N_LANGUAGES] = {
	{ "en", "English" },
	{ "ko", "한국어 (Korean)" },
};

void i18n_start(const char *dir)
{
	static const char *const locales[] = { "en_US.UTF-8", "C.UTF-8", "C" };
	unsigned i = 0;

	while (!setlocale(LC_ALL, locales[i]))
		i++;
	/* S-Lang asks the environment again. */
	setenv("LC_ALL", locales[i], 1);
	bindtextdomain(DOMAIN, dir);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	i18n_use("en");
}

void i18n_use(const char *code)
{
	setenv("LANGUAGE", code, 1);
	textdomain(DOMAIN);	/* forgets what it translated before */
}
