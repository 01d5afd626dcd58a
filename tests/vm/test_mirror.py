# SPDX-License-Identifier: GPL-2.0-or-later
"""A host on two disks: installed once, it boots from both, and from the second alone with everything it remembers. When
the first comes back it is the older half and must not win. Then what boots the disks is damaged and mended, the host is installed
over, and its guests' storage stays."""

import re
import subprocess

from host import Host, Installer, answers
from vm import blank_disk

DEGRADED = r"runs on one disk only"


def mirror_answers(mode="fresh"):
    text = answers().replace("<primary-disk>vda</primary-disk>", '<primary-disk swraid="yes">vda,vdb</primary-disk>')
    return text.replace('mode="fresh"', f'mode="{mode}"')


def install(work, disks, firmware):
    with Installer(work, disks, mirror_answers(), firmware=firmware) as vm:
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


def rescue_and_reinstall(work, disks):
    """Nothing on either disk starts any more: the rescue system mends both, sees what is in the mirror, and installs over it."""
    before = [boot_parts(disk) for disk in disks]
    assert all(len(part) for parts in before for part in parts)
    for disk in disks:
        damage(disk)
    with Installer(work, disks, mirror_answers("reinstall"), name="rescue") as vm:
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


def both(work, disks, firmware, **options):
    """The host from both disks, with a note and a guest's disk; returns that disk's hash."""
    with Host(work, disks[0], disks=disks[1:], name="both", firmware=firmware, **options) as host:
        host.wait_ready()
        assert "WARNING" not in host.text
        host.login()
        assert host.check("cat /proc/mdstat").count("[2/2]") == 2
        assert "md126 on /state" in host.check("mount")
        assert "vda3 on /boot" in host.check("mount")
        host.check("echo first >/root/note")
        # Both halves are still being brought in line, which is slow here.
        host.check(f"lvcreate -qq -W n -L 64M -n keep {group(host)}", 300)
        host.check(f"head -c 16777216 /dev/vda5 >/dev/{group(host)}/keep", 300)
        if firmware == "uefi":
            labels = re.findall(r"^Boot[0-9A-F]{4}\* (Dolmen.*?)\t", host.check("efibootmgr"), re.M)
            assert sorted(labels) == ["Dolmen", "Dolmen (second disk)"]
        kept = hash_of_kept(host)
        host.end()
        return kept


def group(host):
    return host.check("sed -n 's/^storage=lvm //p' /state/host.conf").strip()


def hash_of_kept(host):
    return host.check("cat /dev/dolmen-*/keep | sha256sum", 300)


def second_alone(work, disk, firmware, before):
    """Boots and remembers; then both the note and the guest's disk are others. Returns its hash."""
    with Host(work, disk, name="second", firmware=firmware) as host:
        host.wait_for(DEGRADED, 300)
        host.wait_ready()
        host.login()
        assert "vda3 on /boot" in host.check("mount")
        assert host.check("cat /root/note").strip() == "first"
        assert hash_of_kept(host) == before
        host.check("echo second >/root/note")
        host.check(f"head -c 1048576 /dev/vda3 >/dev/{group(host)}/keep")
        kept = hash_of_kept(host)
        host.end()
        return kept


def older_half_comes_back(work, disks, before):
    """It does not win, and is brought in line."""
    with Host(work, disks[0], disks=disks[1:], name="again") as host:
        host.wait_for(DEGRADED, 300)
        host.wait_ready()
        host.login()
        assert host.check("cat /root/note").strip() == "second"
        assert hash_of_kept(host) == before
        for array, part in ("md126", 7), ("md127", 8):
            host.check(f"mdadm --quiet /dev/{array} --add /dev/vda{part}", 300)
        host.check("mdadm --wait /dev/md126 /dev/md127 || true", 900)
        assert host.check("cat /proc/mdstat").count("[2/2]") == 2
        host.end()


def two_disks(work):
    return [blank_disk(str(work / f"disk{i}.img"), 9 - i / 2) for i in (1, 2)]


def test_mirror(tmp_path):
    disks = two_disks(tmp_path)
    install(tmp_path, disks, "bios")
    before = second_alone(tmp_path, disks[1], "bios", both(tmp_path, disks, "bios"))
    older_half_comes_back(tmp_path, disks, before)
    rescue_and_reinstall(tmp_path, disks)
    with Host(tmp_path, disks[0], disks=disks[1:], name="reinstalled") as host:
        host.wait_ready()
        assert "WARNING" not in host.text
        host.login()
        assert host.shell("test -e /root/note")[0] == 1
        assert hash_of_kept(host) == before


def test_uefi(tmp_path):
    """What is UEFI's own: both disks are in its boot menu, and the second one starts alone."""
    disks = two_disks(tmp_path)
    installer = install(tmp_path, disks, "uefi")
    second_alone(tmp_path, disks[1], "uefi", both(tmp_path, disks, "uefi", memory_of=installer))
