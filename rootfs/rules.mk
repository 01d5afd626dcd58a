# SPDX-License-Identifier: GPL-2.0-or-later
# The build root, and the host image: vmlinuz, initramfs, host.squashfs.

PACKAGES := $(filter-out xen ovmf,$(notdir $(patsubst %/,%,$(wildcard rootfs/pkg/*/))))

$(BUILDROOT_STAMP): rootfs/buildroot/create rootfs/buildroot/packages
	$(Q)packaging/deps --check
	@echo "buildroot: Debian trixie with compilers and libraries"
	$(Q)mkdir -p $(BUILD)
	$(Q)$(SUDO) rootfs/buildroot/create $(ROOT)
	$(Q)$(SUDO) touch $@

buildroot: $(BUILDROOT_STAMP) ## make the build root
.PHONY: buildroot

# The folder's names are the packages: fetch again when one comes or goes, not when a list changes.
$(UNPACKED)/packages: $(call noted,packages,$(sort $(PACKAGES))) rootfs/fetch $(BUILDROOT_STAMP)
	$(Q)mkdir -p $(BUILD)/rootfs
	$(Q)$(ENTER) rootfs/fetch $(@D) $(PACKAGES)

$(BUILD)/busybox/sources/version: rootfs/busybox/sources.lock rootfs/buildroot/fetch-source | $(BUILDROOT_STAMP)
	$(Q)rootfs/buildroot/fetch-source rootfs/busybox/sources.lock $(@D)

$(BUSYBOX)/BUILD-INFO: $(BUILD)/busybox/sources/version rootfs/busybox/build rootfs/busybox/config
	$(Q)$(ENTER) rootfs/busybox/build $(<D) $(@D) $(JOBS)

$(TOOLS)/%: rootfs/tools/%.c | $(BUILDROOT_STAMP)
	$(Q)$(SUDO) mkdir -p $(@D)
	$(Q)$(ENTER) cc -std=c17 -D_GNU_SOURCE -Os -Wall -Wextra -Werror -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
		-static -s -o $@.partial $< $(if $(filter find-device,$*),-lblkid) $(if $(filter dolmen-verify,$*),-lhogweed -lnettle -lgmp)
	$(Q)$(SUDO) mv $@.partial $@

# What verifies signatures: in the initramfs, the host image and on the medium.
$(TOOLS)/key.pem: $(SIGNING_KEY) $(NEXT_KEY) $(call noted,signing-key,$(strip $(SIGNING_KEY) $(NEXT_KEY)))
	$(Q)openssl pkey -in $< -pubout -out $(BUILD)/noted/key.pem
	$(if $(NEXT_KEY),$(Q)openssl pkey -pubin -in $(NEXT_KEY) -pubout >>$(BUILD)/noted/key.pem)
	$(Q)$(SUDO) install -D -m 644 $(BUILD)/noted/key.pem $@

TREE_INPUTS := $(sort $(wildcard rootfs/pkg/*/*.list rootfs/init/* rootfs/boot/*) rootfs/passwd rootfs/tools/record-machine rootfs/tools/dolmen-rescue rootfs/tools/ssh \
		$(shell find rootfs/etc -type f))
$(TREE)/libraries.list: $(UNPACKED)/packages $(XEN)/BUILD-INFO $(OVMF)/BUILD-INFO $(BUSYBOX)/BUILD-INFO $(INSTALLER)/dolmen-install $(INSTALLER)/dolmen $(INSTALLER_MO) \
		$(TOOLS)/find-device $(TOOLS)/on-demand $(TOOLS)/hex-to-bgf $(TOOLS)/dolmen-verify $(TOOLS)/key.pem \
		rootfs/tree rootfs/libraries rootfs/modules rootfs/firmware rootfs/hardware $(TREE_INPUTS) $(call noted,tree-inputs,$(TREE_INPUTS))
	$(Q)$(ENTER) rootfs/tree $(UNPACKED) $(XEN)/tools $(OVMF) $(BUSYBOX) $(INSTALLER) $(TOOLS) $(TREE)

$(SQUASHFS): $(TREE)/libraries.list rootfs/image
	$(Q)$(ENTER) rootfs/image $(TREE)/tree $@

$(INITRAMFS): $(UNPACKED)/packages $(BUSYBOX)/BUILD-INFO $(TOOLS)/xen-cmdline $(TOOLS)/find-device \
		$(TOOLS)/dolmen-verify $(TOOLS)/key.pem rootfs/modules rootfs/firmware rootfs/init/lib rootfs/initramfs/init rootfs/initramfs/medium \
		rootfs/initramfs/check rootfs/initramfs/build rootfs/initramfs/microcode rootfs/initramfs/modules.list
	$(Q)$(ENTER) rootfs/initramfs/build $(UNPACKED) $(BUSYBOX) $(TOOLS) $@

# What it takes from the tree comes from packages: not again whenever the tree is made again.
$(NETWORK).archive: $(UNPACKED)/packages rootfs/modules rootfs/firmware rootfs/initramfs/build-network rootfs/initramfs/network \
		rootfs/initramfs/modules.list rootfs/initramfs/network-modules.list \
		$(addprefix rootfs/init/,55-install-nics.sh dhcp net-config nics resolver) | $(TREE)/libraries.list
	$(Q)$(ENTER) rootfs/initramfs/build-network $(UNPACKED) $(TREE)/tree $@

# The kernel unpacks one archive after the other.
$(NETWORK): $(INITRAMFS) $(NETWORK).archive
	$(Q)$(SUDO) sh -c 'cat $^ >$@.partial && mv $@.partial $@'

rootfs: $(SQUASHFS) $(INITRAMFS) ## build the host image
.PHONY: rootfs

libraries-list: $(TREE)/libraries.list ## write rootfs/libraries.list anew after a change of packages
	$(Q)cp $< rootfs/libraries.list
.PHONY: libraries-list

hardware-table: $(TREE)/libraries.list ## write docs/HARDWARE.md anew after a change of drivers or firmware
	$(Q)cp $(TREE)/hardware.md docs/HARDWARE.md
.PHONY: hardware-table
