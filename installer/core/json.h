/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) on one line, written as it comes: members and elements get their commas by themselves. name is NULL for the
 * elements of an array and for the outermost value. Text that is not UTF-8 becomes U+FFFD.
 */
#ifndef DOLMEN_CORE_JSON_H
#define DOLMEN_CORE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool comma;	/* before the next value */
};

void json_object(struct json *j, const char *name);
void json_array(struct json *j, const char *name);
void json_object_end(struct json *j);
void json_array_end(struct json *j);
void json_text(struct json *j, const char *name, const char *value);	/* NULL is null */
void json_number(struct json *j, const char *name, uint64_t value);
void json_bool(struct json *j, const char *name, bool value);
/* Ends the line. */
void json_end(struct json *j);

#endif
