/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the host can be reached over SSH, and with whose keys. */
#include "screens.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/values.h"
#include "fields.h"
#include "i18n.h"
#include "waiting.h"

#define KEYS_MAX_BYTES 65536

enum way { WAY_OFF, WAY_KEEP, WAY_TYPE, WAY_URL, WAY_VOLUME, WAY_FORGET, WAY_MAX };

/* Takes the keys of a text, one a line. Returns how many were new. */
static unsigned keys_take(struct session *s, char *text)
{
	char *save = NULL;
	unsigned taken = 0;
	struct err e;

	for (char *line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
		char key[sizeof(s->a.ssh_key[0])];
		bool known = false;

		text_trim(line);
		if (!*line || *line == '#' || s->a.ssh_keys == ANSWERS_SSH_KEYS || value_ssh_key(line, key, &e))
			continue;
		for (unsigned i = 0; i < s->a.ssh_keys; i++)
			known = known || !strcmp(s->a.ssh_key[i], key);
		if (!known) {
			text_copy(s->a.ssh_key[s->a.ssh_keys++], sizeof(key), key);
			taken++;
		}
	}
	return taken;
}

static void keys_report(struct session *s, unsigned taken)
{
	char text[200];

	if (taken)
		snprintf(text, sizeof(text), _("New keys: %u. Keys in all: %u."), taken, s->a.ssh_keys);
	else
		snprintf(text, sizeof(text), "%s", _("There was no new public key in it. A key is one line that begins with ssh-ed25519 or ssh-rsa."));
	screen_say(s, "SSH", text);
}

enum front_answer screen_ssh_key(struct session *s, char key[1024])
{
	struct front_page p = {
		.title = _("SSH key"), .text = _("Type or paste one public key: the whole line of a file like id_ed25519.pub."),
		.help = _("The public half of a key made with ssh-keygen. The private half never leaves your computer."),
	};
	struct front_field field = { .label = _("Public key"), .value = key, .size = 1024, .check = field_ssh_key };

	return s->front->calls->form(s->front, &p, &field, 1);
}

static enum front_answer key_type(struct session *s)
{
	enum front_answer answer = screen_ssh_key(s, s->ssh_typed);

	if (answer == FRONT_NEXT) {
		keys_report(s, keys_take(s, s->ssh_typed));
		s->ssh_typed[0] = 0;
	}
	return answer;
}

static enum front_answer keys_fetch(struct session *s)
{
	struct front_page p = {
		.title = _("SSH keys"), .text = _("From which address are the keys to be fetched? http and https; certificates are checked."),
		.help = _("A file with one key a line, as an authorized_keys file. The machine must have reached the network with DHCP for that. When the server does not answer it is tried for most of a minute; Esc gives up, `<` where lines are typed."),
	};
	struct front_field field = { .label = _("Address"), .value = s->ssh_source, .size = sizeof(s->ssh_source), .check = field_url };
	enum front_answer answer = s->front->calls->form(s->front, &p, &field, 1);
	char *text = NULL, said[3000];
	struct waiting wait;
	struct err e;
	size_t n;
	int rc;

	if (answer != FRONT_NEXT)
		return answer;
	waiting_begin(&wait, s->front, p.title, _("Fetching..."));
	rc = s->services->fetch_url(s->ssh_source, KEYS_MAX_BYTES, &wait.watch, s->log, &text, &n, &e);
	if (rc == -ECANCELED)
		return FRONT_NEXT;
	if (rc) {
		screen_reason(said, sizeof(said), _("The keys cannot be fetched."), &e, "");
		return screen_say(s, p.title, said);
	}
	keys_report(s, keys_take(s, text));
	free(text);
	return FRONT_NEXT;
}

static enum front_answer keys_from_volume(struct session *s)
{
	struct front_page p = {
		.title = _("SSH keys"), .text = _("On which volume is the file authorized_keys?"),
		.help = _("The file lies in the top folder of a FAT or ext4 volume, a USB stick for example. It has one key a line."),
	};
	const char *none = _("There is no volume with FAT or ext4. Attach one and try again.");
	const struct volume *v;
	enum front_answer answer = screen_carrier(s, &p, none, &v);
	char *text = NULL, said[3000];
	struct err e;
	size_t len;
	int rc;

