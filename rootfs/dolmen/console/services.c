/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "services.h"

#include <stdlib.h>

#include "sys/fetch.h"
#include "sys/file.h"
#include "sys/keymap.h"
#include "sys/nic.h"
#include "sys/probe.h"
#include "sys/save.h"
#include "sys/shell.h"
#include "ui/screens.h"

static void probe(struct session *s)
{
	struct machine *m;
	struct err e;

	if (probe_machine(&m, s->machine_root, s->log, &e))
		return;
	free(s->machine);
	s->machine = m;
}

/* Nothing is installed from here: no plan, no installation. */
const struct services console_services = {
	.probe = probe, .keymap_load = keymap_load, .shell_run = shell_run, .nic_refresh = nic_refresh, .nic_blink = nic_blink,
	.file_read = file_read, .fetch_url = fetch_url, .save_to_url = save_to_url,
	.load_from_volume = load_from_volume, .save_to_volume = save_to_volume,
};
