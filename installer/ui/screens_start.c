/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Language, keymap, what the machine is, and what to do. */
#include "screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "i18n.h"

enum front_answer screen_view(struct front *f, struct front_page *p, const char *next, void (*write)(const void *what, FILE *out),
			      const void *what)
{
	enum front_answer answer;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return FRONT_QUIT;
	write(what, out);
	if (fclose(out))
		return FRONT_QUIT;
	p->text = text;
	answer = f->calls->view(f, p, next);
	free(text);
	return answer;
}

void screen_reason(char *buf, size_t size, const char *before, const struct err *why, const char *after)
{
	bool same = !strcmp(why->shown, why->msg);

	snprintf(buf, size, "%s%s%s%s%s%s%s", before, *before ? "\n\n" : "", why->shown, *after ? "\n\n" : "", after,
		 same ? "" : "\n\n", same ? "" : why->msg);
}

enum front_answer screen_say(struct session *s, const char *title, const char *text)
{
	struct front_page p = { .title = title, .text = text, .first = true };

	return s->front->calls->view(s->front, &p, _("Continue"));
}

void screen_shell(struct session *s)
{
	s->front->calls->suspend(s->front);
	s->services->shell_run(s->log, _("A shell. Leave it with `exit`; the installer waits."));
	s->front->calls->resume(s->front);
}

enum front_answer screen_language(struct session *s)
{
	struct front_page p = {
		.title = _("Welcome to Dolmen"), .first = true,
		.text = _("This installs a Xen virtualization host. Nothing is written before you have seen the whole plan and agreed to it.\n\nChoose your language."),
		.help = _("Up and Down move in a list, Enter or F12 goes on, Esc goes back, Tab moves between the list and the buttons. Each screen has its own help under F1.\n\nKorean is shown on the machine's own screen, too, unless the boot menu's entry for a VGA text screen was taken; a serial console or SSH shows it then."),
	};
	struct front_item items[I18N_LANGUAGES] = { 0 };
	size_t chosen = 0;
	enum front_answer answer;

	for (size_t i = 0; i < I18N_LANGUAGES; i++) {
		items[i].text = i18n_languages[i].name;
		if (!strcmp(i18n_languages[i].code, s->a.language))
			chosen = i;
	}
	answer = s->front->calls->menu(s->front, &p, items, I18N_LANGUAGES, &chosen);
	if (answer == FRONT_NEXT) {
		text_copy(s->a.language, sizeof(s->a.language), i18n_languages[chosen].code);
		i18n_use(s->a.language);
	}
	return answer;
}

enum front_answer screen_keymap(struct session *s)
{
	struct front_page p = {
		.title = _("Keyboard"),
		.text = _("Which layout does the keyboard of the machine's own console have? It counts from now on, and on the host. Serial consoles and SSH are not affected."),
		.help = _("The layouts have the names that the Linux console gives them: us is American, de German, uk British. A keyboard with Korean letters is us."),
	};
	const struct name_list *l = &s->names->keymaps;
	struct front_item *items = calloc(l->n ? l->n : 1, sizeof(*items));
	size_t chosen = 0;
	enum front_answer answer = FRONT_NEXT;

	if (!items)
		return FRONT_QUIT;
	for (size_t i = 0; i < l->n; i++) {
		items[i].text = l->name[i];
		if (!strcmp(l->name[i], s->a.keymap))
			chosen = i;
	}
	if (l->n)
		answer = s->front->calls->menu(s->front, &p, items, l->n, &chosen);
	if (answer == FRONT_NEXT && l->n) {
		text_copy(s->a.keymap, sizeof(s->a.keymap), l->name[chosen]);
		if (!s->machine->recorded)
			s->services->keymap_load(s->a.keymap, s->log);
	}
	free(items);
	return answer;
}

/* What no answers can make good is told at the beginning. */
static void obstacles_write(const struct machine *m, FILE *out)
{
	static struct diags ds;

	memset(&ds, 0, sizeof(ds));
	plan_check_machine(m, &ds);
	if (ds.errors)
		fprintf(out, "%s\n\n", _("Nothing can be installed on this machine as it is:"));
	for (unsigned i = 0; i < ds.n; i++)
		if (ds.d[i].error)
			fprintf(out, "%s\n\n", ds.d[i].what.shown);
}

