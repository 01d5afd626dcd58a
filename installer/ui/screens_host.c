/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host itself: its name, its clock, who may log in. */
#include "screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/values.h"
#include "fields.h"
#include "i18n.h"

/* Fields without what was left empty between them. */
static unsigned servers_keep(char *to, size_t size, char typed[][254], unsigned n)
{
	unsigned k = 0;

	for (unsigned i = 0; i < n; i++)
		if (*typed[i])
			text_copy(to + size * k++, size, typed[i]);
	return k;
}

enum front_answer screen_name(struct session *s)
{
	char name[254], dns[SESSION_SERVERS][254] = { "" };
	bool dhcp = s->a.ipv4 == IPV4_DHCP || s->a.ipv6 == IPV6_DHCP || s->a.ipv6 == IPV6_AUTO;
	struct front_page p = {
		.title = _("Name of the host"),
		.text = dhcp ? _("What is the host called? Name servers left empty come from the network.") :
			       _("What is the host called, and which servers does it ask for other names?"),
		.help = _("A name like host1 or host1.example.org. Name servers (DNS) are given by their addresses."),
	};
	struct front_field fields[1 + SESSION_SERVERS] = {
		{ .label = _("Host name"), .value = name, .size = sizeof(name), .check = field_hostname },
		{ .label = _("Name server 1"), .value = dns[0], .size = sizeof(dns[0]), .check = field_name_server },
		{ .label = _("Name server 2"), .value = dns[1], .size = sizeof(dns[0]), .check = field_name_server },
		{ .label = _("Name server 3"), .value = dns[2], .size = sizeof(dns[0]), .check = field_name_server },
	};
	enum front_answer answer;

	text_copy(name, sizeof(name), s->a.hostname);
	for (unsigned i = 0; i < s->a.dns_n && i < SESSION_SERVERS; i++)
		text_copy(dns[i], sizeof(dns[i]), s->a.dns[i]);
	answer = s->front->calls->form(s->front, &p, fields, 1 + SESSION_SERVERS);
	text_copy(s->a.hostname, sizeof(s->a.hostname), name);
	s->a.dns_n = servers_keep(s->a.dns[0], sizeof(s->a.dns[0]), dns, SESSION_SERVERS);
	return answer;
}

enum front_answer screen_ntp(struct session *s)
{
	bool dhcp = s->a.ipv4 == IPV4_DHCP || s->a.ipv6 == IPV6_DHCP;
	struct front_page p = {
		.title = _("Clock"), .text = _("Where does the host get the time from (NTP)?"),
		.help = _("Certificates and logs need the right time. The public servers are those of pool.ntp.org; the host must reach the Internet for them."),
	};
	struct front_item items[NTP_MAX] = {
		[NTP_DHCP] = { .text = dhcp ? _("From the servers that DHCP names") : _("From DHCP (not used on this host)"), .disabled = !dhcp },
		[NTP_DEFAULT] = { .text = _("From public servers") },
		[NTP_MANUAL] = { .text = _("From servers that I name") },
		[NTP_NONE] = { .text = _("From nowhere: its own clock") },
	};
	size_t chosen = s->a.ntp_source == NTP_DHCP && !dhcp ? NTP_DEFAULT : s->a.ntp_source;
	enum front_answer answer = s->front->calls->menu(s->front, &p, items, NTP_MAX, &chosen);

	if (answer == FRONT_NEXT) {
		s->a.ntp_source = (enum ntp_source)chosen;
		if (s->a.ntp_source != NTP_MANUAL)
			s->a.ntp_n = 0;
	}
	return answer;
}

enum front_answer screen_ntp_servers(struct session *s)
{
	struct front_page p = {
		.title = _("Time servers"), .text = _("Which servers does the host ask for the time? At least one."),
		.help = _("Names or addresses of NTP servers. Three are a good number: one that is wrong is found out then."),
	};
	struct front_field fields[SESSION_SERVERS] = {
		{ .label = _("Time server 1"), .value = s->ntp[0], .size = sizeof(s->ntp[0]), .check = field_ntp_server },
		{ .label = _("Time server 2"), .value = s->ntp[1], .size = sizeof(s->ntp[0]), .check = field_ntp_server },
		{ .label = _("Time server 3"), .value = s->ntp[2], .size = sizeof(s->ntp[0]), .check = field_ntp_server },
	};
	enum front_answer answer;

	for (;;) {
		answer = s->front->calls->form(s->front, &p, fields, SESSION_SERVERS);
		if (answer != FRONT_NEXT)
			return answer;
		s->a.ntp_n = servers_keep(s->a.ntp[0], sizeof(s->a.ntp[0]), s->ntp, SESSION_SERVERS);
		if (s->a.ntp_n)
			return answer;
		screen_say(s, p.title, _("Name at least one time server, or go back and choose another source."));
	}
}

/* ---- time zone ---- */

static size_t region_length(const char *zone)
{
	return strcspn(zone, "/");
}

