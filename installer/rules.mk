# SPDX-License-Identifier: GPL-2.0-or-later
# The installer, its tools and the host's command, compiled inside the build root by one sub-make (Makefile.in-root).

INSTALLER_BIN := $(addprefix $(BUILD)/installer/,dolmen-install dolmen dolmen-unify unit-tests test-loop test-report)
INSTALLER_MO  := $(patsubst installer/po/%.po,$(BUILD)/installer/locale/%/LC_MESSAGES/dolmen-install.mo,$(wildcard installer/po/*.po))
INSTALLER_SRC := $(wildcard installer/*.[ch] rootfs/dolmen/*.[ch] rootfs/dolmen/*/*.[ch] installer/po/*.po installer/*/*.[ch] tests/unit/*.[ch] tests/unit/*/*.[ch])

installer: $(INSTALLER_BIN) ## build the installer, dolmen-unify and the unit tests
.PHONY: installer

po: ## write installer/po/dolmen.pot anew after a change of the screens' texts
	$(Q)$(ENTER) installer/po/extract installer/po/dolmen.pot
.PHONY: po

# One sub-make makes all of them, and only what changed. The programs' own times count for what is made from them:
# a changed unit test does not make a new image.
$(INSTALLER_BIN) $(INSTALLER_MO): $(BUILD)/installer/.made ;
$(BUILD)/installer/.made: $(INSTALLER_SRC) installer/Makefile.in-root installer/rules.mk $(BUILDROOT_STAMP) \
		$(call noted,installer,$(VERSION) $(INSTALLER_SRC))
	$(Q)$(ENTER) make --no-print-directory -f installer/Makefile.in-root BUILD=$(BUILD) VERSION=$(VERSION) V=$(V) \
		-j$(JOBS) all
	$(Q)$(SUDO) touch $@
