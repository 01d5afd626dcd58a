# SPDX-License-Identifier: GPL-2.0-or-later
"""A USB stick as the medium, and several media at once: the one that was booted is taken, whatever the others say."""

import hashlib
import re

import pytest

from host import Installer, answers, answers_simple, stick
from vm import BUILD, ISO, VM, blank_disk

MANIFEST = BUILD / "iso/content/dolmen/manifest"


@pytest.fixture(scope="module")
def other(work):
    """The ISO of another version, as far as the manifest tells."""
    first = MANIFEST.read_bytes().split(b"\n")[0]
    path = work / "other.img"
    path.write_bytes(ISO.read_bytes().replace(first + b"\n", first[:-1] + b"x\n"))
    return path


def identity(manifest):
    return hashlib.sha256(manifest).hexdigest()[:16]


def test_stick_on_uefi(tmp_path):
    """Installed from the stick, which the answer file's choice of the smallest disk does not mean."""
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], answers_simple("size:smallest"), cdrom=None, firmware="uefi", extra=stick()) as vm:
        vm.wait_ready()
        vm.wait_complete()


def test_stick_on_bios_pulled(tmp_path):
    """The stick goes away when the disk is being written: everything is in memory by then."""
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], answers(), cdrom=None, extra=stick()) as vm:
        vm.wait_ready()
        vm.wait_for("dolmen: step 2/")
        vm.qmp("device_del", id="usb-stick")
        vm.wait_for("usb .*: USB disconnect")
        vm.wait_complete()


def test_secure_boot(tmp_path):
    """shim, GRUB and the kernel are signed; what GRUB would have to load from the medium is not, and the menu says so."""
    with Installer(tmp_path, [], None, firmware="secureboot") as vm:
        vm.choose("live")
        vm.wait_for("switch Secure Boot off", 60)
        vm.wait_for("Install Dolmen", 60)
        vm.send("\x1b[A" * 3 + "\r")
        vm.wait_for("Linux version", 120)


@pytest.mark.parametrize("good", ["cd", "stick"])
def test_two_media(tmp_path, other, good):
    cd, usb, expected = (ISO, other, "sr0") if good == "cd" else (other, ISO, "sda")
    wanted = identity(MANIFEST.read_bytes())
    with Installer(tmp_path, [], None, cdrom=cd, extra=stick(usb), kernel_args=f"shell dolmen.medium={wanted}") as vm:
        vm.wait_for("Shell. The log")
        vm.use_shell()
        assert vm.check("cat /run/dolmen/boot-disk").strip() == expected


def test_neither_is_meant(tmp_path, other):
    """The message names both."""
    with VM(tmp_path, "neither", cdrom=ISO, extra=stick(other), memory=1024, kernel_args="dolmen.medium=0123456789abcdef") as vm:
        reason = vm.wait_for(r"dolmen: boot failed: ([^\r\n]*)[\r\n]", 180)[1]
    assert "wants the medium 0123456789abcdef" in reason
    assert f"/dev/sr0, Dolmen 0.1, {identity(MANIFEST.read_bytes())}" in reason
    assert re.search("/dev/sda1?, Dolmen 0.x, ", reason)
