/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "save.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/url.h"
#include "file.h"
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

static size_t on_answer(char *data, size_t size, size_t count, void *user)
{
	(void)data, (void)user;
	return size * count;
}

int save_to_url(const char *url, const char *name, const void *data, size_t n, struct log *l, struct err *e)
{
	struct source s = { data, n };
	char full[1400], shown[1400], why[CURL_ERROR_SIZE] = "";
	size_t len = strlen(url);
	long status = 0;
	CURL *c = curl_easy_init();
	CURLcode r;

	if (!c)
		return err_set(e, -ENOMEM, "out of memory");
	snprintf(full, sizeof(full), "%s%s", url, len && url[len - 1] == '/' ? name : "");
	url_shown(full, shown, sizeof(shown));
	curl_easy_setopt(c, CURLOPT_URL, full);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(c, CURLOPT_READDATA, &s);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)n);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "dolmen-install");
	r = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	if (r == CURLE_OK && status >= 300) {	/* sent elsewhere, where nobody went */
		snprintf(why, sizeof(why), "the server answered %ld", status);
		r = CURLE_HTTP_RETURNED_ERROR;
	} else if (r != CURLE_OK && !*why) {
		snprintf(why, sizeof(why), "%s", curl_easy_strerror(r));
	}
	curl_easy_cleanup(c);
	if (r != CURLE_OK)
		return err_set(e, -EIO, "%s: %s", shown, why);
	log_info(l, "save", "%s: %zu bytes", shown, n);
	return 0;
}
