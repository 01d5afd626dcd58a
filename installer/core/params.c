/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "params.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmdline.h"
#include "names.h"
#include "params_values.h"

const char *const param_status_text[PARAM_STATUS_MAX] = { "honoured", "ignored, with a warning", "refused" };

struct row {
	struct param p;
	param_check_fn *check;		/* of the value; NULL: any */
};

#define ON PARAM_HONOURED
#define NO PARAM_IGNORED

static const struct row table[] = {
	{ { "dolmen.mode", false, ON, "what is started: `install`, `live`, `rescue`, `check` or `host`" }, param_mode },
	{ { "dolmen.medium", false, ON, "which CD or USB stick is meant, by the beginning of its manifest's SHA-256" }, NULL },
	{ { "dolmen.source", false, ON, "network boot: URL of the folder that has `dolmen/` and `boot/` (docs/PXE.md)" }, NULL },
	{ { "dolmen.timeout", false, ON, "network boot: seconds without progress after which it is given up; default 120" }, NULL },
	{ { "dolmen.root", false, NO, "only for `dolmen.mode=host`: the partition of the system" }, NULL },
	{ { "dolmen.slot", false, NO, "only for `dolmen.mode=host`: `a` or `b`" }, NULL },
	{ { "dolmen.state", false, NO, "only for `dolmen.mode=host`: the partition of the settings" }, NULL },
	{ { "answerfile", false, ON, "URL of the answer file: nothing is asked" }, param_answerfile },
	{ { "rt_answerfile", false, ON, "the same as `answerfile=`" }, param_answerfile },
	{ { "answerfile_generator", false, PARAM_REFUSED, "answer files made by a script: let the web server make them, with `${mac}` in `answerfile=`" }, NULL },
	{ { "network_device", false, ON, "NICs to bring up: `eth1`, a MAC address or `all` (default)" }, param_network_device },
	{ { "answerfile_device", false, ON, "the older name of `network_device=`" }, param_network_device },
	{ { "network_config", false, ON, "their addresses: `dhcp` (default), `dhcp:vlan=7` or `static:ip=...`" }, param_network_config },
	{ { "map_netdev", false, ON, "gives a NIC another number (several): `eth0:s:52:54:00:12:34:56`" }, param_map_netdev },
	{ { "atexit", false, ON, "after success: `reboot` (default), `poweroff` (after failure, too) or `shell`" }, param_atexit },
	{ { "shell", true, ON, "no installer, a shell on every console" }, NULL },
	{ { "sshpassword", false, ON, "SSH login as root with this password; no blanks" }, NULL },
	{ { "sshkey", false, ON, "SSH login as root with this key: a URL, or the key with `%20` for blanks" }, param_sshkey },
	{ { "keymap", false, ON, "keyboard of the VGA console; default `us`" }, param_keymap },
	{ { "language", false, ON, "language of the screens: `en` (default) or `ko`" }, param_language },
	{ { "term", false, ON, "terminal type of serial ports; default `xterm`" }, NULL },
	{ { "console", false, ON, "the kernel's own (several): `tty0`, `ttyS0,115200`; each shows the installer" }, NULL },
	{ { "vga", false, ON, "the boot loader's own on BIOS: `vga=791`, a frame buffer of 1024x768" }, NULL },
	{ { "boot-console", false, NO, "the host's consoles are fixed: VGA and the first serial port" }, NULL },
	{ { "device_mapper_multipath", false, NO, "there is no multipath; disks with several paths are refused" }, param_multipath },
	{ { "use_ibft", true, NO, "there is no boot from iSCSI" }, NULL },
	{ { "extrarepo", false, NO, "the medium is the only source" }, NULL },
	{ { "netinstall", true, NO, "the medium is the only source" }, NULL },
	{ { "onecd", true, NO, "there is one medium" }, NULL },
	{ { "no-repo-gpgcheck", true, NO, "there are no package sources; the medium's hashes are always checked" }, NULL },
	{ { "no-gpgcheck", true, NO, "there are no package sources; the medium's hashes are always checked" }, NULL },
	{ { "mount", false, NO, "put the answer file onto a volume labelled `DOLMEN-CONF`" }, NULL },
	{ { "make-ramdisk", false, NO, "the medium is read where it is" }, NULL },
	{ { "xsinst", false, NO, "the medium is read where it is" }, NULL },
	{ { "extramodules", false, NO, "drivers are found by the hardware" }, NULL },
	{ { "enable-ide", true, NO, "IDE disks are found as others are" }, NULL },
	{ { "blacklist-ide", true, NO, "IDE disks are found as others are" }, NULL },
	{ { "bash-shell", true, NO, "write `shell`, or use the second window of the installer" }, NULL },
	{ { "start", false, NO, "write `shell` and start it by hand" }, NULL },
	{ { "virtual", true, NO, "virtual machines are not treated differently" }, NULL },
	{ { "kernel-alt", true, NO, "there is one kernel" }, NULL },
	{ { "disable-uefi", true, NO, "the disk boots by BIOS and by UEFI" }, NULL },
	{ { "cc-preparations", true, PARAM_REFUSED, "there is no Common Criteria mode" }, NULL },
};
#define ROWS (sizeof(table) / sizeof(table[0]))

