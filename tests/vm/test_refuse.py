# SPDX-License-Identifier: GPL-2.0-or-later
"""What the installer refuses, on machines that give it the reason, with a clear message. The disk stays as it was.
Refusals that need no machine are cases in tests/refuse; those of a running installer's shell are in test_shell.py."""

import pytest

from host import Installer, answers
from vm import blank_disk, is_blank


@pytest.mark.parametrize("disk_gib, memory, words", [
    # The volume that holds the answers is no target.
    (None, 1024, ["no disk to install on was found"]),
    (4, 1024, ["/dev/vda", "8 GiB"]),
    # 768 MiB are enough to run the installer, which then says that a host needs more.
    (12, 768, ["memory", "1 GiB"]),
], ids=["no-disk", "disk-too-small", "too-little-memory"])
def test_refused(tmp_path, disk_gib, memory, words):
    disks = [blank_disk(str(tmp_path / "disk.img"), disk_gib)] if disk_gib else []
    with Installer(tmp_path, disks, answers(), memory=memory, kernel_args="atexit=poweroff") as vm:
        vm.wait_ready()
        reason = vm.wait_failed()
        for word in words:
            assert word in reason
        vm.wait_end()
    assert all(is_blank(disk) for disk in disks)
