/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/url.h"
#include "file.h"
#include "http.h"
#include "volume.h"

int save_to_volume(const char *node, const char *type, const char *name, const void *data, size_t n, struct log *l, struct err *e)
{
	struct volume_mount v;
	char path[200], device[80];
	struct err ignored;
	int rc;

	snprintf(device, sizeof(device), "/dev/%s", node);
	rc = volume_open(&v, l, device, type, false, e);
	if (rc)
		return rc;
	snprintf(path, sizeof(path), "%s/%.100s", v.dir, name);
	rc = file_write(path, data, n, 0600, e);
	if (rc) {
		volume_close(&v, l, &ignored);
		return rc;
	}
	return volume_close(&v, l, e);
}

int load_from_volume(const char *node, const char *type, const char *name, size_t max, struct log *l, char **ret_data, size_t *ret_len,
		     struct err *e)
{
	struct volume_mount v;
	char path[200], device[80];
	struct err ignored;
	int rc;

	snprintf(device, sizeof(device), "/dev/%s", node);
	rc = volume_open(&v, l, device, type, true, e);
	if (rc)
		return rc;
	snprintf(path, sizeof(path), "%s/%.100s", v.dir, name);
	rc = file_read(path, max, ret_data, ret_len, e);
	volume_close(&v, l, &ignored);
	return rc;
}

struct source {
	const char *data;
	size_t n;
};

static size_t on_read(char *to, size_t size, size_t count, void *user)
{
	struct source *s = user;
	size_t n = size * count < s->n ? size * count : s->n;

	memcpy(to, s->data, n);
	s->data += n;
	s->n -= n;
	return n;
}

int save_to_url(const char *url, const char *name, const void *data, size_t n, const struct wait_watch *watch, struct log *l,
		struct err *e)
{
	struct source s = { data, n };
	char full[1400], shown[1400];
	size_t len = strlen(url);
	struct http h;
	CURLcode r;

	snprintf(full, sizeof(full), "%s%s", url, len && url[len - 1] == '/' ? name : "");
	url_shown(full, shown, sizeof(shown));
	http_begin(&h, full, 60, watch);
	if (h.curl) {
		curl_easy_setopt(h.curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(h.curl, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(h.curl, CURLOPT_READDATA, &s);
		curl_easy_setopt(h.curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)n);
		curl_easy_setopt(h.curl, CURLOPT_WRITEFUNCTION, http_discard);
	}
	r = http_do(&h);
	if (r == CURLE_ABORTED_BY_CALLBACK)
		return err_set(e, -ECANCELED, "%s: given up", shown);
	if (r != CURLE_OK)
		return err_set(e, -EIO, "%s: %s", shown, h.why);
	log_info(l, "save", "%s: %zu bytes", shown, n);
	return 0;
}
