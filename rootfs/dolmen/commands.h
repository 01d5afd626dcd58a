/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of subcommands, in the order of the help: a row is command_NAME of a file beside this one. */
#define COMMANDS(ROW) \
	ROW(vm_list) \
	ROW(vm_create) \
	ROW(vm_start) \
	ROW(vm_shutdown) \
	ROW(vm_reboot) \
	ROW(vm_destroy) \
	ROW(vm_console) \
	ROW(vm_pause) \
	ROW(vm_resume) \
	ROW(vm_save) \
	ROW(vm_set) \
	ROW(vm_delete) \
	ROW(vm_snapshot_create) \
	ROW(vm_snapshot_list) \
	ROW(vm_snapshot_revert) \
	ROW(vm_snapshot_delete) \
	ROW(network_list) \
	ROW(network_nics) \
	ROW(network_set) \
	ROW(network_confirm) \
	ROW(network_revert) \
	ROW(network_create) \
	ROW(network_delete) \
	ROW(console) \
	ROW(status) \
	ROW(set) \
	ROW(get) \
	ROW(password) \
	ROW(key_list) \
	ROW(key_add) \
	ROW(key_remove) \
	ROW(storage_list) \
	ROW(storage_disks) \
	ROW(storage_add) \
	ROW(storage_extend) \
	ROW(storage_remove) \
	ROW(storage_up) \
	ROW(storage_iso_list) \
	ROW(storage_iso_add) \
	ROW(storage_iso_remove) \
	ROW(stats) \
	ROW(report) \
	ROW(help) \
	ROW(complete) \
	ROW(man)
