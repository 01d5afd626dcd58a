/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "command.h"
#include "core/text.h"
#include "core/values.h"
#include "sys/names.h"
#include "sys/run.h"

static int check_hostname(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	return value_hostname(text, ret, e);
}

/* The lists of names are the image's; without them only the form is looked at. */
static int check_name(const char *text, char ret[SETTING_VALUE], int (*check)(const char *, const struct names *, char[64], struct err *),
		      struct err *e)
{
	struct names n = { 0 };
	struct err none = { 0 };
	char dir[256], name[64];
	bool listed = !names_load(&n, host_path(dir, sizeof(dir), NAMES_DIR), &none);
	int rc = check(text, listed ? &n : NULL, name, e);

	if (listed)
		names_free(&n);
	if (!rc)
		text_copy(ret, SETTING_VALUE, name);
	return rc;
}

static int check_timezone(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	return check_name(text, ret, value_timezone, e);
}

static int check_keymap(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	return check_name(text, ret, value_keymap, e);
}

static int check_language(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	return value_language(text, ret, e);
}

static int check_dns(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	return value_server(text, ret, e);
}

static int check_on_off(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
		return err_set(e, -EINVAL, "`%.60s` is neither on nor off", text);
	text_copy(ret, SETTING_VALUE, text);
	return 0;
}

static bool is_port(const char *text)
{
	unsigned long n = strtoul(text, NULL, 10);

	return text_only(text, "0123456789") && strlen(text) < 6 && n >= 1 && n <= 65535;
}

/* HOST or HOST:PORT; an IPv6 address with a port is in brackets. */
static int check_syslog(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	char host[SETTING_VALUE], name[254];
	char *port;

	if (!text_copy(host, sizeof(host), text))
		return err_set(e, -EINVAL, "a server's name is not that long");
	port = strrchr(host, ':');
	if (port && (strchr(host, ':') == port || port[-1] == ']')) {
		*port++ = 0;
		if (!is_port(port))
			return err_set(e, -EINVAL, "`%.60s` is not a port", port);
	}
	if (*host == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = 0;
		memmove(host, host + 1, strlen(host));
	}
	if (value_ntp_server(host, name, e))
		return e->code;
	text_copy(ret, SETTING_VALUE, text);
	return 0;
}

/* PROTOCOL PORTS [FROM], as init/57-firewall.sh takes it; tcp:22:192.0.2.0/24 is easier to type in a shell. */
static int check_open(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	char line[SETTING_VALUE], address[46], *protocol, *ports, *from, *high, *slash;
	unsigned prefix;

	if (!text_copy(line, sizeof(line), text))
		return err_set(e, -EINVAL, "that is too long");
	protocol = line;
	ports = protocol + strcspn(protocol, ": ");
	if (*ports)
		*ports++ = 0;
	from = ports + strcspn(ports, ": ");
	if (*from)
		*from++ = 0;
	snprintf(ret, SETTING_VALUE, "%s %s%s%s", protocol, ports, *from ? " " : "", from);
	high = strchr(ports, '-');
	if (high)
		*high++ = 0;
	if ((strcmp(protocol, "tcp") != 0 && strcmp(protocol, "udp") != 0) || !is_port(ports) || (high && (!is_port(high) || atoi(high) < atoi(ports))))
		return err_set(e, -EINVAL, "`%.60s`: write tcp:PORT or udp:PORT, a range of ports as 5000-5010, and :ADDRESS behind it for whom", text);
	if (!*from)
		return 0;
	slash = strchr(from, '/');
	if (slash) {
		*slash++ = 0;
		prefix = text_only(slash, "0123456789") && strlen(slash) < 4 ? (unsigned)atoi(slash) : 999;
		if (prefix > (strchr(from, ':') ? 128 : 32))
			return err_set(e, -EINVAL, "`/%.20s` is not the length of a prefix", slash);
	}
	return value_server(from, address, e);
}

static int check_ntp(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	if (!strcmp(text, "dhcp") || !strcmp(text, "default")) {
		text_copy(ret, SETTING_VALUE, text);
		return 0;
	}
	return value_ntp_server(text, ret, e);
}

/* Who is asked stands in ntp_source; their names, when it is `manual`, in ntp. */
static void read_ntp(const struct hostconf *h, struct setting_values *ret)
{
	const char *source = hostconf_get(h, "ntp_source"), *value;
	size_t at = 0;

	if (source && (!strcmp(source, "dhcp") || !strcmp(source, "default")))
		text_copy(ret->value[ret->n++], SETTING_VALUE, source);
	while (source && !strcmp(source, "manual") && ret->n < SETTING_VALUES && (value = hostconf_next(h, "ntp", &at)))
		text_copy(ret->value[ret->n++], SETTING_VALUE, value);
}

