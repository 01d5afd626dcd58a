# SPDX-License-Identifier: GPL-2.0-or-later
"""`dolmen.mode=check`: a good medium, a changed byte, a sector that cannot be read, a changed manifest. And installing from
such a medium, which stops before the disk is touched."""

import re
import shutil
import subprocess

import pytest

from host import Installer, answers
from vm import ISO, blank_disk, is_blank

SECTOR, PAGE = 2048, 4096
PATTERN = r"dolmen: (the medium is good|THE MEDIUM IS BAD: [^\r\n]*|boot failed: [^\r\n]*)[\r\n]"


@pytest.fixture(scope="module")
def place():
    """Where on the ISO a file begins, in bytes."""
    said = subprocess.run(["xorriso", "-indev", str(ISO), "-find", "/", "-exec", "report_lba"],
                          check=True, capture_output=True, text=True).stdout
    found = dict((name, int(lba) * SECTOR) for lba, name in re.findall(r"^File data lba: *0 , *(\d+) ,.*'(.*)'$", said, re.M))
    return {"squashfs": found["/dolmen/host.squashfs"], "manifest": found["/dolmen/manifest"], "xen": found["/boot/xen.gz"]}


def changed(path, at, data):
    shutil.copy(ISO, path)
    with open(path, "r+b") as f:
        f.seek(at)
        f.write(data)
    return path


def unreadable(at):
    """The ISO as a CD that fails at this byte."""
    return (f"driver=raw,file.driver=blkdebug,file.image.driver=file,file.image.filename={ISO},"
            f"file.inject-error.0.event=none,file.inject-error.0.iotype=read,file.inject-error.0.sector={at // 512}")


def check(work, **options):
    """What the check says at its end; the machine restarts then, as asked."""
    with Installer(work, [], None, kernel_args="dolmen.mode=check", **options) as vm:
        verdict = vm.wait_for(PATTERN, 300)[1]
        if "boot failed" not in verdict:
            vm.wait_for("Enter: restart")
            vm.send("\r")
            vm.wait_end()
        return verdict


def test_good(tmp_path):
    with Installer(tmp_path, [], None, kernel_args="dolmen.mode=check") as vm:
        vm.wait_for(r"dolmen: verifying: 100 %.*files, \d+ bytes: good.*verifying: 100 %.*the medium is good", 300)
        vm.wait_for("Enter: restart")
        vm.send("s\r")
        vm.use_shell()
        assert "host.squashfs" in vm.check("ls /run/dolmen/medium/dolmen")


def test_changed_byte(tmp_path, place):
    iso = changed(tmp_path / "medium.img", place["squashfs"] + 30_000_000, b"changed")
    sector = place["squashfs"] // 512
    assert check(tmp_path, cdrom=iso) == ("THE MEDIUM IS BAD: dolmen/host.squashfs: SHA-256 is not the manifest's; "
                                          f"the file begins at sector {sector} of the medium")


def test_unreadable_sector(tmp_path, place):
    at = place["squashfs"] + 40_000_000 // PAGE * PAGE
    verdict = check(tmp_path, cdrom=None, extra=["-drive", f"{unreadable(at)},media=cdrom,if=none,id=cd",
                                                 "-device", "ide-cd,drive=cd"])
    assert verdict.startswith(f"THE MEDIUM IS BAD: dolmen/host.squashfs: cannot be read at byte {at - place['squashfs']}, "
                              f"sector {at // 512} of the medium: ")


def test_changed_manifest(tmp_path, place):
    """Neither checked nor installed from; there is a shell."""
    iso = changed(tmp_path / "medium.img", place["manifest"] + len("version "), b"9")
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], answers(), cdrom=iso, kernel_args="") as vm:
        assert "dolmen/manifest: signed with another key, or changed" in vm.wait_for(PATTERN)[1]
    assert is_blank(disk)


def test_installing_from_a_damaged_medium(tmp_path, place):
    """In a file that the installer itself does not need."""
    iso = changed(tmp_path / "medium.img", place["xen"] + 1_000_000, b"changed")
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], answers(), cdrom=iso, kernel_args="atexit=poweroff") as vm:
        reason = vm.wait_failed()
        assert reason.startswith("step 1/9 check: ") and "boot/xen.gz: SHA-256" in reason
        vm.wait_end()
    assert is_blank(disk)
