/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual machine that is wanted: pure, from the words of a command line to libvirt's XML. */
#ifndef DOLMEN_SPEC_H
#define DOLMEN_SPEC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "command.h"

#define SPEC_DISKS 8
#define SPEC_NETS 8
#define SPEC_NAME 51
#define SPEC_CPUS 512

enum vm_type { VM_PV, VM_PVH, VM_HVM, VM_TYPE_MAX };
extern const char *const vm_type_text[VM_TYPE_MAX];

struct vm_spec {
	char name[SPEC_NAME];
	enum vm_type type;
	uint64_t memory_bytes, memory_max_bytes;
	unsigned vcpus, vcpus_max;
	bool uefi, cdrom_drive;		/* a drive, maybe without a CD */
	/* "": not wanted */
	char kernel[256], initrd[256], cmdline[512], cdrom[256];	/* cdrom: a path, or a name for iso_resolve() */
	char import[256];		/* the first disk's content */
	unsigned disks;
	struct spec_disk {
		uint64_t bytes;
		char path[256];		/* "": not made yet */
		bool file;		/* else a block device */
	} disk[SPEC_DISKS];
	unsigned nets;
	struct spec_net {
		char bridge[16];
	} net[SPEC_NETS];
};

/* 512M 20G 1.5T, KiB and so on, too; powers of 1024. A number alone is an error: of what? */
int spec_size(const char *text, uint64_t *ret_bytes, struct err *e);
int spec_count(const char *text, unsigned most, unsigned *ret, struct err *e);
/* `0-3,6` or `all` of so many processors, as bits. */
int spec_cpus(const char *text, unsigned cpus, unsigned char ret[SPEC_CPUS / 8], struct err *e);
int spec_memory(uint64_t bytes, struct err *e);
/* Letters, digits, `.`, `_`, `-`; the first is none of these three. */
int spec_name(const char *text, struct err *e);
/* The same, and not digits alone. */
int spec_machine_name(const char *text, struct err *e);
/* From `vm create`'s options: COMMAND_REFUSED and the reason where they do not fit each other. */
int spec_fill(struct vm_spec *s, const struct call *c, struct err *e);
/* libvirt's domain: https://libvirt.org/formatdomain.html */
/* Its CD drive with an ISO, or "": with none. */
void spec_write_cdrom(const char *iso, FILE *out);
void spec_write_xml(const struct vm_spec *s, FILE *out);
/* libvirt's own text of a domain with this weight (its `shares`), to free(); NULL: no memory. */
char *spec_xml_weight(const char *xml, unsigned weight);

#endif
