/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small functions on strings: bounded copies, checks of names and addresses. Nothing here allocates. */
#ifndef DOLMEN_CORE_TEXT_H
#define DOLMEN_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies, cutting at size; returns false when it had to cut. */
bool text_copy(char *dst, size_t size, const char *src);
/* Removes white space at both ends, in place. */
char *text_trim(char *s);
/* Every character of s stands in the set, and s is not empty. */
bool text_only(const char *s, const char *set);
/* RFC 1123: labels of 1..63 letters, digits and inner hyphens, 253 in all. */
bool text_is_hostname(const char *s);
/* Dotted quad to host byte order. */
bool text_ipv4(const char *s, uint32_t *ret_addr);
/* Contiguous netmask to its length; false for 255.0.255.0 and the like. */
bool text_netmask(const char *s, unsigned *ret_prefix);
/* xx:xx:xx:xx:xx:xx in any case, `-` allowed, to lower case with colons. */
bool text_mac(const char *s, char ret_mac[18]);
/* 21474836480 -> `20.0 GiB` */
const char *text_size(uint64_t bytes, char *buf, size_t size);

#endif
