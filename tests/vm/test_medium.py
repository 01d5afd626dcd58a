# SPDX-License-Identifier: GPL-2.0-or-later
"""The CD cannot be read in one place, or holds other bytes than it should: one sentence names the file and what to do, nothing
is written, and the log is there."""

import errno
import mmap
import shutil

import pytest

from host import Installer, answers
from vm import BUILD, ISO, Disk, blank_disk, failing_drive, is_blank

SQUASHFS = "dolmen/host.squashfs"


def place(file):
    """Where the middle of FILE is on the ISO."""
    content = BUILD / "iso/content" / file
    with open(ISO, "rb") as f, mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ) as iso, open(content, "rb") as part:
        begin = iso.find(part.read(4096))
    assert begin > 0
    return begin + content.stat().st_size // 2


def check_refused(work, cdrom, *says):
    disk = blank_disk(str(work / "disk.img"), 12)
    with Installer(work, [disk], answers(), cdrom=cdrom, kernel_args="") as vm:
        vm.wait_ready()
        reason = vm.wait_failed()
        for each in says:
            assert each in reason
        vm.wait_for("Shell. The log")
        vm.use_shell()
        assert reason in vm.check("grep 'install failed' /run/dolmen/install.log")
    assert is_blank(disk)


@pytest.mark.parametrize("file", [SQUASHFS, "boot/xen.gz"])
def test_wrong_byte(tmp_path, file):
    cdrom = str(tmp_path / "cd.img")
    shutil.copyfile(ISO, cdrom)
    with open(cdrom, "r+b") as f:
        f.seek(place(file))
        byte = f.read(1)[0]
        f.seek(-1, 1)
        f.write(bytes([byte ^ 1]))
    check_refused(tmp_path, cdrom, f"/{file} is damaged: ", "; write the medium again, or use another")


def test_unreadable(tmp_path):
    cdrom = Disk(ISO, drive=failing_drive(ISO, place(SQUASHFS) // 512, "read", errno.EIO))
    check_refused(tmp_path, cdrom, f"/{SQUASHFS}: reading at byte ", "; the medium cannot be read there: write it again, or use another")
