# SPDX-License-Identifier: GPL-2.0-or-later
# Xen and its toolstack, from source.

$(BUILD)/hypervisor/sources/version: hypervisor/sources.lock rootfs/buildroot/fetch-source | $(BUILDROOT_STAMP)
	$(Q)rootfs/buildroot/fetch-source hypervisor/sources.lock $(@D)

XEN_PATCHES := $(wildcard hypervisor/patches/*.patch)
$(XEN)/BUILD-INFO: $(BUILD)/hypervisor/sources/version hypervisor/build hypervisor/xen.config $(XEN_PATCHES) \
		$(call noted,xen-patches,$(XEN_PATCHES))
	$(Q)$(ENTER) hypervisor/build $(<D) $(@D) $(JOBS)

hypervisor: $(XEN)/BUILD-INFO ## build Xen and its toolstack
.PHONY: hypervisor
