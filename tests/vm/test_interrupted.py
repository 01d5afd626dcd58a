# SPDX-License-Identifier: GPL-2.0-or-later
"""A power cut in the middle of an installation over a bootable host: the disk does not boot, neither the old host nor
the new one, says why, and can be installed over."""

import pytest

from host import Host, Installer, answers, install
from vm import VM, blank_disk

# What a machine says that got nothing to boot. graphics=off: the BIOS repeats on the serial port what is on the screen.
DEAD = {
    "bios": (["-machine", "graphics=off"], r"Dolmen: the installation on this disk did not finish"),
    "uefi": ([], r"No bootable|Shell>|UEFI Interactive Shell"),
}


@pytest.mark.parametrize("firmware", DEAD)
def test_power_cut(tmp_path, firmware):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    install(tmp_path, disk, name="before", firmware=firmware)
    with Installer(tmp_path, [disk], answers(), name="cut", firmware=firmware) as vm:
        vm.wait_ready()
        vm.wait_for(r"dolmen: \d+ % root-a", 300)
        vm.kill()

    options, says = DEAD[firmware]
    with VM(tmp_path, "dead", disks=[disk], firmware=firmware, extra=options, network=None) as vm:
        vm.wait_for(says, 120)
        assert "Xen" not in vm.text and "GRUB" not in vm.text

    install(tmp_path, disk, firmware=firmware)
    with Host(tmp_path, disk, firmware=firmware) as host:
        host.wait_ready()
