/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes of passwords as /etc/shadow has them: yescrypt, crypt(5). */
#ifndef DOLMEN_CORE_PASSWORD_H
#define DOLMEN_CORE_PASSWORD_H

#include <stdint.h>

#include "answers.h"
#include "err.h"

#define PASSWORD_SALT_BYTES 16

/* In place: what was typed becomes its hash, and stays when there is an error. The salt is random; NULL: libcrypt draws one. */
int password_hash(struct secret *password, const uint8_t salt[PASSWORD_SALT_BYTES], struct err *e);

#endif
