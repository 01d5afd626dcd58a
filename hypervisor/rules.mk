# SPDX-License-Identifier: GPL-2.0-or-later
# Xen and its toolstack, and the UEFI firmware of its machines, from source.

$(BUILD)/hypervisor/sources/version: hypervisor/sources.lock rootfs/buildroot/fetch-source | $(BUILDROOT_STAMP)
	$(Q)rootfs/buildroot/fetch-source hypervisor/sources.lock $(@D)

XEN_PATCHES := $(wildcard hypervisor/patches/*.patch)
$(XEN)/BUILD-INFO: $(BUILD)/hypervisor/sources/version hypervisor/build hypervisor/xen.config $(XEN_PATCHES) \
		$(call noted,xen-patches,$(XEN_PATCHES))
	$(Q)$(ENTER) hypervisor/build $(<D) $(@D) $(JOBS)

$(BUILD)/ovmf/sources/version: hypervisor/ovmf/sources.lock rootfs/buildroot/fetch-source | $(BUILDROOT_STAMP)
	$(Q)rootfs/buildroot/fetch-source hypervisor/ovmf/sources.lock $(@D)

$(OVMF)/BUILD-INFO: $(BUILD)/ovmf/sources/version hypervisor/ovmf/build
	$(Q)$(ENTER) hypervisor/ovmf/build $(<D) $(@D) $(JOBS)

hypervisor: $(XEN)/BUILD-INFO $(OVMF)/BUILD-INFO ## build Xen, its toolstack, the firmware of its machines
.PHONY: hypervisor
