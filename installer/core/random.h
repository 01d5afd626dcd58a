/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The random bytes a plan is made of, drawn once and handed in, so that a plan can be made again.
 * random_seed() fills them from a number (tests only); the caller fills them from the kernel otherwise.
 */
#ifndef DOLMEN_CORE_RANDOM_H
#define DOLMEN_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint8_t bytes[512];
	size_t used;
};

void random_seed(struct random *r, uint64_t seed);
/* Running out is a defect of the caller: aborts. */
void random_take(struct random *r, uint8_t *out, size_t n);
/* RFC 9562 version 4, lower case text. */
void random_guid(struct random *r, char ret_guid[37]);

#endif
