/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fetch.h"

#include <blkid.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/answers.h"
#include "core/text.h"
#include "core/url.h"
#include "file.h"
#include "http.h"
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

static CURLcode fetch_once(struct http *h, const char *url, struct sink *s, const struct wait_watch *watch)
{
	http_begin(h, url, 60, watch);
	if (h->curl) {
		/* What was to be checked and secret stays so. */
		curl_easy_setopt(h->curl, CURLOPT_REDIR_PROTOCOLS_STR, strncmp(url, "https:", 6) ? "http,https" : "https");
		curl_easy_setopt(h->curl, CURLOPT_FOLLOWLOCATION, 1L);
		curl_easy_setopt(h->curl, CURLOPT_MAXREDIRS, 5L);
		curl_easy_setopt(h->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);	/* a server that stops in the middle, a cable that is pulled */
		curl_easy_setopt(h->curl, CURLOPT_LOW_SPEED_TIME, 10L);
		curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, on_data);
		curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, s);
	}
	return http_do(h);
}

static time_t seconds_up(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Between two tries. False: it is given up. */
static bool pause_went_on(const struct wait_watch *watch)
{
	const struct timespec moment = { .tv_nsec = 200 * 1000 * 1000 };

	for (unsigned i = 0; i < PAUSE_SECONDS * 5; i++) {
		if (watch && !watch->go_on(watch->user))
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

int fetch_url(const char *url, size_t max, const struct wait_watch *watch, struct log *l, char **ret_data, size_t *ret_len,
	      struct err *e)
{
	struct sink s = { .max = max };
	time_t began = seconds_up();
	char shown[400];
	struct http h;
	CURLcode r;
	int tries = 1;

	if (!strncmp(url, "file://", 7))
		return file_read(url + 7, max, ret_data, ret_len, e);
	url_shown(url, shown, sizeof(shown));
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return err_set(e, -EPROTONOSUPPORT, "%s: only file:///PATH, http:// and https:// are understood", shown);
	for (;; tries++) {
		free(s.data);
		s = (struct sink){ .max = max };
		r = fetch_once(&h, url, &s, watch);
		if (r == CURLE_OK || r == CURLE_ABORTED_BY_CALLBACK)
			break;
		log_info(l, "fetch", "%s: try %d: %s", shown, tries, h.why);
		if (s.too_big || (h.status >= 400 && h.status < 500) || r == CURLE_PEER_FAILED_VERIFICATION ||
		    r == CURLE_URL_MALFORMAT || seconds_up() - began >= TRY_SECONDS)
			break;
		log_say(l, "%s: try %d: %s; trying again", shown, tries, h.why);
		if (!pause_went_on(watch)) {
			r = CURLE_ABORTED_BY_CALLBACK;
			break;
		}
	}
	if (r == CURLE_OK && s.data) {
		*ret_data = s.data;
		*ret_len = s.n;
		return 0;
	}
	free(s.data);
	if (r == CURLE_ABORTED_BY_CALLBACK)
		return err_set(e, -ECANCELED, "%s: given up", shown);
	if (s.too_big)
		return err_set(e, -EFBIG, "%s: larger than %zu bytes", shown, max);
	return err_set(e, -EIO, "%s: %s (tries: %d); check the address, the network cable and the server", shown,
		       r == CURLE_OK ? "the file is empty" : h.why, tries);
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