static int write_ntp(struct hostconf *h, const struct setting_values *v, struct err *e)
{
	const char *value[SETTING_VALUES], *source = "manual";
	int rc;

	for (unsigned i = 0; i < v->n; i++) {
		value[i] = v->value[i];
		if (!strcmp(value[i], "dhcp") || !strcmp(value[i], "default"))
			source = value[i];
	}
	if (v->n > 1 && strcmp(source, "manual") != 0)
		return err_set(e, COMMAND_REFUSED, "ntp: %s stands alone", source);
	if (!v->n)
		source = "none";
	rc = hostconf_set(h, "ntp_source", &source, 1, e);
	return rc ? rc : hostconf_set(h, "ntp", value, strcmp(source, "manual") != 0 ? 0 : v->n, e);
}

struct limits {
	unsigned cpus, memory_mib;	/* 0: unknown */
};

static void take_limit(void *user, const char *line)
{
	struct limits *l = user;

	sscanf(line, "nr_cpus : %u", &l->cpus);
	sscanf(line, "total_memory : %u", &l->memory_mib);
}

/* What the machine has: Xen that is promised more for dom0 does not boot. */
static struct limits machine_limits(void)
{
	struct log quiet = { .fd = -1 };
	struct limits l = { 0 };
	struct err none;

	if (run_exists("xl"))
		run_command_lines(&quiet, (char *[]){ (char *)"xl", (char *)"info", NULL }, take_limit, &l, &none);
	return l;
}

static int check_dom0_memory(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	unsigned mib, all = machine_limits().memory_mib;

	if (value_memory(text, &mib, e))
		return e->code;
	if (all && mib > all / 2)
		return err_set(e, -EINVAL, "%u MiB are more than half of the machine's memory (%u MiB); guests need the rest", mib, all);
	snprintf(ret, SETTING_VALUE, "%uM", mib);
	return 0;
}

static int check_dom0_vcpus(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	unsigned n, all = machine_limits().cpus;

	if (value_vcpus(text, &n, e))
		return e->code;
	if (all && n > all)
		return err_set(e, -EINVAL, "%u are more than the machine's processors (%u)", n, all);
	snprintf(ret, SETTING_VALUE, "%u", n);
	return 0;
}

/* 0-3,6: what xl takes for a list of processors. */
static int check_cpus(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	unsigned all = machine_limits().cpus;
	const char *p = text;

	do {
		char *end;
		unsigned long low, high;

		p += p != text;
		low = high = strtoul(p, &end, 10);
		if (*p >= '0' && *p <= '9' && *end == '-' && end[1] >= '0' && end[1] <= '9')
			high = strtoul(end + 1, &end, 10);
		if (*p < '0' || *p > '9' || high < low || high > 4095 || (*end && *end != ','))
			return err_set(e, -EINVAL, "`%.60s` is not a list of processors like 0-3,6", text);
		if (all && high >= all)
			return err_set(e, -EINVAL, "there is no processor %lu; they are 0 to %u", high, all - 1);
		p = end;
	} while (*p);
	text_copy(ret, SETTING_VALUE, text);
	return 0;
}

static int check_weight(const char *text, char ret[SETTING_VALUE], struct err *e)
{
	if (!is_port(text))	/* the same range */
		return err_set(e, -EINVAL, "`%.40s` is not a weight from 1 to 65535", text);
	text_copy(ret, SETTING_VALUE, text);
	return 0;
}

const struct setting settings[] = {
	{ "hostname", "NAME", "the host's name, with or without domain", "hostname", .check = check_hostname, .steps = "20-config.sh 22-logs.sh" },
	{ "timezone", "ZONE", "like Europe/Berlin", "timezone", .check = check_timezone, .steps = "20-config.sh 22-logs.sh" },
	{ "keymap", "NAME", "of the keyboard at the screen", "keymap", .check = check_keymap, .steps = "20-config.sh" },
	{ "language", "en|ko", "of the console", "language", .check = check_language, .steps = "20-config.sh" },
	{ "dns", "ADDRESS...|dhcp", "name servers; dhcp: those that leases name", "dns", .several = true, .unset = "dhcp", .check = check_dns,
	  .steps = "20-config.sh" },
	{ "ntp", "SERVER...|dhcp|default|none", "time servers; default: 0 to 3.debian.pool.ntp.org", "ntp", .several = true, .unset = "none",
	  .check = check_ntp, .steps = "70-ntp.sh", .read = read_ntp, .write = write_ntp },
	{ "ssh", "on|off", "the SSH server", "ssh", .check = check_on_off, .steps = "57-firewall.sh 75-ssh.sh" },
	{ "metrics", "on|off", "figures for Prometheus on port 9100, for whom `open` lets in", "metrics", .check = check_on_off,
	  .steps = "76-metrics.sh" },
	{ "syslog", "HOST[:PORT]|none", "where the system log is sent, too", "syslog", .unset = "none", .check = check_syslog, .steps = "22-logs.sh" },
	{ "open", "tcp:PORT[:FROM]...|none", "what the firewall lets in", "open", .several = true, .unset = "none", .check = check_open,
	  .steps = "57-firewall.sh" },
	{ "dom0-memory", "SIZE|rule", "dom0's memory; rule: 512 MiB and two percent", "dom0_memory", .unset = "rule", .check = check_dom0_memory,
	  .steps = "53-boot-options.sh", .later = true },
	{ "dom0-vcpus", "N|rule", "dom0's processors; rule: all, at most eight", "dom0_vcpus", .unset = "rule", .check = check_dom0_vcpus,
	  .steps = "53-boot-options.sh", .later = true },
	{ "dom0-cpus", "CPUS|any", "processors that dom0 runs on, like 0-1", "dom0_cpus", .unset = "any", .check = check_cpus, .steps = "52-dom0.sh" },
	{ "dom0-weight", "N|default", "dom0's share when processors are short; a guest's is 256", "dom0_weight", .unset = "default",
	  .check = check_weight, .steps = "52-dom0.sh" },
	{ 0 }
};

