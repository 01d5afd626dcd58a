/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json.h"

#include "json.h"
#include "text.h"

static const char *const result_text[REPORT_RESULT_MAX] = { "complete", "failed", "refused" };

void report_fill(struct report *r, const struct answers *a, const struct plan *p)
{
	text_copy(r->url, sizeof(r->url), a->report_url);
	text_copy(r->hostname, sizeof(r->hostname), a->mode == MODE_UPGRADE ? "" : a->hostname);	/* which keeps its own */
	text_copy(r->disk, sizeof(r->disk), p && p->targets ? p->target[0].disk.path : a->primary.name);
	r->addresses = 0;
	if (a->ipv4 == IPV4_STATIC && *a->address)
		text_copy(r->address[r->addresses++], sizeof(r->address[0]), a->address);
	if (a->ipv6 == IPV6_STATIC && *a->address6)
		text_copy(r->address[r->addresses++], sizeof(r->address[0]), a->address6);
}

void report_write(const struct report *r, FILE *out)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_text(&j, "product", "Dolmen");
	json_text(&j, "version", r->version);
	json_text(&j, "result", result_text[r->result]);
	json_text(&j, "error", r->error);
	if (*r->hostname)
		json_text(&j, "hostname", r->hostname);
	json_array(&j, "addresses");
	for (unsigned i = 0; i < r->addresses; i++)
		json_text(&j, NULL, r->address[i]);
	json_array_end(&j);
	json_text(&j, "disk", r->disk);
	if (*r->ssh_fingerprint)
		json_text(&j, "ssh_fingerprint", r->ssh_fingerprint);
	json_number(&j, "seconds", r->seconds);
	json_object_end(&j);
	json_end(&j);
}
