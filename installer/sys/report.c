/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/url.h"

#define TRIES 3

static size_t on_answer(char *data, size_t size, size_t count, void *user)
{
	(void)data, (void)user;
	return size * count;
}

static CURLcode post_once(const char *url, const char *json, char *why, long *ret_status)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	CURL *c = curl_easy_init();
	CURLcode r = CURLE_OUT_OF_MEMORY;

	why[0] = 0;
	*ret_status = 0;
	if (c && headers) {
		curl_easy_setopt(c, CURLOPT_URL, url);
		curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, json);
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer);
		curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
		curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 10L);
		curl_easy_setopt(c, CURLOPT_TIMEOUT, 30L);
		curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
		curl_easy_setopt(c, CURLOPT_USERAGENT, "dolmen-install");
		r = curl_easy_perform(c);
		curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, ret_status);
	}
	if (r == CURLE_OK && *ret_status >= 300) {
		snprintf(why, CURL_ERROR_SIZE, "the server answered %ld", *ret_status);
		r = CURLE_HTTP_RETURNED_ERROR;
	} else if (r != CURLE_OK && !*why) {
		snprintf(why, CURL_ERROR_SIZE, "%s", curl_easy_strerror(r));
	}
	curl_easy_cleanup(c);
	curl_slist_free_all(headers);
	return r;
}

int report_send(const char *url, const char *json, struct log *l, struct err *e)
{
	char why[CURL_ERROR_SIZE], shown[400];
	long status;

	url_shown(url, shown, sizeof(shown));
	curl_global_init(CURL_GLOBAL_DEFAULT);
	for (int try = 1; ; try++) {
		if (post_once(url, json, why, &status) == CURLE_OK)
			break;
		log_info(l, "report", "%s: try %d: %s", shown, try, why);
		if (try == TRIES || (status >= 300 && status < 500))
			return err_set(e, -EIO, "%s: %s", shown, why);
		sleep(2);
	}
	log_info(l, "report", "%s: sent", shown);
	return 0;
}

static bool is_global(const struct sockaddr *a)
{
	const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;

	if (a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 16 != 0xa9fe;
	return a->sa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(six) && !IN6_IS_ADDR_LOOPBACK(six);
}

void report_addresses(struct report *r)
{
	struct ifaddrs *list;

	if (r->addresses || getifaddrs(&list))
		return;
	for (struct ifaddrs *i = list; i && r->addresses < REPORT_ADDRESSES; i = i->ifa_next) {
		const void *address;

		if (!i->ifa_addr || (i->ifa_flags & IFF_LOOPBACK) || !is_global(i->ifa_addr))
			continue;
		address = i->ifa_addr->sa_family == AF_INET ? (const void *)&((struct sockaddr_in *)(void *)i->ifa_addr)->sin_addr :
							     (const void *)&((struct sockaddr_in6 *)(void *)i->ifa_addr)->sin6_addr;
		if (inet_ntop(i->ifa_addr->sa_family, address, r->address[r->addresses], sizeof(r->address[0])))
			r->addresses++;
	}
	freeifaddrs(list);
}
