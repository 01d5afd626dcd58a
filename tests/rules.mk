# SPDX-License-Identifier: GPL-2.0-or-later
# Tests: `check` needs no virtual machine, `check-vm` does; `coverage` and `fuzz` go deeper.

# For each parser that is fuzzed; two run at a time.
SECONDS  := 60
# So long after `make test` began, no further test begins in a virtual machine: on a slow computer the rest is skipped, and said so.
MINUTES  := 55
BEGAN    := $(shell date +%s)
TESTED   := $(ISO) $(PXE)/SHA256SUMS $(TOOLS_DEB) $(INSTALLER)/dolmen-install $(INSTALLER)/unit-tests $(INSTALLER)/test-loop $(INSTALLER)/test-report
RUN_TESTS = ENTER="$(ENTER)" TREE=$(TREE) BUILD=$(BUILD) TOOLS_DEB=$(TOOLS_DEB) FUZZ_SECONDS=$(SECONDS) DOLMEN_TEST_UNTIL=$(UNTIL) tests/all

check: $(TESTED) ## host-side tests: engine, image, shell; no virtual machine
	$(Q)packaging/deps --check
	$(Q)$(RUN_TESTS) check
.PHONY: check

check-vm: $(TESTED) ## tests in virtual machines: install, boot, guests, refusals, power cut
	$(Q)packaging/deps --check
	$(Q)$(RUN_TESTS) vm
.PHONY: check-vm

fuzz: $(BUILDROOT_STAMP) ## feed the parsers broken input (SECONDS=60 for each)
	$(Q)$(RUN_TESTS) fuzz
.PHONY: fuzz

coverage: $(INSTALLER)/unit-tests ## line coverage of the engine by its tests; fails below 90 percent
	$(Q)$(RUN_TESTS) coverage
.PHONY: coverage

test: deps ## install missing packages, build, test everything that can be tested (MINUTES=0: however long it takes)
	$(Q)$(MAKE) --no-print-directory check-all UNTIL=$(if $(filter-out 0,$(MINUTES)),$$(($(BEGAN) + $(MINUTES) * 60)))
.PHONY: test

# Every parser is fed, but not for long: the rest is much.
check-all: SECONDS := 10
check-all: $(TESTED)
	$(Q)$(RUN_TESTS) check coverage fuzz vm
.PHONY: check-all

demo: deps ## install missing packages, build, install in QEMU, boot, run a guest, print a timeline
	$(Q)$(MAKE) --no-print-directory iso
	$(Q)tests/vm/demo $(if $(FIRMWARE),--firmware $(FIRMWARE))
.PHONY: demo

run: $(ISO) ## boot the ISO with a blank disk, then the disk (CONSOLE=serial|gtk, FIRMWARE=bios|uefi)
	$(Q)CONSOLE=$(CONSOLE) FIRMWARE=$(FIRMWARE) tests/vm/run-interactive
.PHONY: run

bench: $(ISO) $(PXE)/SHA256SUMS ## measure sizes, memory and times; fails over a budget
	$(Q)$(ENTER) iso/components $(TREE)/tree $(CONTENT) $(ISO)
	$(Q)tests/vm/bench
.PHONY: bench
