# SPDX-License-Identifier: GPL-2.0-or-later
"""One machine, booted from a USB stick, with two disks that say the same serial number, and a shell instead of the installer,
where it is run by hand: dry runs, and refusals. Nothing may be written to either disk."""

import mmap
import re
import shutil
import struct

import pytest

from host import Installer, answers, stick
from vm import BUILD, ISO, MAC, Disk, blank_disk, fat_volume, is_blank

# name: (what stands as primary-disk, what the refusal says)
REFUSED = {
    "boot-medium": ("sda", ["/dev/sda is the medium the installer runs from"]),
    "absent-disk": ("vdz", ["there is no disk `vdz`"]),
    "ambiguous-disk": ("serial:TWIN", ["`serial:TWIN` fits 2 disks", "/dev/vda", "/dev/vdb"]),
    "unknown-element": ("vda</primary-disk><nonsense/><primary-disk>vdb", ["nonsense", "unknown-element.xml:3:"]),
}


def ibft(path):
    """The ACPI table of a firmware that started from iSCSI, without what QEMU puts before it, the first 36 bytes."""
    name = b"iqn.2001-04.org.example:disk1"
    address = bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 10])
    initiator = struct.pack("<BBHBB64xHH", 2, 1, 74, 0, 3, 0, 0)
    nic = struct.pack("<BBHBB16xBB64xH6sHHH", 3, 1, 102, 0, 3, 24, 0, 0, bytes.fromhex(MAC.replace(":", "")), 0, 0, 0)
    target = struct.pack("<BBHBB16sHQBBHH16x", 4, 1, 54, 0, 3, address, 3260, 0, 0, 0, len(name), 296)
    control = struct.pack("<BBHBBHHHHHH", 1, 1, 18, 0, 0, 0, 66, 140, 242, 0, 0)
    with open(path, "wb") as f:
        f.write(bytes(12) + control + initiator + nic + target + name + b"\0")
    return ["-acpitable", f"sig=iBFT,rev=1,data={path}"]


@pytest.fixture(scope="module")
def disks(work):
    return [blank_disk(str(work / f"{name}.img"), 12) for name in ("one", "two")]


@pytest.fixture(scope="module")
def medium(work):
    return shutil.copyfile(ISO, str(work / "stick.img"))


@pytest.fixture(scope="module")
def machine(work, disks, medium):
    files = {f"{name}.xml": answers(disk) for name, (disk, _) in REFUSED.items()}
    files["good.xml"] = answers("vdb")
    volume = fat_volume(str(work / "files.img"), "DOLMEN-TEST", files)
    record = fat_volume(str(work / "record.img"), "RECORD", {})
    twins = [Disk(disk, "virtio-blk-pci,serial=TWIN") for disk in disks]
    with Installer(work, [*twins, volume, record], None, cdrom=None, extra=stick(medium) + ibft(work / "ibft")) as vm:
        vm.choose("shell")
        vm.wait_for("Shell. The log")
        vm.use_shell()
        vm.check("mkdir /tmp/files && mount -t vfat -o ro $(find-device LABEL=DOLMEN-TEST) /tmp/files && cd /tmp/files")
        yield vm


def test_says_that_answers_are_missing(machine):
    status, _ = machine.shell("dolmen-install --commit --consoles")
    assert status == 3
    serial, screen = machine.text, machine.check("cat /dev/vcs1")
    for line in ("dolmen: installer ready", "dolmen: install failed: "):
        assert serial.count(line) == 1
        assert screen.count(line) == 1
    assert "DOLMEN-CONF" in screen


def test_medium_is_the_stick(machine):
    assert machine.check("cat /run/dolmen/boot-disk").strip() == "sda"


@pytest.mark.parametrize("name", REFUSED)
def test_refused(machine, name):
    status, output = machine.shell(f"dolmen-install --commit --answers {name}.xml")
    assert status == 3, output
    for word in REFUSED[name][1]:
        assert word in output


def test_dry_run_is_the_default(machine):
    plan = machine.check("dolmen-install --answers good.xml")
    assert "dolmen-root-a" in plan and "/dev/vdb" in plan
    assert "dolmen: step" not in plan


def test_recording_replays(machine):
    """record-machine's text, saved to a volume, makes the same plan as the machine."""
    said = machine.check("record-machine --save $(find-device LABEL=RECORD)")
    name = re.search(r"machine-\S+\.machine", said)[0]
    machine.check("mkdir /tmp/save && mount -t vfat -o ro $(find-device LABEL=RECORD) /tmp/save")
    machine.check(f"record-machine --unpack /tmp/save/{name} /tmp/replay")
    machine.check("dolmen-install --seed 1 --answers good.xml >/tmp/plan.real")
    machine.check("dolmen-install --seed 1 --answers good.xml --machine /tmp/replay >/tmp/plan.replay")
    assert machine.check("diff /tmp/plan.real /tmp/plan.replay") == ""
    recorded = machine.check("cat /tmp/replay/blkid")
    assert "vdc TYPE=vfat LABEL=DOLMEN-TEST" in recorded


def test_iscsi_firmware(machine):
    said = machine.check("record-machine")
    assert f"file sys/firmware/ibft/ethernet0/mac {MAC}" in said and "target-name iqn.2001-04.org.example:disk1" in said
    said = machine.check("dolmen-install --answers good.xml")
    assert "set to start from iSCSI (iqn.2001-04.org.example:disk1 at 192.0.2.10 by eth0" in said


def test_manifest_is_the_verified_one(machine, medium):
    """The stick's manifest changes after the boot: what was verified then counts."""
    first = (BUILD / "iso/content/dolmen/manifest").read_bytes().split(b"\n")[0]
    changed = first[:-1] + b"x"
    with open(medium, "r+b") as f, mmap.mmap(f.fileno(), 0) as stick:
        at = stick.find(first + b"\n")
        stick[at:at + len(changed)] = changed
    machine.check("sync; echo 3 >/proc/sys/vm/drop_caches")
    assert machine.check(f"dd if=/dev/sda bs={len(first)} skip={at} count=1 iflag=skip_bytes 2>/dev/null").strip() == changed.decode()
    assert machine.check("head -n 1 /run/dolmen/medium/dolmen/manifest").strip() == first.decode()
    assert first.decode().replace("version", "Dolmen") in machine.check("dolmen-install --answers good.xml")


def test_disks_are_untouched(machine, disks):
    machine.check("sync")
    assert all(is_blank(disk) for disk in disks)
