/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine's memory on disk: volumes beside its disks, named as if they were snapshots of the first one. */
#ifndef DOLMEN_VM_MEMORY_H
#define DOLMEN_VM_MEMORY_H

#include <stdint.h>

#include "storage.h"
#include "virt.h"

/* No snapshot can have such names. */
#define MEMORY_SAVED ".saved"
#define MEMORY_OF_SNAPSHOT "+memory"	/* behind the snapshot's name */

/* What the memory of a machine that runs takes on disk, with all that belongs to it. */
uint64_t vm_memory_bytes(virDomainPtr d);
/* A volume for it. COMMAND_REFUSED: no room. */
int vm_memory_make(const struct pool *p, virDomainPtr d, const char *volume, char ret_path[VOLUME_PATH], struct err *e);

#endif
