/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool_virt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "core/xml_write.h"
#include "hostconf.h"

void pool_write_xml(const struct pool *p, FILE *out)
{
	fprintf(out, "<pool type='%s'>\n  <name>%s</name>\n", pool_has_files(p) ? "dir" : "logical", p->name);
	if (!pool_has_files(p))
		fprintf(out, "  <source><name>%s</name><format type='lvm2'/></source>\n", p->group);
	fprintf(out, "  <target><path>%s%s</path></target>\n</pool>\n", pool_has_files(p) ? "" : "/dev/", pool_has_files(p) ? p->folder : p->group);
}

static char *xml_of(const struct pool *p, size_t *ret_len)
{
	char *xml = NULL;
	FILE *f = open_memstream(&xml, ret_len);

	if (f) {
		pool_write_xml(p, f);
		fclose(f);
	}
	return xml;
}

int pool_define(virConnectPtr conn, const struct pool *p, struct err *e)
{
	virStoragePoolPtr there = virStoragePoolLookupByName(conn, p->name);
	char *xml;
	size_t len;
	int rc = 0;

	if (there) {
		virStoragePoolFree(there);
		return 0;
	}
	xml = xml_of(p, &len);
	there = xml ? virStoragePoolDefineXML(conn, xml, 0) : NULL;
	if (!there || (!pool_is_shared(p) && (virStoragePoolSetAutostart(there, 1) < 0 || virStoragePoolCreate(there, 0) < 0)))
		rc = virt_error(e, "libvirt does not take pool %s", p->name);
	if (there)
		virStoragePoolFree(there);
	free(xml);
	return rc;
}

void pool_undefine(virConnectPtr conn, const struct pool *p)
{
	virStoragePoolPtr there = virStoragePoolLookupByName(conn, p->name);

	if (!there)
		return;
	virStoragePoolDestroy(there);
	virStoragePoolUndefine(there);
	virStoragePoolFree(there);
}

int pool_define_file(const struct pool *p, struct err *e)
{
	char path[256], mark[256], words[128], *xml;
	size_t len;
	int rc;

	snprintf(words, sizeof(words), "/state/libvirt/storage/%s.xml", p->name);
	if (!access(host_path(path, sizeof(path), words), F_OK))
		return 0;
	xml = xml_of(p, &len);
	rc = xml ? file_replace(path, xml, len, 0600, e) : err_set(e, -ENOMEM, "out of memory");
	free(xml);
	if (rc || pool_is_shared(p))
		return rc;
	snprintf(words, sizeof(words), "/state/libvirt/storage/autostart/%s.xml", p->name);
	host_path(mark, sizeof(mark), words);
	snprintf(words, sizeof(words), "/etc/libvirt/storage/%s.xml", p->name);
	if (symlink(words, mark) < 0 && errno != EEXIST)
		rc = err_set(e, -errno, "%s: %s", mark, strerror(errno));
	return rc;
}

int virt_path_unused(virConnectPtr conn, const char *begins, struct err *e)
{
	virDomainPtr *all = NULL;
	char quoted[300];
	int n = virConnectListAllDomains(conn, &all, 0), rc = n < 0 ? virt_error(e, "the virtual machines cannot be listed") : 0;

	snprintf(quoted, sizeof(quoted), "'%s", begins);
	for (int i = 0; i < n; i++) {
		for (unsigned flags = 0; flags <= VIR_DOMAIN_XML_INACTIVE && !rc; flags += VIR_DOMAIN_XML_INACTIVE) {
			char *xml = virDomainGetXMLDesc(all[i], flags);

			if (xml && strstr(xml, quoted))
				rc = err_set(e, COMMAND_REFUSED, "%.*s is used by the virtual machine %s", (int)strcspn(begins, "'"), begins,
					     virDomainGetName(all[i]));
			free(xml);
		}
		virDomainFree(all[i]);
	}
	free(all);
	return rc;
}
