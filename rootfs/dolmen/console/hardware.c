/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine is made of, as the installer shows it; what the disks say about themselves; sensors. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stats_read.h"
#include "console.h"
#include "core/text.h"
#include "sys/file.h"

/* Linux' own units (Documentation/hwmon/sysfs-interface.rst): thousandths of a degree and of a volt, revolutions per minute. */
static const struct {
	const char *begins, *unit;
	unsigned divisor;
} kinds[] = { { "temp", "°C", 1000 }, { "fan", "/min", 1 }, { "in", "V", 1000 }, { "power", "W", 1000000 } };

static void sensor_write(FILE *out, const char *path)
{
	char chip_path[512], label_path[512], chip[64] = "", label[64] = "", value[32];
	const char *name = strrchr(path, '/') + 1;
	size_t folder = (size_t)(name - path), stem = strlen(name) - strlen("_input");

	snprintf(chip_path, sizeof(chip_path), "%.*sname", (int)folder, path);
	snprintf(label_path, sizeof(label_path), "%.*s%.*s_label", (int)folder, path, (int)stem, name);
	file_read_line(chip_path, chip, sizeof(chip));
	if (!file_read_line(label_path, label, sizeof(label)))
		snprintf(label, sizeof(label), "%.*s", (int)stem, name);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(name, kinds[i].begins, strlen(kinds[i].begins)) && file_read_line(path, value, sizeof(value)))
			fprintf(out, "  %s %s: %.*f %s\n", chip, label, kinds[i].divisor == 1 ? 0 : 1, strtod(value, NULL) / kinds[i].divisor,
				kinds[i].unit);
}

static void sensors_write(struct console *c, FILE *out)
{
	char pattern[512];
	glob_t g;

	fprintf(out, "\n%s:\n", _("Sensors"));
	if (glob(console_path(c, "/sys/class/hwmon/hwmon*/*_input", pattern, sizeof(pattern)), 0, NULL, &g)) {
		fprintf(out, "  %s\n", _("none that Linux knows"));
		return;
	}
	for (size_t i = 0; i < g.gl_pathc; i++)
		sensor_write(out, g.gl_pathv[i]);
	globfree(&g);
}

static void health_write(const struct machine *m, FILE *out)
{
	fprintf(out, "\n%s:\n", _("What the disks say about themselves (SMART)"));
	for (unsigned i = 0; i < m->disks; i++) {
		const struct disk *d = &m->disk[i];

		fprintf(out, "  %s: %s", d->name, d->health == HEALTH_GOOD ? _("good") : d->health == HEALTH_FAILING ? _("failing: replace it") :
						  _("nothing"));
		if (d->life_used >= 0)
			fprintf(out, _(", %d %% of its life used"), d->life_used);
		fputc('\n', out);
	}
}

static void machine_write(const void *console, FILE *out)
{
	struct console *c = (struct console *)console;

	hardware_write(c->s.machine, out);
	health_write(c->s.machine, out);
	sensors_write(c, out);
}

enum front_answer console_hardware(struct console *c)
{
	struct front_page p = {
		.title = _("This machine"),
		.help = _("Processor and memory are those of the whole machine. Volumes of guests are among the disks' partitions, not here. A disk that says `failing` should be replaced soon: copy what is on it first."),
	};
	struct stats *x;
	struct err e;

	if (!console_probe(c))
		return console_say(c, p.title, _("The hardware cannot be looked at."));
	/* What dom0 has of them is not what there is. */
	if (!stats_read(&x, c->root, &e)) {
		if (x->memory)
			c->s.machine->memory = x->memory;
		if (x->cpus)
			c->s.machine->cpus = (unsigned)x->cpus;
		free(x);
	}
	return screen_view(c->front, &p, NULL, machine_write, c);
}
