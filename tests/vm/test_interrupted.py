# SPDX-License-Identifier: GPL-2.0-or-later
"""A power cut in the middle of an installation: the disk does not boot, says why, and can be installed over."""

import pytest

from host import Host, answers, install, installer
from vm import VM, blank_disk

BIOS_ON_SERIAL = ["-machine", "graphics=off"]


def cut(work, disk, firmware):
    with installer(work, [disk], answers(), name="cut", firmware=firmware) as vm:
        vm.wait_for(r"dolmen: \d+ % root-a", 300)
        vm.kill()


def test_bios(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    cut(tmp_path, disk, "bios")
    # graphics=off: the firmware repeats on the serial port what is printed on the screen.
    with VM(tmp_path, "dead", disks=[disk], extra=BIOS_ON_SERIAL, network=None) as vm:
        vm.wait_for(r"Dolmen: the installation on this disk did not finish", 60)
        assert "Xen" not in vm.text and "GRUB" not in vm.text
    install(tmp_path, disk)
    with Host(tmp_path, disk) as host:
        host.wait_ready()


def test_uefi(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    cut(tmp_path, disk, "uefi")
    with VM(tmp_path, "dead", disks=[disk], firmware="uefi", network=None) as vm:
        vm.wait_for(r"(No bootable|Shell>|not found|failed to (load|start)|UEFI Interactive Shell)", 120)
        assert "Xen" not in vm.text and "GRUB" not in vm.text