size_t params_list(const struct param **ret)
{
	static struct param list[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		list[i] = table[i].p;
	*ret = list;
	return ROWS;
}

static const struct row *row_find(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (!strcmp(table[i].p.name, name))
			return &table[i];
	return NULL;
}

/*
 * One of our names that this may have been meant for. A dolmen.* is never the kernel's; of others only long ones are taken
 * for typing errors, as short words of the kernel are near to anything.
 */
static const char *meant(const struct cmdline_word *w)
{
	const char *names[ROWS + 1];
	bool ours = !strncmp(w->name, "dolmen.", 7);
	size_t n = 0;

	if (!ours && (!w->has_value || strlen(w->name) < 8 || strchr(w->name, '.')))
		return NULL;
	for (size_t i = 0; i < ROWS; i++)
		if (ours == !strncmp(table[i].p.name, "dolmen.", 7))
			names[n++] = table[i].p.name;
	names[n] = NULL;
	return names_nearest_of(names, w->name);
}

static void unknown(const struct cmdline_word *w, struct diags *ds)
{
	const char *near = meant(w);

	if (near)
		diag_warning(ds, 1, w->col, "%s: no such parameter; did you mean %s?", w->name, near);
	else if (!strncmp(w->name, "dolmen.", 7))
		diag_warning(ds, 1, w->col, "%s: no such parameter", w->name);
}

static void known(const struct row *row, const struct cmdline_word *w, struct diags *ds)
{
	const struct param *p = &row->p;
	struct err e = { 0 };
	int rc;

	if (p->status == PARAM_REFUSED) {
		diag_error(ds, 1, w->col, "%s is not supported: %s", p->name, p->meaning);
		return;
	}
	if (w->too_long) {
		diag_error(ds, 1, w->col, "%s: the value is longer than %zu characters", p->name, sizeof(w->value) - 1);
		return;
	}
	rc = row->check ? row->check(w->value, &e) : 0;
	if (p->status == PARAM_IGNORED && (rc || !row->check))
		diag_warning(ds, 1, w->col, "%s has no effect: %s", p->name, p->meaning);
	else if (rc == -EDOM)
		diag_warning(ds, 1, w->col, "%s: %s", p->name, e.msg);
	else if (rc)
		diag_error(ds, 1, w->col, "%s: %s", p->name, e.msg);
}

/* Both names with different files: nobody can say which was meant. */
static void check_answerfiles(const char *cmdline, struct diags *ds)
{
	char a[1024], b[1024];

	if (cmdline_get(cmdline, "answerfile", a, sizeof(a)) && cmdline_get(cmdline, "rt_answerfile", b, sizeof(b)) && strcmp(a, b) != 0)
		diag_error(ds, 1, 1, "answerfile= and rt_answerfile= name different files");
}

void params_check(const char *cmdline, struct diags *ds)
{
	struct cmdline_word w;

	for (size_t at = 0; cmdline_next(cmdline, &at, &w); ) {
		const struct row *row = row_find(w.name);

		/* `shell=x` and `atexit` alone are no words of ours, but the boot steps do not see them either */
		if (row && row->p.flag != w.has_value)
			known(row, &w, ds);
		else if (row && row->p.status == PARAM_HONOURED)
			diag_warning(ds, 1, w.col, "%s has no effect: it is written %s a value", w.name, row->p.flag ? "without" : "with");
		else
			unknown(&w, ds);
	}
	check_answerfiles(cmdline, ds);
}

bool params_unattended(const char *cmdline)
{
	struct cmdline_word w;

	for (size_t at = 0; cmdline_next(cmdline, &at, &w); )
		if (w.has_value && (!strcmp(w.name, "answerfile") || !strcmp(w.name, "rt_answerfile") || !strcmp(w.name, "answerfile_generator")))
			return true;
	return false;
}

bool params_answerfile(const char *cmdline, char *ret_url, size_t size)
{
	return cmdline_get(cmdline, "answerfile", ret_url, size) || cmdline_get(cmdline, "rt_answerfile", ret_url, size);
}
