# SPDX-License-Identifier: GPL-2.0-or-later
"""Disks of other kinds than the virtual one: each is installed onto, and the host starts from it."""

import pytest

from host import Host, Installer, answers_simple
from vm import Disk, blank_disk

# name: (kernel's name, firmware, size in GiB, device, the bus it hangs on)
KINDS = {
    "sata-512e": ("sda", "bios", 12, "ide-hd,bus=ide.1,logical_block_size=512,physical_block_size=4096", []),
    "nvme": ("nvme0n1", "uefi", 12, "nvme,serial=N1", []),
    "nvme-4k-sectors": ("nvme0n1", "uefi", 12, "nvme-ns,bus=n,logical_block_size=4096,physical_block_size=4096",
                        ["-device", "nvme,id=n,serial=N1"]),
    "raid-controller": ("sda", "bios", 12, "scsi-hd,bus=hba.0", ["-device", "megasas,id=hba"]),
    "scsi-3-tib": ("sda", "bios", 3072, "scsi-hd,bus=hba.0", ["-device", "virtio-scsi-pci,id=hba"]),
    "usb": ("sda", "uefi", 12, "usb-storage,bus=xhci.0", ["-device", "qemu-xhci,id=xhci"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kind(tmp_path, kind):
    name, firmware, gib, device, bus = KINDS[kind]
    disk = Disk(blank_disk(str(tmp_path / "disk.img"), gib), device)
    with Installer(tmp_path, [disk], answers_simple(name), firmware=firmware, kernel_args="", extra=bus) as vm:
        vm.wait_ready()
        vm.wait_complete()
        vm.wait_end()
    check_host(tmp_path, disk, name, firmware, bus)


def check_aligned(host, name):
    """Every partition begins and ends at a sector of the disk itself, which may be larger than those that it speaks of."""
    at = f"/sys/block/{name}"
    physical = int(host.check(f"cat {at}/queue/physical_block_size"))
    assert physical == 4096 or "physical_block_size=4096" not in host.command_line()
    parts = host.check(f"cd {at}; for p in {name}*; do echo $p $(cat $p/start $p/size $p/alignment_offset); done").splitlines()
    assert len(parts) == 8
    for part, *numbers in map(str.split, parts):
        start, size, offset = map(int, numbers)
        assert (start * 512 % physical, size * 512 % physical, offset) == (0, 0, 0), part


def check_host(work, disk, name, firmware, bus):
    with Host(work, disk, firmware=firmware, extra=bus) as host:
        host.wait_ready()
        host.login()
        assert "WARNING" not in host.text
        part = host.check("cat /proc/mounts | sed -n 's,^/dev/\\([^ ]*\\) /state .*,\\1,p'").strip()
        assert part.startswith(name)
        check_aligned(host, name)


def test_sd_card(tmp_path):
    """QEMU's card writes what is discarded, 512 bytes after 512 bytes: it must not be asked to, hence the shell."""
    bus = ["-device", "sdhci-pci"]
    disk = Disk(blank_disk(str(tmp_path / "disk.img"), 16), "sd-card")
    answers = answers_simple("/dev/disk/by-id/mmc-QEMU__0xdeadbeef")
    with Installer(tmp_path, [disk], answers, kernel_args="shell", extra=bus) as vm:
        vm.use_shell()
        vm.check("echo 0 >/sys/block/mmcblk0/queue/discard_max_bytes")
        said = vm.check("dolmen-install --commit", timeout=600)
        assert "dolmen: install complete" in said
    check_host(tmp_path, disk, "mmcblk0", "bios", bus)
