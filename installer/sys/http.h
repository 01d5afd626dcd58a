/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every transfer over http or https has in common. Certificates are checked; no other protocol is spoken. */
#ifndef DOLMEN_SYS_HTTP_H
#define DOLMEN_SYS_HTTP_H

#include <curl/curl.h>

#include "core/watch.h"

struct http {
	CURL *curl;		/* for what one kind of transfer wants besides; NULL: out of memory, which http_do says */
	char why[CURL_ERROR_SIZE];	/* in words, when it failed */
	long status;		/* of the server's answer; 0: there was none */
};

/* Ends after `seconds` at the latest; before, when the watch (or NULL) gives it up. */
void http_begin(struct http *h, const char *url, long seconds, const struct wait_watch *watch);
/* Once. CURLE_ABORTED_BY_CALLBACK: given up. A redirection that nobody follows is an error. */
CURLcode http_do(struct http *h);
/* A CURLOPT_WRITEFUNCTION for answers that nobody reads. */
size_t http_discard(char *data, size_t size, size_t count, void *user);

#endif
