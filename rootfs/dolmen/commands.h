/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of subcommands, in the order of the help: a row is command_NAME of a file beside this one. */
#define COMMANDS(ROW) \
	ROW(vm_list) \
	ROW(stats) \
	ROW(report) \
	ROW(help) \
	ROW(complete) \
	ROW(man)