void hardware_write(const struct machine *m, FILE *out)
{
	char size[32], row[400];

	if (*m->vendor || *m->product)
		fprintf(out, "%s: %s %s\n", _("Machine"), m->vendor, m->product);
	fprintf(out, "%s: %s", _("Processor"), *m->cpu ? m->cpu : m->long_mode ? _("64 bits") : _("32 bits"));
	if (m->cpus)
		fprintf(out, _(" (logical processors: %u)"), m->cpus);
	fprintf(out, "\n%s: %s\n", _("Memory"), text_size(m->memory, size, sizeof(size)));
	fprintf(out, "%s: %s\n", _("Firmware"), m->efi ? "UEFI" : "BIOS");
	fprintf(out, "%s: %s\n", _("Virtualization"),
		m->virtualization ? _("VT-x or AMD-V: all kinds of guests") :
				    _("no VT-x or AMD-V: PV guests only. If the processor has it, switch it on in the firmware's setup."));
	fprintf(out, "\n%s:\n", _("Disks"));
	for (unsigned i = 0; i < m->disks; i++) {
		disk_row(m, i, NULL, row, sizeof(row));
		fprintf(out, "  %s\n", row);
	}
	if (!m->disks)
		fprintf(out, "  %s\n", _("none: attach one, or look whether its controller is switched on"));
	for (unsigned i = 0; i < m->boot_targets; i++) {
		machine_describe_target(m, &m->boot_target[i], row, sizeof(row));
		fprintf(out, "\niSCSI: %s\n  %s\n", row,
			_("The firmware is set to start from it. A host is not installed onto iSCSI and does not start from it."));
	}
	fprintf(out, "\n%s:\n", _("Network ports"));
	for (unsigned i = 0; i < m->nics; i++)
		fprintf(out, "  eth%u  %s  %s\n", i, m->nic[i].mac, *m->nic[i].driver ? m->nic[i].driver : "-");
	if (!m->nics)
		fprintf(out, "  %s\n", _("none: a host needs one"));
}

static void obstacles_and_hardware(const void *machine, FILE *out)
{
	obstacles_write(machine, out);
	hardware_write(machine, out);
}

enum front_answer screen_hardware(struct session *s)
{
	struct front_page p = {
		.title = _("This machine"),
		.help = _("What the installer found. Xen needs a 64-bit processor, 1 GiB of memory and a disk of 8 GiB. Without VT-x or AMD-V only paravirtualized (PV) guests run."),
	};

	return screen_view(s->front, &p, _("Next"), obstacles_and_hardware, s->machine);
}

enum task { TASK_INSTALL, TASK_REINSTALL, TASK_SHELL, TASK_REBOOT, TASK_POWEROFF, TASK_MAX };

enum front_answer screen_task(struct session *s)
{
	struct front_page p = {
		.title = _("What to do"), .text = _("What do you want to do?"),
		.help = _("Install: everything on the disks you choose is lost.\n\nReinstall: the system and its settings are made anew; the guests' storage on the disk is kept.\n\nShell: for looking around and repairing. It has the tools of the host. Leave it with `exit` and this screen comes back."),
	};
	struct front_item items[TASK_MAX] = {
		[TASK_INSTALL] = { .text = _("Install Dolmen") },
		[TASK_REINSTALL] = { .text = _("Reinstall, and keep the guests' storage") },
		[TASK_SHELL] = { .text = _("Rescue shell") },
		[TASK_REBOOT] = { .text = _("Restart the machine") },
		[TASK_POWEROFF] = { .text = _("Switch the machine off") },
	};
	size_t chosen = s->a.mode == MODE_REINSTALL ? TASK_REINSTALL : TASK_INSTALL;
	enum front_answer answer;
	bool found = false;

	for (unsigned i = 0; i < s->machine->disks; i++)
		found = found || disk_has_dolmen(s->machine, i);
	items[TASK_REINSTALL].disabled = !found;
	if (!found)
		items[TASK_REINSTALL].text = _("Reinstall (no Dolmen was found on the disks)");
	for (;;) {
		answer = s->front->calls->menu(s->front, &p, items, TASK_MAX, &chosen);
		if (answer != FRONT_NEXT)
			return answer;
		switch ((enum task)chosen) {
		case TASK_SHELL: screen_shell(s); break;
		case TASK_REBOOT: s->leave = LEAVE_REBOOT; return FRONT_QUIT;
		case TASK_POWEROFF: s->leave = LEAVE_POWEROFF; return FRONT_QUIT;
		default:
			if ((chosen == TASK_REINSTALL) != (s->a.mode == MODE_REINSTALL))
				s->a.primary.name[0] = s->a.mirror.name[0] = 0;
			s->a.mode = chosen == TASK_REINSTALL ? MODE_REINSTALL : MODE_FRESH;
			return FRONT_NEXT;
		}
	}
}
