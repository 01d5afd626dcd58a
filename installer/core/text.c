/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool text_copy(char *dst, size_t size, const char *src)
{
	size_t n = strlen(src);
	bool fits = n < size;

	if (!fits)
		n = size - 1;
	memcpy(dst, src, n);
	dst[n] = 0;
	return fits;
}

char *text_trim(char *s)
{
	size_t n = strlen(s), i = 0;

	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = 0;
	while (isspace((unsigned char)s[i]))
		i++;
	memmove(s, s + i, n - i + 1);
	return s;
}

bool text_only(const char *s, const char *set)
{
	return *s && s[strspn(s, set)] == 0;
}

bool text_is_hostname(const char *s)
{
	size_t len = strlen(s), label = 0;

	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i <= len; i++) {
		if (s[i] == '.' || s[i] == 0) {
			if (label == 0 || label > 63 || s[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!(isascii((unsigned char)s[i]) && (isalnum((unsigned char)s[i]) || (s[i] == '-' && label > 0))))
			return false;
		label++;
	}
	return true;
}

bool text_ipv4(const char *s, uint32_t *ret_addr)
{
	struct in_addr a;

	if (inet_pton(AF_INET, s, &a) != 1)
		return false;
	*ret_addr = ntohl(a.s_addr);
	return true;
}

bool text_netmask(const char *s, unsigned *ret_prefix)
{
	uint32_t m;
	unsigned n = 0;

	if (!text_ipv4(s, &m))
		return false;
	while (n < 32 && (m & (UINT32_C(1) << (31 - n))))
		n++;
	if (n < 32 && (m & (UINT32_MAX >> n)))
		return false;
	*ret_prefix = n;
	return true;
}

bool text_mac(const char *s, char ret_mac[18])
{
	if (strlen(s) != 17)
		return false;
	for (size_t i = 0; i < 17; i++) {
		if (i % 3 == 2) {
			if (s[i] != ':' && s[i] != '-')
				return false;
			ret_mac[i] = ':';
		} else {
			if (!isxdigit((unsigned char)s[i]))
				return false;
			ret_mac[i] = (char)tolower((unsigned char)s[i]);
		}
	}
	ret_mac[17] = 0;
	return true;
}

const char *text_size(uint64_t bytes, char *buf, size_t size)
{
	static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	uint64_t div = 1;
	unsigned u = 0;

	while (u < 4 && bytes / div >= 1024) {
		div *= 1024;
		u++;
	}
	if (u == 0)
		snprintf(buf, size, "%" PRIu64 " bytes", bytes);
	else
		snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %s", bytes / div, bytes % div * 10 / div, unit[u]);
	return buf;
}
