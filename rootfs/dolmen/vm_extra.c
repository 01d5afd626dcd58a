/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm.h"

#define NAMESPACE "urn:dolmen:vm"

/* The number of an attribute, 0 when it is not there. */
static unsigned number(const char *xml, const char *name)
{
	const char *at = strstr(xml, name);

	at = at ? at + strlen(name) : "";
	return at[0] == '=' && (at[1] == '"' || at[1] == '\'') ? (unsigned)strtoul(at + 2, NULL, 10) : 0;
}

void vm_extra_parse(const char *xml, struct vm_extra *ret)
{
	*ret = (struct vm_extra){ number(xml, " order"), number(xml, " delay"), number(xml, " cap") };
}

void vm_extra_read(virDomainPtr d, struct vm_extra *ret)
{
	char *xml = virDomainGetMetadata(d, VIR_DOMAIN_METADATA_ELEMENT, NAMESPACE, VIR_DOMAIN_AFFECT_CONFIG);

	*ret = (struct vm_extra){ 0 };
	if (xml)
		vm_extra_parse(xml, ret);
	free(xml);
}

int vm_extra_write(virDomainPtr d, const struct vm_extra *x, struct err *e)
{
	unsigned flags = VIR_DOMAIN_AFFECT_CONFIG | (virDomainIsActive(d) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0);
	char xml[128];

	snprintf(xml, sizeof(xml), "<vm order='%u' delay='%u' cap='%u'/>", x->order, x->delay, x->cap);
	return virDomainSetMetadata(d, VIR_DOMAIN_METADATA_ELEMENT, xml, "dolmen", NAMESPACE, flags) < 0 ?
	       virt_error(e, "%s cannot be changed", virDomainGetName(d)) : 0;
}
