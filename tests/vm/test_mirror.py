# SPDX-License-Identifier: GPL-2.0-or-later
"""A host on two disks: installed once, it boots from both, and from the second alone with everything it remembers. When
the first comes back it is the older half and must not win. Then what boots the disks is damaged and mended, the host is installed
over, and its guests' storage stays."""

import re
import subprocess

import pytest

from host import Host, Installer, answers
from vm import blank_disk

DEGRADED = r"runs on one disk only"


def mirror_answers(mode="fresh"):
    text = answers().replace("<primary-disk>vda</primary-disk>", '<primary-disk swraid="yes">vda,vdb</primary-disk>')
    return text.replace('mode="fresh"', f'mode="{mode}"')


def install(work, disks, name, firmware, mode="fresh", **options):
    with Installer(work, disks, mirror_answers(mode), name=name, firmware=firmware, **options) as vm:
        vm.wait_ready()
        vm.wait_complete()
        vm.wait_end()
        return vm


def boot_parts(disk):
    """What firmware reads of DISK: boot code, GRUB's core image, and the loaders of the EFI system partition."""
    with open(disk, "rb") as f:
        code = f.read(440)
        f.seek(2**20)
        core = f.read(2**20)
    loaders = subprocess.run(["mcopy", "-s", "-n", "-i", f"{disk}@@{2 * 2**20}", "::/EFI/BOOT/BOOTX64.EFI", "-"], check=False, capture_output=True)
    return code, core, loaders.stdout


def damage(disk):
    with open(disk, "r+b") as f:
        f.write(bytes(440))
        f.seek(2**20)
        f.write(bytes(2 * 2**20))


def rescue_and_reinstall(work, disks, firmware, **options):
    """Nothing on either disk starts any more: the rescue system mends both, sees what is in the mirror, and installs over it."""
    before = [boot_parts(disk) for disk in disks]
    assert all(len(part) for parts in before for part in parts)
    for disk in disks:
        damage(disk)
    with Installer(work, disks, mirror_answers("reinstall"), name="rescue", firmware=firmware, **options) as vm:
        if vm.menu:
            vm.choose("rescue")
        vm.wait_for("dolmen: rescue ready", 180)
        vm.wait_for("Number: ")
        vm.send("1\n")
        vm.use_shell()
        for name in "vda", "vdb":
            vm.send(f"dolmen-rescue repair {name}\n")
            vm.wait_for("Type yes to do this: ")
            vm.send("yes\n")
            vm.wait_for("dolmen: boot repair complete")
        vm.check("sync")
        assert [boot_parts(disk) for disk in disks] == before
        vm.check("dolmen-rescue mount vdb")
        assert "hostname=host1.example.org" in vm.check("cat /mnt/state/host.conf")
        vm.check("dolmen-rescue umount")
        vm.check("mkdir /tmp/answers && mount -t vfat -o ro $(find-device LABEL=DOLMEN-CONF) /tmp/answers")
        vm.check("dolmen-install --commit --answers /tmp/answers/answerfile.xml", 600)
        vm.send("poweroff\n")
        vm.wait_end()
        return vm


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_mirror(tmp_path, firmware):
    one, two = (blank_disk(str(tmp_path / f"disk{i}.img"), 9 - i / 2) for i in (1, 2))
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

    # QEMU's firmware forgets its boot entries when it is told what to start from; a kernel comes before all that.
    installer = rescue_and_reinstall(tmp_path, [one, two], firmware, memory_of=installer,
                                     kernel_args="dolmen.mode=rescue" if firmware == "uefi" else None)
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
