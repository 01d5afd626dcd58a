/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OVF 1, which everybody reads. The elements of an Item stand in the order of the alphabet, as the schema has them. */
#include <inttypes.h>
#include <string.h>

#include "core/xml_write.h"
#include "ovf.h"

#define CIM "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
#define CONTROLLER 3	/* the InstanceID of the disks' */

static void write_files(const struct ovf *o, FILE *out)
{
	fputs("  <References>\n", out);
	for (unsigned i = 0; i < o->disks; i++) {
		fprintf(out, "    <File ovf:id=\"file%u\"", i);
		xml_attr(out, "ovf:href", o->disk[i].file);
		fprintf(out, " ovf:size=\"%" PRIu64 "\"/>\n", o->disk[i].file_bytes);
	}
	fputs("  </References>\n  <DiskSection>\n    <Info>Disks</Info>\n", out);
	for (unsigned i = 0; i < o->disks; i++)
		fprintf(out, "    <Disk ovf:diskId=\"disk%u\" ovf:capacity=\"%" PRIu64 "\" ovf:capacityAllocationUnits=\"byte\" ovf:fileRef=\"file%u\""
			" ovf:format=\"http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized\"/>\n", i, o->disk[i].bytes, i);
	fputs("  </DiskSection>\n", out);
}

static bool is_first(const struct ovf *o, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(o->net[i].network, o->net[n].network))
			return false;
	return true;
}

static void write_networks(const struct ovf *o, FILE *out)
{
	fputs("  <NetworkSection>\n    <Info>Networks</Info>\n", out);
	for (unsigned i = 0; i < o->nets; i++)
		if (is_first(o, i)) {
			fputs("    <Network", out);
			xml_attr(out, "ovf:name", o->net[i].network);
			fputs("><Description>A bridge</Description></Network>\n", out);
		}
	fputs("  </NetworkSection>\n", out);
}

static void write_items(const struct ovf *o, FILE *out)
{
	unsigned id = CONTROLLER + 1;

	fprintf(out, "      <Item><rasd:ElementName>%u processors</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID>"
		"<rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>%u</rasd:VirtualQuantity></Item>\n", o->vcpus, o->vcpus);
	fprintf(out, "      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>Memory</rasd:ElementName>"
		"<rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>%" PRIu64
		"</rasd:VirtualQuantity></Item>\n", o->memory_bytes >> 20);
	fprintf(out, "      <Item><rasd:Address>0</rasd:Address><rasd:ElementName>Disk controller</rasd:ElementName><rasd:InstanceID>%d"
		"</rasd:InstanceID><rasd:ResourceSubType>lsilogic</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>\n", CONTROLLER);
	for (unsigned i = 0; i < o->disks; i++)
		fprintf(out, "      <Item><rasd:AddressOnParent>%u</rasd:AddressOnParent><rasd:ElementName>Disk %u</rasd:ElementName>"
			"<rasd:HostResource>ovf:/disk/disk%u</rasd:HostResource><rasd:InstanceID>%u</rasd:InstanceID><rasd:Parent>%d</rasd:Parent>"
			"<rasd:ResourceType>17</rasd:ResourceType></Item>\n", i, i, i, id++, CONTROLLER);
	for (unsigned i = 0; i < o->nets; i++) {
		fputs("      <Item><rasd:AutomaticAllocation>true</rasd:AutomaticAllocation><rasd:Connection>", out);
		xml_put(out, o->net[i].network);
		fprintf(out, "</rasd:Connection><rasd:ElementName>Network interface %u</rasd:ElementName><rasd:InstanceID>%u</rasd:InstanceID>"
			"<rasd:ResourceSubType>E1000</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>\n", i, id++);
	}
	if (o->uefi)
		fputs("      <vmw:Config ovf:required=\"false\" vmw:key=\"firmware\" vmw:value=\"efi\"/>\n", out);
}

void ovf_write(const struct ovf *o, FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Envelope xmlns=\"http://schemas.dmtf.org/ovf/envelope/1\""
	      " xmlns:ovf=\"http://schemas.dmtf.org/ovf/envelope/1\" xmlns:rasd=\"" CIM "CIM_ResourceAllocationSettingData\""
	      " xmlns:vssd=\"" CIM "CIM_VirtualSystemSettingData\" xmlns:vmw=\"http://www.vmware.com/schema/ovf\""
	      " xmlns:dolmen=\"urn:dolmen:ovf:1\">\n", out);
	write_files(o, out);
	write_networks(o, out);
	fputs("  <VirtualSystem", out);
	xml_attr(out, "ovf:id", o->name);
	fputs(">\n    <Info>A virtual machine</Info>\n", out);
	xml_element(out, "    ", "Name", o->name);
	fputs("    <OperatingSystemSection ovf:id=\"1\"><Info>Not known</Info></OperatingSystemSection>\n"
	      "    <VirtualHardwareSection>\n      <Info>Virtual hardware</Info>\n      <System><vssd:ElementName>Virtual Hardware Family"
	      "</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemIdentifier>", out);
	xml_put(out, o->name);
	fputs("</vssd:VirtualSystemIdentifier><vssd:VirtualSystemType>vmx-10</vssd:VirtualSystemType></System>\n", out);
	write_items(o, out);
	fputs("    </VirtualHardwareSection>\n    <dolmen:MachineSection ovf:required=\"false\"", out);
	xml_attr(out, "dolmen:type", o->type);
	xml_attr(out, "dolmen:kernel", o->kernel);
	xml_attr(out, "dolmen:initrd", o->initrd);
	xml_attr(out, "dolmen:cmdline", o->cmdline);
	fputs("><Info>What it was on a Dolmen host</Info></dolmen:MachineSection>\n  </VirtualSystem>\n</Envelope>\n", out);
}
