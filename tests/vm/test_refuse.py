# SPDX-License-Identifier: GPL-2.0-or-later
"""What the installer refuses, on machines that give it the reason. The disk stays as it was, byte for byte."""

import pytest

from host import answers, installer
from vm import ISO, blank_disk


def refused(vm, reason):
    vm.wait_for(r"dolmen: installer ready", 180)
    match = vm.wait_for(r"dolmen: install failed: ([^\r\n]*)", 180)
    for word in reason:
        assert word in match[1], match[1]


def untouched(disk):
    with open(disk, "rb") as f:
        while block := f.read(2**24):
            if block.count(0) != len(block):
                return False
    return True


@pytest.fixture
def empty(tmp_path):
    return blank_disk(str(tmp_path / "disk.img"), 12)


def test_no_disk(tmp_path):
    with installer(tmp_path, [], answers("sda"), kernel_args="atexit=poweroff") as vm:
        refused(vm, ["disk"])
        vm.wait_end()


def test_disk_too_small(tmp_path):
    small = blank_disk(str(tmp_path / "disk.img"), 4)
    with installer(tmp_path, [small], answers(), kernel_args="atexit=poweroff") as vm:
        refused(vm, ["vda", "8 GiB"])
        vm.wait_end()
    assert untouched(small)


def test_too_little_memory(tmp_path, empty):
    """768 MiB are enough to run the installer, which then says that a host needs more."""
    with installer(tmp_path, [empty], answers(), memory=768, kernel_args="atexit=poweroff") as vm:
        refused(vm, ["memory"])
        vm.wait_end()
    assert untouched(empty)


def test_boot_medium_absent_name_and_dry_run(tmp_path, empty):
    """One machine, booted from a USB stick, with two disks and no answers: a shell follows."""
    second = blank_disk(str(tmp_path / "second.img"), 12)
    stick = ["-device", "qemu-xhci", "-drive", f"file={ISO},if=none,id=stick,format=raw,readonly=on",
             "-device", "usb-storage,drive=stick,bootindex=1"]
    with installer(tmp_path, [(empty, "serial=TWIN"), (second, "serial=TWIN")], None, cdrom=None, extra=stick) as vm:
        refused(vm, ["answer"])
        vm.wait_for(r"# ")
        vm.send("stty cols 500; dmesg -n 1\n")

        def attempt(disk, *words):
            xml = answers(disk).replace("\n", " ").replace("'", "")
            vm.check(f"echo '{xml}' >/tmp/a.xml")
            status, output = vm.shell("dolmen-install --commit --answers /tmp/a.xml")
            assert status == 3, output
            for word in words:
                assert word in output, output

        attempt("sda", "boot")
        attempt("vdz", "vdz")
        attempt("serial:TWIN", "TWIN")
        attempt("vda</primary-disk><nonsense/><primary-disk>vdb", "nonsense")

        xml = answers("vdb").replace("\n", " ")
        vm.check(f"echo '{xml}' >/tmp/a.xml")
        output = vm.check("dolmen-install --dry-run --answers /tmp/a.xml")
        assert "dolmen-root-a" in output and "/dev/vdb" in output
    assert untouched(empty) and untouched(second)
