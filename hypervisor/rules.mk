# SPDX-License-Identifier: GPL-2.0-or-later
# Xen and its toolstack, from source.

$(BUILD)/hypervisor/sources/version: hypervisor/sources.lock rootfs/buildroot/fetch-source | $(BUILDROOT_STAMP)
	$(Q)rootfs/buildroot/fetch-source hypervisor/sources.lock $(@D)

$(XEN)/BUILD-INFO: $(BUILD)/hypervisor/sources/version hypervisor/build hypervisor/xen.config $(wildcard hypervisor/patches/*.patch)
	$(Q)$(ENTER) hypervisor/build $(<D) $(@D) $(JOBS)

hypervisor: $(XEN)/BUILD-INFO ## build Xen and its toolstack
.PHONY: hypervisor
