# SPDX-License-Identifier: GPL-2.0-or-later
"""The disk fails while it is installed onto: at one action after the other, while it is written and read back, full, pulled
out. One sentence says at which step and which disk; the disk does not boot; the log is there."""

import pytest

from host import BOOT_A, ESP, GROUP, Installer, ROOT_A, STATE, STORAGE, answers_simple
from vm import Disk, blank_disk, failing_drive

STUB = b"the installation on this disk did not finish"
BUS = ["-device", "virtio-scsi-pci,id=hba"]
EIO, ENOSPC = 5, 28

# What fails must not be touched by an earlier step, so that places lie behind the first MiB of a partition, which is emptied first.
# name: (sector, write or read, errno, the step that fails)
FAULTS = {
    "wipe": (BOOT_A, "write", EIO, "2/9 wipe"),
    "root-a": (ROOT_A + 40000, "write", EIO, "4/9 root-a"),
    "root-a-full": (ROOT_A + 40000, "write", ENOSPC, "4/9 root-a"),
    "root-a-read-back": (ROOT_A + 40000, "read", EIO, "4/9 root-a"),
    "boot-a": (BOOT_A + 40000, "write", EIO, "5/9 boot-a"),
    "boot-a-read-back": (BOOT_A + 40000, "read", EIO, "5/9 boot-a"),
    "state": (STATE + GROUP, "write", EIO, "6/9 state"),
    "boot": (ESP + 5000, "write", EIO, "8/9 boot"),
    "storage": (STORAGE + GROUP, "write", EIO, "7/9 storage"),
}


def failing(path, sector, kind, errno):
    return Disk(path, "scsi-hd,bus=hba.0,werror=report,rerror=report", failing_drive(path, sector, kind, errno))


def check_failed(vm, step, path):
    reason = vm.wait_failed()
    assert reason.startswith(f"step {step}: ") and "/dev/sda" in reason
    vm.wait_for("Shell. The log")
    vm.use_shell()
    assert f"step {step}: " in vm.check("grep ' error ' /run/dolmen/install.log")
    vm.kill()
    with open(path, "rb") as f:
        assert STUB in f.read(440)


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_sector(tmp_path, fault):
    *place, step = FAULTS[fault]
    path = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [failing(path, *place)], answers_simple("sda"), kernel_args="", extra=BUS) as vm:
        vm.wait_ready()
        check_failed(vm, step, path)


@pytest.mark.parametrize("after, step", [("2/9 wipe", "3/9 partition"), ("4/9 root-a", "5/9 boot-a"), ("7/9 storage", "8/9 boot")])
def test_pulled_out(tmp_path, after, step):
    path = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [Disk(path, "scsi-hd,bus=hba.0")], answers_simple("sda"), kernel_args="", extra=BUS) as vm:
        vm.wait_for(f"dolmen: step {after}: ok")
        vm.qmp("device_del", id="disk0")
        check_failed(vm, step, path)
