/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The elements about the host's settings and the run of the installer. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "answers_reader.h"
#include "text.h"
#include "values.h"

void read_hostname(struct reader *r, const char *text)
{
	struct err e;

	if (value_hostname(text, r->a->hostname, &e))
		read_wrong(r, &e);
}

void read_timezone(struct reader *r, const char *text)
{
	struct err e;

	if (value_timezone(text, r->names, r->a->timezone, &e))
		read_wrong(r, &e);
	else if (strcmp(text, r->a->timezone) != 0)
		read_warning(r, "<timezone>: %s is called %s today", text, r->a->timezone);
}

void read_keymap(struct reader *r, const char *text)
{
	struct err e;

	if (value_keymap(text, r->names, r->a->keymap, &e))
		read_wrong(r, &e);
}

void read_language(struct reader *r, const char *text)
{
	struct err e;

	if (value_language(text, r->a->language, &e))
		read_wrong(r, &e);
}

static void take_hash(struct reader *r, const char *text)
{
	struct answers *a = r->a;
	struct err e;

	if (!strcmp(text, "!!")) {
		a->password_type = PASSWORD_ASK;
	} else if (!strcmp(text, "!") || !strcmp(text, "*")) {
		a->password_type = PASSWORD_NONE;
	} else if (value_password_hash(text, &e)) {
		read_error(r, "<root-password type=\"hash\">: %s", e.msg);
	} else {
		a->password_type = PASSWORD_HASH;
		text_copy(a->password.text, sizeof(a->password.text), text);
	}
}

static void take_plaintext(struct reader *r, const char *text)
{
	struct answers *a = r->a;
	struct err e;

	if (!*text) {
		read_error(r, "<root-password> is empty; leave the element out to be asked at the console, or write type=\"hash\" and ! to lock the account");
		return;
	}
	/* XenServer takes short ones; the screens do not. */
	if (strlen(text) < 6)
		read_warning(r, "<root-password> has fewer than 6 characters");
	else if (value_password(text, &e))
		read_wrong(r, &e);
	else if (!value_password_hash(text, &e))
		read_warning(r, "<root-password> looks like a hash, but its type is plaintext; write type=\"hash\" if it is one");
	a->password_type = PASSWORD_PLAINTEXT;
	text_copy(a->password.text, sizeof(a->password.text), text);
}

void read_root_password(struct reader *r, const char *text)
{
	static const char *const types[] = { "plaintext", "hash" };
	const char *type = read_attr(r, "type");
	int i = type ? read_pick(r, "<root-password> type=", type, types, 2) : 0;

	if (i == 0)
		take_plaintext(r, text);
	else if (i == 1)
		take_hash(r, text);
	else
		r->broken |= BROKEN_PASSWORD;
}

static void take_ssh(struct reader *r, enum ssh_answer ssh)
{
	if (r->ssh_seen && r->a->ssh != ssh)
		read_error(r, "SSH is switched on and off at once; see line %lu", r->ssh_at.line);
	else if (r->ssh_seen && !strcmp(r->node->name, "service"))
		read_error(r, "a second <service name=\"sshd\">");
	r->ssh_seen = true;
	r->ssh_at = read_place(r);
	r->a->ssh = ssh;
}

void read_service(struct reader *r, const char *text)
{
	static const char *const states[] = { "disabled", "enabled" };
	const char *name = read_attr(r, "name"), *state = read_attr(r, "state");
	int i;

	(void)text;
	if (!name || !state) {
		read_error(r, "<service> needs name=\"sshd\" and state=\"enabled\" or \"disabled\"");
		return;
	}
	i = read_pick(r, "<service> state=", state, states, 2);
	if (i < 0)
		return;
	if (strcmp(name, "sshd") != 0 && strcmp(name, "sshd.service") != 0)
		read_warning(r, "<service> is ignored: there is no service `%.60s`; sshd is known", name);
	else
		take_ssh(r, i ? SSH_ON : SSH_OFF);
}

void read_ssh_mode(struct reader *r, const char *text)
{
	static const char *const modes[] = { "off", "on", "auto" };
	int i = read_pick(r, "<ssh-mode>", text, modes, 3);

	if (i == 2)
		read_warning(r, "<ssh-mode>: auto is taken as off: there is no management service to switch SSH on when it fails");
	if (i >= 0)
		take_ssh(r, i == 1 ? SSH_ON : SSH_OFF);
}

void read_dom0(struct reader *r, const char *text)
{
	const char *memory = read_attr(r, "memory"), *vcpus = read_attr(r, "vcpus");
	struct err e;

	(void)text;
	r->a->dom0_at = read_place(r);
	if (memory && value_memory(memory, &r->a->dom0_memory_mib, &e))
		read_wrong_attr(r, "memory", &e);
	if (vcpus && value_vcpus(vcpus, &r->a->dom0_vcpus, &e))
		read_wrong_attr(r, "vcpus", &e);
	if (!memory && !vcpus)
		read_warning(r, "<dom0> has neither memory nor vcpus and counts as absent");
}

