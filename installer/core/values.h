/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One value as a person writes it, in an answer file or on a screen: checked and brought into its canonical form.
 * All return 0, or -EINVAL with a sentence in e that says what was expected, without naming the field.
 * text is taken without white space at its ends.
 */
#ifndef DOLMEN_CORE_VALUES_H
#define DOLMEN_CORE_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "names.h"

int value_yes_no(const char *text, bool *ret, struct err *e);	/* yes no true false, any case */
int value_disk_name(const char *text, char ret[256], struct err *e);
int value_nic_name(const char *text, char ret[32], struct err *e);	/* ethN */
int value_mac(const char *text, char ret[18], struct err *e);
int value_vlan(const char *text, unsigned *ret, struct err *e);		/* 1..4094 */
/* A host's address: not 0/8, 127/8, multicast. */
int value_ipv4(const char *text, char ret[16], struct err *e);
int value_netmask(const char *text, unsigned *ret_prefix, struct err *e);	/* 255.255.255.0, 24, /24; 1..31 */
int value_ipv6(const char *text, char ret[46], struct err *e);
int value_ipv6_prefix(const char *text, char ret[46], unsigned *ret_prefix, struct err *e);	/* ADDRESS/LENGTH, 4..128 */
int value_server(const char *text, char ret[46], struct err *e);		/* IPv4 or IPv6 address of a name server */
int value_hostname(const char *text, char ret[254], struct err *e);
int value_ntp_server(const char *text, char ret[254], struct err *e);	/* name or address */
/* names may be NULL; the nearest name is offered in the error */
int value_timezone(const char *text, const struct names *names, char ret[64], struct err *e);
int value_keymap(const char *text, const struct names *names, char ret[64], struct err *e);
int value_language(const char *text, char ret[16], struct err *e);
int value_memory(const char *text, unsigned *ret_mib, struct err *e);	/* dom0's: 384M..64G */
int value_vcpus(const char *text, unsigned *ret, struct err *e);	/* 1..128 */
int value_ssh_key(const char *text, char ret[1024], struct err *e);	/* a line of authorized_keys, no private key */
int value_password(const char *text, struct err *e);			/* at least 6 characters, no control characters */
int value_password_hash(const char *text, struct err *e);		/* crypt(5) */
int value_url(const char *text, char ret[1024], struct err *e);		/* file http https */

/* 0 weak, 1 fair, 2 good: a hint, never a refusal */
unsigned password_strength(const char *text);

#endif
