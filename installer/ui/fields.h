/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks for fields of forms: the values of core/values.h with reasons in the language of the screens. */
#ifndef DOLMEN_UI_FIELDS_H
#define DOLMEN_UI_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

typedef bool field_check(const char *value, char *why, size_t size);

field_check field_vlan;			/* may be empty */
field_check field_ipv4, field_netmask, field_gateway;	/* a gateway may be empty */
field_check field_ipv6, field_gateway6;
field_check field_hostname;
field_check field_name_server, field_ntp_server;	/* may be empty */
field_check field_password, field_ssh_key, field_url;

#endif
