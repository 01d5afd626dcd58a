/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The languages of the screens. Texts are looked up with gettext in DIR/LANGUAGE/LC_MESSAGES/dolmen-install.mo;
 * English is what stands in the source. glibc translates nothing in the locales C and C.UTF-8, so the image has
 * C.UTF-8 under the name en_US.UTF-8 as well.
 */
#ifndef DOLMEN_UI_I18N_H
#define DOLMEN_UI_I18N_H

#include <libintl.h>

#include "core/phrase.h"

#define _(text) gettext(text)

#define I18N_DIR "/usr/share/dolmen/locale"
#define I18N_LANGUAGES 2

struct i18n_language {
	const char *code;	/* of answers.language */
	const char *name;	/* in the language itself */
};
extern const struct i18n_language i18n_languages[I18N_LANGUAGES];

/* Once, before any text. */
void i18n_start(const char *dir);
/* From now on. */
void i18n_use(const char *code);

#endif
