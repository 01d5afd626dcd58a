# SPDX-License-Identifier: GPL-2.0-or-later
"""What else the medium does, beside an installed disk: the live host writes nothing to it; the rescue system repairs what
boots it and gives it a new password; the menu's entry for the local disk starts it, from a stick, too."""

import subprocess

import pytest

from host import Host, Installer, answers, stick
from vm import Disk, fat_volume, fingerprint

FIRMWARE = "bios"
NEW_PASSWORD = "quite-new"


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_live(work, installed, firmware):
    disk = installed[0]
    before = fingerprint(disk)
    files = fat_volume(str(work / f"{firmware}.files.img"), "DOLMEN-TEST", {"answers.xml": answers()})
    with Installer(work, [disk, files], None, name=f"live-{firmware}", firmware=firmware, memory=2048) as vm:
        vm.choose("live")
        vm.wait_for(r"dolmen: host ready in ", 300)
        vm.wait_for("Live host: Xen and dom0 in memory")
        vm.use_shell()
        vm.qmp("eject", device="cd", force=True)
        vm.check("echo 3 >/proc/sys/vm/drop_caches")
        assert "xen_major              : 4" in vm.check("xl info")
        assert "inet 10.0.2.15/24" in vm.check("ip -4 address show dev xenbr0")
        assert vm.check("ls /boot/vmlinuz").strip() == "/boot/vmlinuz"
        assert "/dev/vda" not in vm.check("cat /proc/mounts")
        vm.check("mkdir /tmp/files && mount -t vfat -o ro $(find-device LABEL=DOLMEN-TEST) /tmp/files")
        assert "fresh installation of Dolmen" in vm.check("dolmen-install --answers /tmp/files/answers.xml")
        assert "WARNING" not in vm.text
        vm.send("poweroff\n")
        vm.wait_end()
    after = fingerprint(disk)
    assert [place for place in {**before, **after} if before.get(place) != after.get(place)] == []


def damage(disk):
    """No boot code, no core of GRUB, no file system on the ESP."""
    with open(disk, "r+b") as f:
        f.write(bytes(440))
        f.seek(2**20)
        f.write(bytes(2 * 2**20))


def test_rescue(work, installed):
    disk = installed[0]
    damage(disk)
    logs = fat_volume(str(work / "logs.img"), "LOGS", {})
    with Installer(work, [disk, logs], None, name="rescue") as vm:
        vm.choose("rescue")
        vm.wait_for("dolmen: rescue ready", 180)
        vm.wait_for("vda: host1.example.org")
        for number, dialog in {
            4: [("Type yes", "yes"), ("dolmen: boot repair complete", None)],
            5: [("New password: ", NEW_PASSWORD), ("Again: ", NEW_PASSWORD), ("The new password is on vda", None)],
            3: [("vdb LOGS", None), ("Onto which", "vdb"), (r"\.tar\.gz is on vdb", None)],
        }.items():
            vm.wait_for("Number: ")
            vm.send(f"{number}\n")
            for text, answer in dialog:
                vm.wait_for(text)
                if answer:
                    vm.send(answer + "\n")
        vm.wait_for("Number: ")
        vm.send("1\n")
        vm.use_shell()
        vm.check("dolmen-rescue mount")
        assert "hostname=host1.example.org" in vm.check("cat /mnt/state/host.conf")
        assert "dolmen-install" in vm.check("ls /mnt/root/usr/sbin")
        assert NEW_PASSWORD not in vm.text
        vm.check("dolmen-rescue umount")
        # A wrong byte in the system of the disk: its loaders are not taken.
        vm.check("dd if=/dev/vda5 of=/tmp/good bs=512 skip=100000 count=1 2>/dev/null")
        vm.check("dd if=/dev/zero of=/dev/vda5 bs=512 seek=100000 count=1 conv=notrunc 2>/dev/null")
        said = vm.check("echo no | dolmen-rescue repair 2>&1 || true")
        assert "The system on vda cannot be read, or is damaged" in said and "nothing was written" in said
        vm.check("dd if=/tmp/good of=/dev/vda5 bs=512 seek=100000 conv=notrunc,fsync 2>/dev/null")
        vm.send("poweroff\n")
        vm.wait_end()
    listed = subprocess.run(["mdir", "-b", "-i", logs], check=True, capture_output=True, text=True).stdout
    assert "dolmen-logs-" in listed


# The stick is the firmware's first disk then. bootindex: OVMF offers no disk to GRUB that it would not start itself.
@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_local_disk_from_a_stick(work, installed, firmware):
    disk = Disk(installed[0], "virtio-blk-pci,bootindex=2")
    with Installer(work, [disk], None, name=f"local-{firmware}", cdrom=None, firmware=firmware, memory=2048, extra=stick()) as vm:
        vm.choose("local")
        Host.wait_ready(vm)
        Host.login(vm, NEW_PASSWORD)
        Host.end(vm)
