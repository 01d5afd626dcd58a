# SPDX-License-Identifier: GPL-2.0-or-later
# The installer and its tools, compiled inside the build root by one sub-make (Makefile.in-root).

INSTALLER_BIN := $(addprefix $(BUILD)/installer/,dolmen-install dolmen-unify unit-tests test-loop)
INSTALLER_SRC := $(wildcard installer/*.[ch] installer/*/*.[ch] tests/unit/*.[ch] tests/unit/*/*.[ch])

installer: $(INSTALLER_BIN) ## build the installer, dolmen-unify and the unit tests
.PHONY: installer

# Grouped: one sub-make makes all of them, and only what changed.
$(INSTALLER_BIN) &: $(INSTALLER_SRC) installer/Makefile.in-root installer/rules.mk $(BUILDROOT_STAMP)
	$(Q)$(ENTER) make --no-print-directory -f installer/Makefile.in-root BUILD=$(BUILD) VERSION=$(VERSION) V=$(V) \
		-j$(JOBS) all
	$(Q)$(SUDO) touch $(INSTALLER_BIN)