	if (!v)
		return answer;
	rc = s->machine->recorded ? err_set(&e, -1, "/dev/%s: not on this machine", v->node) :
				    s->services->load_from_volume(v->node, v->type, "authorized_keys", KEYS_MAX_BYTES, s->log, &text, &len, &e);
	if (rc) {
		screen_reason(said, sizeof(said), _("The keys cannot be read."), &e, "");
		return screen_say(s, p.title, said);
	}
	keys_report(s, keys_take(s, text));
	free(text);
	return FRONT_NEXT;
}

/* Each key in a line: its kind and its comment. */
static void keys_describe(const struct session *s, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned i = 0; i < s->a.ssh_keys && n < size; i++) {
		const char *blank = strchr(s->a.ssh_key[i], ' '), *comment = blank ? strchr(blank + 1, ' ') : NULL;

		n += (size_t)snprintf(buf + n, size - n, "\n  %.*s %.40s", blank ? (int)(blank - s->a.ssh_key[i]) : 20, s->a.ssh_key[i],
				      comment ? comment + 1 : "");
	}
}

/* Without SSH nobody has a key; those that are there come back with the screen. */
static void ssh_off(struct session *s)
{
	s->a.ssh = SSH_OFF;
	s->ssh_keys_before = s->a.ssh_keys;
	s->a.ssh_keys = 0;
}

enum front_answer screen_ssh(struct session *s)
{
	char text[1200], keys[600], keep[160];
	struct front_page p = {
		.title = "SSH", .text = text,
		.help = _("Without SSH nothing on the host listens on the network; you work at its console. With SSH root logs in from elsewhere, with the keys given here or with the password.\n\nKeys can be added from several places: this screen comes back after each."),
	};
	struct front_item items[WAY_MAX] = {
		[WAY_OFF] = { .text = _("No SSH: the console only") },
		[WAY_KEEP] = { .text = keep },
		[WAY_TYPE] = { .text = _("Add a key: type or paste it") },
		[WAY_URL] = { .text = _("Add keys: from a web server") },
		[WAY_VOLUME] = { .text = _("Add keys: from a volume") },
		[WAY_FORGET] = { .text = _("Forget the keys") },
	};
	size_t chosen = s->a.ssh == SSH_ON ? WAY_KEEP : WAY_OFF;
	enum front_answer answer;

	if (s->a.ssh == SSH_OFF && !s->a.ssh_keys)
		s->a.ssh_keys = s->ssh_keys_before;
	for (;;) {
		keys_describe(s, keys, sizeof(keys));
		snprintf(text, sizeof(text), "%s%s%s", _("Is the host to be reached over SSH?"), s->a.ssh_keys ? _(" These keys may log in as root:") : "", keys);
		snprintf(keep, sizeof(keep), "%s", s->a.ssh_keys ? _("SSH with these keys") : _("SSH with the root password"));
		items[WAY_FORGET].disabled = !s->a.ssh_keys;
		items[WAY_FORGET].text = s->a.ssh_keys ? _("Forget the keys") : _("Forget the keys (there are none)");
		answer = s->front->calls->menu(s->front, &p, items, WAY_MAX, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		switch ((enum way)chosen) {
		case WAY_OFF: ssh_off(s); return FRONT_NEXT;
		case WAY_KEEP: s->a.ssh = SSH_ON; return FRONT_NEXT;
		case WAY_TYPE: answer = key_type(s); break;
		case WAY_URL: answer = keys_fetch(s); break;
		case WAY_VOLUME: answer = keys_from_volume(s); break;
		default: s->a.ssh_keys = s->ssh_keys_before = 0; break;
		}
		if (answer == FRONT_QUIT)
			return answer;
		chosen = s->a.ssh_keys ? WAY_KEEP : chosen;
	}
}
