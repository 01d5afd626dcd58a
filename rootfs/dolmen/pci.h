/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's PCI devices for machines: `vm set --pci` and `--pci-remove`. */
#ifndef DOLMEN_PCI_H
#define DOLMEN_PCI_H

#include "command.h"
#include "virt.h"

/* `0000:03:00.0`, or `03:00.0` */
struct pci_address {
	unsigned domain, bus, slot, function;
};

/* Pure. false: this is none. */
bool pci_parse(const char *text, struct pci_address *ret);

/* Whether all devices that are named can be given; COMMAND_REFUSED and the reason when not. */
int pci_check(virDomainPtr d, const struct call *c, struct err *e);
int pci_set(virDomainPtr d, const struct call *c, struct err *e);

#endif
