/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http.h"

#include <stdio.h>

static int on_progress(void *user, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	const struct wait_watch *w = user;

	(void)down_all, (void)down, (void)up_all, (void)up;
	return !w->go_on(w->user);
}

void http_begin(struct http *h, const char *url, long seconds, const struct wait_watch *watch)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	*h = (struct http){ .curl = curl_easy_init() };
	if (!h->curl)
		return;
	curl_easy_setopt(h->curl, CURLOPT_URL, url);
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h->curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->why);
	curl_easy_setopt(h->curl, CURLOPT_USERAGENT, "dolmen-install");
	if (watch) {
		curl_easy_setopt(h->curl, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(h->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(h->curl, CURLOPT_XFERINFODATA, watch);
	}
}

CURLcode http_do(struct http *h)
{
	CURLcode r = h->curl ? curl_easy_perform(h->curl) : CURLE_OUT_OF_MEMORY;

	if (h->curl)
		curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &h->status);
	if (r == CURLE_OK && h->status >= 300) {	/* sent elsewhere, where nobody went */
		snprintf(h->why, sizeof(h->why), "the server answered %ld", h->status);
		r = CURLE_HTTP_RETURNED_ERROR;
	} else if (r != CURLE_OK && !*h->why) {
		snprintf(h->why, sizeof(h->why), "%s", curl_easy_strerror(r));
	}
	curl_easy_cleanup(h->curl);
	h->curl = NULL;
	return r;
}

size_t http_discard(char *data, size_t size, size_t count, void *user)
{
	(void)data, (void)user;
	return size * count;
}
