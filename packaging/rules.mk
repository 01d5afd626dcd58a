# SPDX-License-Identifier: GPL-2.0-or-later
# Packages for administrators' machines.

TOOLS_DEB := $(BUILD)/packaging/dolmen-tools_$(VERSION)_amd64.deb

$(TOOLS_DEB): $(CONTENT)/dolmen/manifest $(INSTALLER)/dolmen-install packaging/tools-package packaging/dolmen-check packaging/remaster iso/note \
		rootfs/tools/record-machine $(wildcard packaging/man/*) docs/ANSWERFILE.md
	$(Q)$(SUDO) mkdir -p $(@D)
	$(Q)$(ENTER) packaging/tools-package $(VERSION) $(INSTALLER)/dolmen-install $(TREE)/tree $(CONTENT) $@

tools: $(TOOLS_DEB) ## build dolmen-tools.deb: checks answer files on Debian 12 and 13
.PHONY: tools