/* Regions, each once: the zones are sorted. Items' texts are to be freed. */
static size_t regions_list(const struct name_list *zones, struct front_item *items)
{
	size_t n = 0;

	for (size_t i = 0; i < zones->n; i++) {
		size_t len = region_length(zones->name[i]);
		bool seen = false;

		for (size_t k = 0; k < n; k++)
			seen = seen || (strlen(items[k].text) == len && !strncmp(items[k].text, zones->name[i], len));
		if (!seen && (items[n].text = strndup(zones->name[i], len)))
			n++;
	}
	return n;
}

enum front_answer screen_region(struct session *s)
{
	struct front_page p = {
		.title = _("Time zone"), .text = _("In which part of the world is the host?"),
		.help = _("The city comes next. UTC is a good choice for servers in several places."),
	};
	const struct name_list *zones = &s->names->timezones;
	struct front_item *items = calloc(zones->n + 1, sizeof(*items));
	size_t n = items ? regions_list(zones, items) : 0, chosen = 0, len = region_length(s->a.timezone);
	enum front_answer answer;

	for (size_t i = 0; i < n; i++)
		if (strlen(items[i].text) == len && !strncmp(items[i].text, s->a.timezone, len))
			chosen = i;
	answer = n ? s->front->calls->menu(s->front, &p, items, n, &chosen) : FRONT_NEXT;
	if (answer == FRONT_NEXT && n) {
		text_copy(s->region, sizeof(s->region), items[chosen].text);
		if (names_has(zones, s->region))
			text_copy(s->a.timezone, sizeof(s->a.timezone), s->region);
	}
	for (size_t i = 0; i < n; i++)
		free((char *)items[i].text);
	free(items);
	return answer;
}

enum front_answer screen_city(struct session *s)
{
	struct front_page p = {
		.title = _("Time zone"), .text = _("Which city has the same time as the host?"),
		.help = _("The list has the cities of the region. Back chooses another region."),
	};
	const struct name_list *zones = &s->names->timezones;
	struct front_item *items = calloc(zones->n + 1, sizeof(*items));
	const char **zone = calloc(zones->n + 1, sizeof(*zone));
	size_t n = 0, chosen = 0, len = strlen(s->region);
	enum front_answer answer = FRONT_NEXT;

	for (size_t i = 0; items && zone && i < zones->n; i++) {
		if (strncmp(zones->name[i], s->region, len) != 0 || zones->name[i][len] != '/')
			continue;
		if (!strcmp(zones->name[i], s->a.timezone))
			chosen = n;
		zone[n] = zones->name[i];
		items[n++].text = zones->name[i] + len + 1;
	}
	if (n)
		answer = s->front->calls->menu(s->front, &p, items, n, &chosen);
	if (answer == FRONT_NEXT && n)
		text_copy(s->a.timezone, sizeof(s->a.timezone), zone[chosen]);
	free(items);
	free(zone);
	return answer;
}

/* ---- who may log in ---- */

/* Said after typing; a weak one may be kept. True: go on. */
static enum front_answer password_judge(struct session *s, bool *ret_keep)
{
	struct front_page p = {
		.title = _("Root password"), .text = _("This password is weak: it is short or easy to guess. Whoever has it owns the host and all guests."),
		.help = _("A good password has 12 characters and more of several kinds, or is made of four words that have nothing to do with each other."),
	};

	*ret_keep = false;
	switch (password_strength(s->password[0])) {
	case 0:
		return s->front->calls->ask(s->front, &p, _("Use it nevertheless"), _("Choose another one"), ret_keep);
	case 1:
		*ret_keep = true;
		return screen_say(s, p.title, _("The strength of this password is fair. Longer would be better."));
	default:
		*ret_keep = true;
		return screen_say(s, p.title, _("The strength of this password is good."));
	}
}

enum front_answer screen_password(struct session *s)
{
	struct front_page p = {
		.title = _("Root password"), .text = _("The password of root, the administrator of the host. Type it twice."),
		.help = _("At least 6 characters. It is asked for at the host's console and when you become root elsewhere. It is stored as a hash only."),
	};
	struct front_field fields[2] = {
		{ .label = _("Password"), .value = s->password[0], .size = sizeof(s->password[0]), .secret = true, .check = field_password },
		{ .label = _("The same again"), .value = s->password[1], .size = sizeof(s->password[1]), .secret = true },
	};
	enum front_answer answer;
	bool keep = false;

	while (!keep) {
		answer = s->front->calls->form(s->front, &p, fields, 2);
		if (answer != FRONT_NEXT)
			return answer;
		if (strcmp(s->password[0], s->password[1]) != 0) {
			screen_say(s, p.title, _("The two are not the same. Type both again."));
			explicit_bzero(s->password, sizeof(s->password));
			continue;
		}
		/* asked about once, not each time one comes by again */
		keep = s->a.password_type == PASSWORD_PLAINTEXT && !strcmp(s->a.password.text, s->password[0]);
		if (!keep && password_judge(s, &keep) == FRONT_QUIT)
			return FRONT_QUIT;
	}
	s->a.password_type = PASSWORD_PLAINTEXT;
	text_copy(s->a.password.text, sizeof(s->a.password.text), s->password[0]);
	return FRONT_NEXT;
}
