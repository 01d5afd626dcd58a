/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of disks: only their form. Which disk is meant says machine_find_disk(). */
#include "values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* sda1, vdb2, nvme0n1p3, mmcblk0p1: the whole disk is wanted. */
static bool is_partition(const char *name)
{
	static const char *const letters[] = { "sd", "vd", "xvd", "hd" };
	const char *p;

	for (unsigned i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		size_t n = strlen(letters[i]), more = strspn(name + n, "abcdefghijklmnopqrstuvwxyz");

		if (!strncmp(name, letters[i], n) && more && text_only(name + n + more, "0123456789"))
			return true;
	}
	p = strrchr(name, 'p');
	return p > name && isdigit((unsigned char)p[-1]) && text_only(p + 1, "0123456789") &&
	       (!strncmp(name, "nvme", 4) || !strncmp(name, "mmcblk", 6));
}

/* `largest`, `smallest`, `480G`, `>=1.9TB`; see machine.h */
static bool size_is_right(const char *s)
{
	char *end;

	if (!strcmp(s, "largest") || !strcmp(s, "smallest"))
		return true;
	s += *s == '<' || *s == '>';
	s += *s == '=';
	if (!isdigit((unsigned char)*s) || strtod(s, &end) <= 0 || strspn(s, "0123456789.") != (size_t)(end - s))
		return false;
	if (!*end || !strchr("KMGTPkmgtp", *end))
		return false;
	return !end[1] || !strcmp(end + 1, "B") || !strcmp(end + 1, "i") || !strcmp(end + 1, "iB");
}

/* `serial:X` and its like. */
static int check_property(const char *text, const char *colon, struct err *e)
{
	static const char *const kinds[] = { "serial", "wwn", "model", "size", NULL };
	char kind[16];
	size_t n = (size_t)(colon - text);
	const char *nearest;

	if (n == 5 && !strncmp(text, "iscsi", 5))
		return err_set(e, -EINVAL, "disks reached by iSCSI are not supported; name a disk of the machine");
	text_copy(kind, n < sizeof(kind) ? n + 1 : sizeof(kind), text);
	for (unsigned i = 0; kinds[i]; i++) {
		if (strcmp(kinds[i], kind) != 0)
			continue;
		if (!colon[1])
			return err_set(e, -EINVAL, "`%s` says nothing after the colon", text);
		if (!strcmp(kind, "size") && !size_is_right(colon + 1))
			return err_set(e, -EINVAL, "`%.60s` is not a size; write size:480G, size:>1T, size:<=2TiB, size:largest or size:smallest", text);
		return 0;
	}
	nearest = names_nearest_of(kinds, kind);
	if (nearest)
		return err_set(e, -EINVAL, "`%.60s`: there is no `%s:`; did you mean `%s:`?", text, kind, nearest);
	return err_set(e, -EINVAL, "`%.60s`: there is no `%s:`; write serial:, wwn:, model: or size:", text, kind);
}

static int check_path(const char *text, struct err *e)
{
	static const char *const other[] = { "by-path", "by-uuid", "by-label", "by-partuuid", "by-partlabel" };

	if (strncmp(text, "/dev/", 5) != 0 || !text[5])
		return err_set(e, -EINVAL, "`%.60s` is not a disk below /dev", text);
	for (unsigned i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (!strncmp(text, "/dev/disk/", 10) && !strncmp(text + 10, other[i], strlen(other[i])))
			return err_set(e, -EINVAL, "`%.60s`: names of the kind %s are not supported; use /dev/disk/by-id/..., serial: or wwn:", text,
				       other[i]);
	if (!strncmp(text, "/dev/mapper/", 12) || !strncmp(text, "/dev/dm-", 8))
		return err_set(e, -EINVAL, "`%.60s` is no disk but a layer above disks; name the disk itself", text);
	return 0;
}

int value_disk_name(const char *text, char ret[256], struct err *e)
{
	const char *colon = strchr(text, ':'), *name = !strncmp(text, "/dev/", 5) ? text + 5 : text;
	int rc = 0;

	if (!*text)
		return err_set(e, -EINVAL, "write a disk: sda, /dev/sda, /dev/disk/by-id/..., serial:... or wwn:...");
	for (const char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return err_set(e, -EINVAL, "a disk's name has no control characters");
	if (strlen(text) > 255)
		return err_set(e, -EINVAL, "a disk's name has at most 255 characters");
	if (*text == '/')
		rc = check_path(text, e);
	else if (colon)
		rc = check_property(text, colon, e);
	else if (strchr(text, ','))
		rc = err_set(e, -EINVAL, "`%.60s`: one disk is expected; for a mirror of two write swraid=\"yes\"", text);
	else if (strpbrk(text, " \t/"))
		rc = err_set(e, -EINVAL, "`%.60s` is not the name of a disk like sda", text);
	if (!rc && is_partition(name))
		rc = err_set(e, -EINVAL, "`%.60s` is a partition; name the whole disk", text);
	if (!rc)
		text_copy(ret, 256, text);
	return rc;
}
