# SPDX-License-Identifier: GPL-2.0-or-later
"""A host on two disks: installed once, it boots from both, and from the second alone with everything it remembers. When
the first comes back it is the older half and must not win. Then it is installed over, and its guests' storage stays."""

import re

import pytest

from host import Host, Installer, answers
from vm import blank_disk

DEGRADED = r"runs on one disk only"


def mirror_answers(mode="fresh"):
    text = answers().replace("<primary-disk>vda</primary-disk>", '<primary-disk swraid="yes">vda,vdb</primary-disk>')
    return text.replace('mode="fresh"', f'mode="{mode}"')


def install(work, disks, name, firmware, mode="fresh", memory_of=None):
    with Installer(work, disks, mirror_answers(mode), name=name, firmware=firmware, memory_of=memory_of) as vm:
        vm.wait_ready()
        vm.wait_complete()
        vm.wait_end()
        return vm


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_mirror(tmp_path, firmware):
    one, two = (blank_disk(str(tmp_path / f"disk{i}.img"), 13 - i) for i in (1, 2))
    installer = install(tmp_path, [one, two], "install", firmware)

    with Host(tmp_path, one, disks=[two], name="both", firmware=firmware) as host:
        host.wait_ready()
        assert "WARNING" not in host.text
        host.login()
        assert host.check("cat /proc/mdstat").count("[2/2]") == 2
        assert "md126 on /state" in host.check("mount")
        assert "vda3 on /boot" in host.check("mount")
        host.check("echo first >/root/note")
        # Both halves are still being brought in line, which is slow here.
        group = host.check("sed -n 's/^storage=lvm //p' /state/host.conf").strip()
        host.check(f"lvcreate -qq -W n -L 64M -n keep {group}", 300)
        host.check(f"head -c 16777216 /dev/vda5 >/dev/{group}/keep", 300)
        before = host.check("cat /dev/dolmen-*/keep | sha256sum", 300)
        host.end()

    with Host(tmp_path, two, name="second", firmware=firmware) as host:
        host.wait_for(DEGRADED, 300)
        host.wait_ready()
        host.login()
        assert "vda3 on /boot" in host.check("mount")
        assert host.check("cat /root/note").strip() == "first"
        assert host.check("cat /dev/dolmen-*/keep | sha256sum", 300) == before
        host.check("echo second >/root/note")
        host.check(f"head -c 1048576 /dev/vda3 >/dev/{group}/keep")
        before = host.check("cat /dev/dolmen-*/keep | sha256sum", 300)
        host.end()

    with Host(tmp_path, one, disks=[two], name="again", firmware=firmware) as host:
        host.wait_for(DEGRADED, 300)
        host.wait_ready()
        host.login()
        assert host.check("cat /root/note").strip() == "second"
        assert host.check("cat /dev/dolmen-*/keep | sha256sum", 300) == before
        for array, part in ("md126", 7), ("md127", 8):
            host.check(f"mdadm --quiet /dev/{array} --add /dev/vda{part}", 300)
        host.check("mdadm --wait /dev/md126 /dev/md127 || true", 900)
        assert host.check("cat /proc/mdstat").count("[2/2]") == 2
        host.end()

    installer = install(tmp_path, [one, two], "reinstall", firmware, "reinstall", installer)
    with Host(tmp_path, one, disks=[two], name="reinstalled", firmware=firmware, memory_of=installer) as host:
        host.wait_ready()
        assert "WARNING" not in host.text
        host.login()
        assert host.shell("test -e /root/note")[0] == 1
        assert host.check("cat /dev/dolmen-*/keep | sha256sum", 300) == before
        if firmware == "uefi":
            labels = re.findall(r"^Boot[0-9A-F]{4}\* (Dolmen.*?)\t", host.check("efibootmgr"), re.M)
            assert sorted(labels) == ["Dolmen", "Dolmen (second disk)"]
        host.end()
