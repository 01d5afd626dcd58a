/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several subcommands do with a machine, and what its definition remembers beyond libvirt's own words. */
#ifndef DOLMEN_VM_H
#define DOLMEN_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "virt.h"

/* In libvirt's <metadata>, as <dolmen:vm xmlns:dolmen="urn:dolmen:vm" order="1" delay="5" cap="50"/>. */
struct vm_extra {
	unsigned order;		/* of starting with the host, from 1; 0: behind all that have one */
	unsigned delay;		/* seconds until the next one is started */
	unsigned cap;		/* percent of one processor, 0: no limit; hooks/libxl sets it at every start */
};

void vm_extra_read(virDomainPtr d, struct vm_extra *ret);
int vm_extra_write(virDomainPtr d, const struct vm_extra *x, struct err *e);
/* Pure. */
void vm_extra_parse(const char *xml, struct vm_extra *ret);

/* COMMAND_REFUSED when it runs, there is no memory for it, or a file, device or bridge of its definition is missing. */
int vm_check_start(virDomainPtr d, struct err *e);
/* After that look. A saved one goes on; when it cannot, it is still saved. */
int vm_start(virDomainPtr d, struct err *e);
int vm_create_domain(virDomainPtr d, struct err *e);	/* the same without looking first */
/* Its memory to a storage pool, or the state partition where there is none. */
int vm_save(virDomainPtr d, struct err *e);
bool vm_is_saved(virDomainPtr d);
/* "arriving", "saved", or the word of virt_state() */
const char *vm_state(virDomainPtr d, int state);
int vm_forget_saved(virDomainPtr d, struct err *e);
/* Until it is off; false: it still is not. */
bool vm_wait_off(virDomainPtr d, unsigned seconds);

#endif
