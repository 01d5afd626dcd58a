# SPDX-License-Identifier: GPL-2.0-or-later
# The folder for a TFTP and web server: takes finished files, decides nothing.

# Where it will be served; empty: the machines find out by where the menu came from.
PXE_URL ?=

$(PXE)/SHA256SUMS: $(CONTENT)/dolmen/manifest.sig $(NETWORK) pxe/build pxe/boot.ipxe pxe/grub.cfg \
		iso/menu iso/menu.list iso/grub.cfg iso/grub-modules $(call noted,pxe-url,$(PXE_URL))
	$(Q)$(ENTER) pxe/build $(CONTENT) $(NETWORK) $(TREE)/tree/usr/lib/dolmen/boot/shimx64.efi "$(PXE_URL)" $(PXE)

pxe: $(PXE)/SHA256SUMS ## build build/pxe/, a folder for any TFTP and web server (PXE_URL=http://SERVER/FOLDER)
.PHONY: pxe

pxe-serve: $(PXE)/SHA256SUMS ## serve it in a network namespace of its own, until Ctrl-C: dnsmasq, nginx, a bridge
	$(Q)tests/vm/pxe-serve
.PHONY: pxe-serve

pxe-demo: deps ## build, install a virtual machine with an empty disk by network, boot the disk (FIRMWARE=bios|uefi)
	$(Q)$(MAKE) --no-print-directory pxe
	$(Q)tests/vm/pxe-demo $(if $(FIRMWARE),--firmware $(FIRMWARE))
.PHONY: pxe-demo
