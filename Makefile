# SPDX-License-Identifier: GPL-2.0-or-later
# Dolmen: one ISO that turns a bare server into a Xen host. `make help` lists the targets.
# Every folder brings its own rules.mk; everything made stands below build/. V=1 shows the commands.

BUILD   := $(CURDIR)/build
VERSION := 0.1
JOBS    ?= $(shell nproc)
# The build root is a chroot: an ordinary user needs sudo. What root made stands beside what the user made.
SUDO    := $(if $(filter 0,$(shell id -u)),,sudo --preserve-env=MIRROR,SECURITY_MIRROR,SOURCE_DATE_EPOCH,http_proxy,https_proxy,no_proxy)
ROOT    := $(BUILD)/buildroot/root
ENTER   := $(SUDO) rootfs/buildroot/enter $(ROOT)
Q       := $(if $(V),,@)

# $(call noted,NAME,TEXT): a file that changes when TEXT does. What depends on it notices also what went away.
noted = $(shell mkdir -p $(BUILD)/noted; f=$(BUILD)/noted/$(1); echo '$(2)' | cmp -s - $$f || echo '$(2)' >$$f; echo $$f)

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := iso

# Signs the manifest; made when it is not there. Not below build/: a key outlives a build.
DEFAULT_KEY := $(or $(XDG_CONFIG_HOME),$(HOME)/.config)/dolmen/signing-key.pem
SIGNING_KEY ?= $(DEFAULT_KEY)
# A public key that is trusted beside it: the one that comes next.
NEXT_KEY    ?=

# What the stages hand to each other.
XEN       := $(BUILD)/hypervisor/out
OVMF      := $(BUILD)/ovmf/out
BUSYBOX   := $(BUILD)/busybox/out
UNPACKED  := $(BUILD)/rootfs/unpacked
BUILDROOT_STAMP := $(ROOT)/.complete
TREE      := $(BUILD)/rootfs/out
TOOLS     := $(BUILD)/rootfs/tools
SQUASHFS  := $(BUILD)/rootfs/host.squashfs
INITRAMFS := $(BUILD)/rootfs/initramfs
NETWORK   := $(BUILD)/rootfs/initramfs-network
INSTALLER := $(BUILD)/installer
CONTENT   := $(BUILD)/iso/content
ISO       := $(BUILD)/dolmen.iso
PXE       := $(BUILD)/pxe

include */rules.mk

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 16
.PHONY: help

deps: ## install the Debian packages that building and testing need (says which, first)
	@packaging/deps
.PHONY: deps

clean: ## remove what was built; keeps the build root and unpacked packages
	$(SUDO) rm -rf $(XEN) $(OVMF) $(BUSYBOX) $(BUILD)/installer $(BUILD)/rootfs/out $(BUILD)/rootfs/tools $(BUILD)/iso \
		$(BUILD)/rootfs/host.squashfs $(BUILD)/rootfs/initramfs $(BUILD)/rootfs/initramfs-network* $(BUILD)/pxe $(BUILD)/dolmen.iso $(BUILD)/tests $(BUILD)/bench.json
.PHONY: clean

distclean: ## remove everything below build/
	$(SUDO) rm -rf --one-file-system $(BUILD)
.PHONY: distclean
