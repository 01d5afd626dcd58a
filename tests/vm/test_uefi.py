# SPDX-License-Identifier: GPL-2.0-or-later
"""Install from CD on UEFI, boot the disk through shim, GRUB and the unified xen.efi, run a guest."""

import pytest

from host import Host

FIRMWARE = "uefi"


@pytest.fixture(scope="module")
def host(work, installed, kit):
    with Host(work, installed[0], disks=[kit], firmware=FIRMWARE) as vm:
        vm.wait_ready()
        vm.login()
        yield vm


def test_firmware_started_the_unified_image(host):
    assert "EFI loader" in host.text
    command_line = host.check("xl info | grep ^xen_commandline")
    assert "dom0_mem=" in command_line and "dolmen.root=" in command_line


def test_dom0_sees_efi(host):
    assert host.check("ls /sys/firmware/efi/efivars | wc -l").strip() != "0"


def test_nothing_went_wrong_at_boot(host):
    assert "WARNING" not in host.text


def test_guest(host):
    host.guest_kit()
    output = host.run_guest("pvh")
    assert "guest: hello from pvh" in output
    assert "guest: disk ok" in output and "guest: net ok" in output


def test_powers_off(host):
    host.end()