const struct setting *setting_find(const char *name, struct err *e)
{
	const char *names[sizeof(settings) / sizeof(settings[0])];
	const char *nearest;
	unsigned n = 0;

	for (const struct setting *s = settings; s->name; s++) {
		if (!strcmp(s->name, name))
			return s;
		names[n++] = s->name;
	}
	names[n] = NULL;
	nearest = names_nearest_of(names, name);
	err_set(e, COMMAND_REFUSED, "there is no setting `%.40s`%s%s%s", name, nearest ? "; did you mean `" : "; `dolmen get` lists them",
		nearest ? nearest : "", nearest ? "`?" : "");
	return NULL;
}

void setting_read(const struct setting *s, const struct hostconf *h, struct setting_values *ret)
{
	const char *value;
	size_t at = 0;

	ret->n = 0;
	if (s->read) {
		s->read(h, ret);
		return;
	}
	while (ret->n < (s->several ? SETTING_VALUES : 1) && (value = hostconf_next(h, s->key, &at)))
		text_copy(ret->value[ret->n++], SETTING_VALUE, value);
}

int setting_get(const struct setting *s, struct setting_values *ret, struct err *e)
{
	struct hostconf h;
	int rc = hostconf_read(&h, e);

	if (!rc)
		setting_read(s, &h, ret);
	hostconf_close(&h);
	return rc;
}

/* What was written by a person, as it is to stand there. */
static int check_all(const struct setting *s, const char *const values[], unsigned n, struct setting_values *ret, struct err *e)
{
	ret->n = 0;
	if (n == 1 && s->unset && !strcmp(values[0], s->unset))
		n = 0;
	if (n == 0 && !s->unset)
		return err_set(e, COMMAND_REFUSED, "%s wants a value: %s", s->name, s->value);
	if (n > (s->several ? SETTING_VALUES : 1))
		return err_set(e, COMMAND_REFUSED, "%s has %s", s->name, s->several ? "too many values" : "one value");
	for (unsigned i = 0; i < n; i++)
		if (s->check(values[i], ret->value[ret->n++], e)) {
			err_prefix(e, "%s: ", s->name);
			return e->code = COMMAND_REFUSED;
		}
	return 0;
}

static int store(const struct setting *s, struct hostconf *h, const struct setting_values *v, struct err *e)
{
	const char *value[SETTING_VALUES];

	if (s->write)
		return s->write(h, v, e);
	for (unsigned i = 0; i < v->n; i++)
		value[i] = v->value[i];
	return hostconf_set(h, s->key, value, v->n, e);
}

int setting_set(const struct setting *s, const char *const values[], unsigned n, struct err *e)
{
	struct setting_values v;
	struct hostconf h;
	int rc = check_all(s, values, n, &v, e);

	if (rc)
		return rc;
	rc = hostconf_edit(&h, e);
	if (!rc)
		rc = store(s, &h, &v, e);
	if (!rc)
		rc = hostconf_write(&h, e);
	hostconf_close(&h);
	if (rc)
		return rc;
	if (!strcmp(s->name, "ssh"))
		access_ssh_unlimited();
	return setting_apply(s, e);
}

int setting_apply(const struct setting *s, struct err *e)
{
	if (!steps_run(s->steps, e))
		return 0;
	err_prefix(e, "%s is written and did not take effect: ", s->name);
	return e->code;
}

int steps_run(const char *steps, struct err *e)
{
	struct log quiet = { .fd = -1 };
	const char *root = getenv("DOLMEN_ROOT");
	char path[256], name[64], env[256];
	int rc = 0;

	snprintf(env, sizeof(env), "ROOT=%s", root ? root : "");
	while (*steps && !rc) {
		size_t n = strcspn(steps, " ");

		snprintf(name, sizeof(name), "/usr/lib/dolmen/init/%.*s", (int)n, steps);
		rc = run_command_env(&quiet, (char *[]){ (char *)"sh", (char *)"-eu", (char *)host_path(path, sizeof(path), name), NULL },
				     (char *[]){ env, NULL }, e);
		steps += n + (steps[n] == ' ');
	}
	return rc;
}
