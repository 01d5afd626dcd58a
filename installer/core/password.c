/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "password.h"

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

int password_hash(struct secret *password, const uint8_t salt[PASSWORD_SALT_BYTES], struct err *e)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *cd = calloc(1, sizeof(*cd));
	int rc = 0;

	if (!cd)
		return err_set(e, -ENOMEM, "out of memory");
	if (!crypt_gensalt_rn("$y$", 0, (const char *)salt, salt ? PASSWORD_SALT_BYTES : 0, setting, sizeof(setting)) ||
	    !crypt_r(password->text, setting, cd) || cd->output[0] == '*')
		rc = err_set(e, -EINVAL, "the root password cannot be hashed: %s", strerror(errno));
	else
		text_copy(password->text, sizeof(password->text), cd->output);
	explicit_bzero(cd, sizeof(*cd));
	free(cd);
	return rc;
}
