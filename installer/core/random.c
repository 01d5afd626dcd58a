/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64, the public domain generator by Sebastiano Vigna */
void random_seed(struct random *r, uint64_t seed)
{
	for (size_t i = 0; i < sizeof(r->bytes); i += 8) {
		uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		z ^= z >> 31;
		for (unsigned b = 0; b < 8; b++)
			r->bytes[i + b] = (uint8_t)(z >> (8 * b));
	}
	r->used = 0;
}

void random_take(struct random *r, uint8_t *out, size_t n)
{
	if (r->used + n > sizeof(r->bytes))
		abort();
	memcpy(out, r->bytes + r->used, n);
	r->used += n;
}

void random_guid(struct random *r, char ret_guid[37])
{
	uint8_t b[16];
	size_t n = 0;

	random_take(r, b, sizeof(b));
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_guid[n++] = '-';
		snprintf(ret_guid + n, 3, "%02x", b[i]);
		n += 2;
	}
}
