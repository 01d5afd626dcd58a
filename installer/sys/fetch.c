/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fetch.h"

#include <blkid.h>
#include <curl/curl.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/answers.h"
#include "core/text.h"
#include "core/url.h"
#include "file.h"
#include "volume.h"

#define TRY_SECONDS 45		/* after them no other try begins */
#define PAUSE_SECONDS 5

struct sink {
	char *data;
	size_t n, max;
	bool too_big;
};

static size_t on_data(char *data, size_t size, size_t count, void *user)
{
	struct sink *s = user;
	size_t n = size * count;
	char *p;

	if (s->n + n > s->max) {
		s->too_big = true;
		return 0;
	}
	p = realloc(s->data, s->n + n + 1);
	if (!p)
		return 0;
	s->data = p;
	memcpy(p + s->n, data, n);
	s->n += n;
	p[s->n] = 0;
	return n;
}

static int fetch_once(const char *url, struct sink *s, char *why, long *ret_status)
{
	CURL *c = curl_easy_init();
	CURLcode r;

	if (!c)
		return CURLE_OUT_OF_MEMORY;
	why[0] = 0;
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	/* What was to be checked and secret stays so. */
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, strncmp(url, "https:", 6) ? "http,https" : "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);	/* a server that stops in the middle, a cable that is pulled */
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, 10L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "dolmen-install");
	r = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, ret_status);
	if (r != CURLE_OK && !*why)
		snprintf(why, CURL_ERROR_SIZE, "%s", curl_easy_strerror(r));
	curl_easy_cleanup(c);
	return (int)r;
}

static time_t seconds_up(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

int fetch_url(const char *url, size_t max, struct log *l, char **ret_data, size_t *ret_len, struct err *e)
{
	char why[CURL_ERROR_SIZE] = "", shown[400];
	struct sink s = { .max = max };
	time_t began = seconds_up();
	long status = 0;
	int r = 0, tries = 1;

	if (!strncmp(url, "file://", 7))
		return file_read(url + 7, max, ret_data, ret_len, e);
	url_shown(url, shown, sizeof(shown));
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return err_set(e, -EPROTONOSUPPORT, "%s: only file:///PATH, http:// and https:// are understood", shown);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	for (;; tries++) {
		free(s.data);
		s = (struct sink){ .max = max };
		r = fetch_once(url, &s, why, &status);
		if (r == CURLE_OK)
			break;
		log_info(l, "fetch", "%s: try %d: %s", shown, tries, why);
		if (s.too_big || (status >= 400 && status < 500) || r == CURLE_PEER_FAILED_VERIFICATION ||
		    r == CURLE_URL_MALFORMAT || seconds_up() - began >= TRY_SECONDS)
			break;
		log_say(l, "%s: try %d: %s; trying again", shown, tries, why);
		sleep(PAUSE_SECONDS);
	}
	if (r == CURLE_OK && s.data) {
		*ret_data = s.data;
		*ret_len = s.n;
		return 0;
	}
	free(s.data);
	if (s.too_big)
		return err_set(e, -EFBIG, "%s: larger than %zu bytes", shown, max);
	return err_set(e, -EIO, "%s: %s (tries: %d); check the address, the network cable and the server", shown,
		       r == CURLE_OK ? "the file is empty" : why, tries);
}

static bool has_conf_label(const char *path, char *type, size_t size)
{
	blkid_probe pr = blkid_new_probe_from_filename(path);
	const char *s;
	bool found = false;

	if (!pr)
		return false;
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL);
	if (blkid_do_safeprobe(pr) == 0 && !blkid_probe_lookup_value(pr, "LABEL", &s, NULL) && !strcmp(s, ANSWERS_LABEL) &&
	    !blkid_probe_lookup_value(pr, "TYPE", &s, NULL)) {
		text_copy(type, size, s);
		found = true;
	}
	blkid_free_probe(pr);
	return found;
}

struct conf {
	unsigned n;
	char node[2][64], type[64];	/* of the first two; the type of the first */
};

static void conf_add(struct conf *c, const char *node, const char *type)
{
	for (unsigned i = 0; i < c->n && i < 2; i++)
		if (!strcmp(c->node[i], node))
			return;
	if (c->n < 2)
		text_copy(c->node[c->n], sizeof(c->node[0]), node);
	if (!c->n++)
		text_copy(c->type, sizeof(c->type), type);
}

/* An ISO on a stick is seen as the whole disk and as its first partition. */
static bool is_part_of_same(const struct machine *m, const struct volume *v)
{
	for (unsigned i = 0; !v->whole && i < m->volumes; i++) {
		const struct volume *w = &m->volume[i];

		if (w->whole && w->disk == v->disk && !strcmp(w->label, v->label) && !strcmp(w->type, v->type) && !strcmp(w->uuid, v->uuid))
			return true;
	}
	return false;
}

static void find_conf(const struct machine *m, struct conf *c)
{
	char node[64], type[64];
	struct dirent *de;
	DIR *d;

	for (unsigned i = 0; i < m->volumes; i++)
		if (!strcmp(m->volume[i].label, ANSWERS_LABEL) && !is_part_of_same(m, &m->volume[i])) {
			snprintf(node, sizeof(node), "/dev/%s", m->volume[i].node);
			conf_add(c, node, m->volume[i].type);
		}
	d = m->recorded ? NULL : opendir("/sys/block");
	while (d && (de = readdir(d))) {	/* CDs are no targets, hence not in m */
		if (de->d_name[0] == '.' || !strncmp(de->d_name, "loop", 4) || !strncmp(de->d_name, "ram", 3))
			continue;
		snprintf(node, sizeof(node), "/dev/%.50s", de->d_name);
		if (has_conf_label(node, type, sizeof(type)))
			conf_add(c, node, type);
	}
	if (d)
		closedir(d);
}

bool fetch_conf_present(const struct machine *m)
{
	struct conf c = { 0 };

	find_conf(m, &c);
	return c.n;
}

int fetch_conf_volume(const struct machine *m, size_t max, struct log *l, char **ret_data, size_t *ret_len, char ret_node[64],
		      struct err *e)
{
	struct conf c = { 0 };
	struct volume_mount v;
	struct err ignored;
	char path[160];
	int rc;

	find_conf(m, &c);
	text_copy(ret_node, 64, c.node[0]);
	if (!c.n)
		return -ENOENT;
	if (c.n > 1)
		return err_set(e, -ENOTUNIQ, "%u volumes are labelled %s: %s and %s%s; leave one attached", c.n, ANSWERS_LABEL, c.node[0],
			       c.node[1], c.n > 2 ? " among them" : "");
	rc = volume_open(&v, l, ret_node, c.type, true, e);
	if (rc)
		return rc;
	snprintf(path, sizeof(path), "%s/answerfile.xml", v.dir);
	rc = file_read(path, max, ret_data, ret_len, e);
	if (rc)
		err_set(e, rc, "%s: volume %s holds no readable answerfile.xml: %s", ret_node, ANSWERS_LABEL, strerror(-rc));
	volume_close(&v, l, &ignored);
	return rc;
}