bool answers_ssh_key_is_url(const char *key)
{
	return !strncmp(key, "http://", 7) || !strncmp(key, "https://", 8) || !strncmp(key, "file:///", 8);
}

static void take_key(struct reader *r, const char *text)
{
	struct answers *a = r->a;
	struct err e;
	int rc;

	if (a->ssh_keys == ANSWERS_SSH_KEYS) {
		read_error(r, "more than %d SSH keys", ANSWERS_SSH_KEYS);
		return;
	}
	rc = strstr(text, "://") && !strchr(text, ' ') ? value_url(text, a->ssh_key[a->ssh_keys], &e) :
							 value_ssh_key(text, a->ssh_key[a->ssh_keys], &e);
	if (rc)
		read_wrong(r, &e);
	else
		a->ssh_keys++;
}

/* One key, its URL, or the lines of an authorized_keys file. */
void read_ssh_key(struct reader *r, const char *text)
{
	char *copy, *save = NULL;

	if (!*text) {
		read_error(r, "<ssh-key> is empty; write the line of a .pub file, or its URL");
		return;
	}
	if (strstr(text, "PRIVATE KEY")) {
		take_key(r, text);
		return;
	}
	copy = strdup(text);
	for (char *line = copy ? strtok_r(copy, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
		text_trim(line);
		if (*line && *line != '#')
			take_key(r, line);
	}
	free(copy);
}

static void take_script(struct reader *r, enum script_stage stage, const char *text)
{
	struct answers *a = r->a;
	struct answer_script *s = &a->script[a->scripts];
	const char *type = read_attr(r, "type");
	bool may_fail = read_yes_no(r, "may-fail", false);
	struct err e;

	if (a->scripts == ANSWERS_SCRIPTS) {
		read_error(r, "more than %d scripts", ANSWERS_SCRIPTS);
	} else if (type && !strcmp(type, "nfs")) {
		read_error(r, "<%s type=\"nfs\">: NFS is not supported; put the script on a web server, or on the medium (file:///run/dolmen/medium/...)",
			   r->node->name);
	} else if (value_url(text, s->url, &e)) {
		read_wrong(r, &e);
	} else {
		if (type && strcmp(type, "url") != 0)
			read_warning(r, "<%s> type=\"%.40s\" is taken as url", r->node->name, type);
		s->stage = stage;
		s->may_fail = may_fail;
		s->at = read_place(r);
		a->scripts++;
	}
}

void read_script(struct reader *r, const char *text)
{
	const char *stage = read_attr(r, "stage");
	char lower[32] = "";
	int i = -1;

	if (!stage)
		read_error(r, "<script> needs a stage: installation-start, packages-installed, filesystem-populated or installation-complete");
	text_copy(lower, sizeof(lower), stage ? stage : "");
	for (char *p = lower; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (stage)
		i = read_pick(r, "<script> stage=", lower, script_stage_text, STAGE_MAX);
	take_script(r, i < 0 ? STAGE_START : (enum script_stage)i, text);	/* what else is wrong with it */
}

void read_post_install_script(struct reader *r, const char *text)
{
	read_warning(r, "<post-install-script> is the old name of <script stage=\"filesystem-populated\">");
	take_script(r, STAGE_POPULATED, text);
}

void read_install_failed_script(struct reader *r, const char *text)
{
	read_warning(r, "<install-failed-script> is the old name of <script stage=\"installation-complete\">: it runs after a success, too, with the argument 0");
	take_script(r, STAGE_COMPLETE, text);
}

void read_report(struct reader *r, const char *text)
{
	const char *url = read_attr(r, "url");
	struct err e;

	(void)text;
	if (!url)
		read_error(r, "<report> needs url=\"https://...\"");
	else if (value_url(url, r->a->report_url, &e))
		read_wrong_attr(r, "url", &e);
	else if (!strncmp(url, "file:", 5))
		read_error(r, "<report>: a result can be sent to http:// and https:// only");
}

/* XenServer asks for any text, `false` included. */
void read_confirm(struct reader *r, const char *text)
{
	struct err e;

	if (!*text)
		return;
	if (value_yes_no(text, &r->a->confirm, &e))
		read_wrong(r, &e);
	else if (!r->a->confirm)
		read_warning(r, "<ui-confirmation-prompt>: `%s` means that nobody is asked; XenServer would ask", text);
}

void read_source(struct reader *r, const char *text)
{
	static const char *const types[] = { "local", "url", "nfs" };
	const char *type = read_attr(r, "type");

	(void)text;
	if (!type)
		read_error(r, "<source> needs type=\"local\"");
	else if (read_pick(r, "<source> type=", type, types, 3) > 0)
		read_warning(r, "<source type=\"%s\"> is ignored: what is installed is the medium that the installer was booted from", type);
}

void read_host_end(struct reader *r)
{
	struct answers *a = r->a;

	if (!r->ssh_seen && a->ssh_keys)
		a->ssh = SSH_ON;
}
