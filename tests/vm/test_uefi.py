# SPDX-License-Identifier: GPL-2.0-or-later
"""Install from CD on UEFI, with DHCP and file storage; boot the disk through shim, GRUB and the unified xen.efi, run a
guest; after a power cut the storage is checked and comes back."""

import re

import pytest

from host import Host, answers_simple

FIRMWARE = "uefi"
ANSWERS = answers_simple().replace("  <hostname>", '  <dom0 memory="400M" vcpus="1"/>\n  <hostname>')


@pytest.fixture(scope="module")
def host(work, installed, kit):
    disk, installer = installed
    with Host(work, disk, disks=[kit], firmware=FIRMWARE, memory_of=installer) as vm:
        vm.wait_ready()
        vm.login()
        yield vm


def test_firmware_started_the_unified_image(host):
    assert "EFI loader" in host.text
    command_line = host.check("xl info | grep ^xen_commandline")
    assert "dom0_mem=" in command_line and "dolmen.root=" in command_line


def test_dom0_has_what_the_answer_file_says(host):
    """The image's own options are signed and stay; what GRUB hands over comes after them."""
    assert host.check("xl list 0 | tail -n 1").split()[2:4] == ["400", "1"]


def test_boots_from_the_entry_that_the_installer_wrote(host):
    """The other hosts here have the memory of a new machine: they boot by the loader's name alone."""
    entries = host.check("efibootmgr")
    number = re.search(r"^Boot([0-9A-F]{4})\* Dolmen\b", entries, re.M)[1]
    assert f"BootCurrent: {number}" in entries and f"BootOrder: {number}" in entries


def test_dom0_sees_efi(host):
    assert host.check("ls /sys/firmware/efi/efivars | wc -l").strip() != "0"


def test_nothing_went_wrong_at_boot(host):
    assert "WARNING" not in host.text


def test_address_by_dhcp(host):
    assert "inet 10.0.2.15/24" in host.check("ip -4 address show dev xenbr0")


def test_guest(host):
    host.guest_kit()
    output = host.run_guest("pvh")
    assert "guest: hello from pvh" in output
    assert "guest: disk ok" in output and "guest: net ok" in output


def test_powers_off(host):
    host.end()


def test_storage_after_a_power_cut(work, installed, host):
    """A file's link count is wrong: e2fsck corrects it and says so by its exit code, which is no failure."""
    with Host(work, installed[0], name="cut", firmware=FIRMWARE) as vm:
        vm.wait_ready()
        vm.login()
        device = vm.check("sed -n 's,^\\(/dev/[^ ]*\\) /storage .*,\\1,p' /proc/mounts").strip()
        inode = int(vm.check("echo kept >/storage/kept; ls -i /storage/kept").split()[0])
        vm.check("umount /storage")
        table = int(vm.check(f"dumpe2fs {device} 2>&1 | grep -m1 'Inode table at'").split()[3].split("-")[0])
        place = table * 4096 + (inode - 1) * 256 + 26
        vm.check(f"printf '\\007' | dd of={device} bs=1 seek={place} conv=notrunc")
        vm.check(f"tune2fs -E force_fsck {device} && sync")
        vm.kill()
    with Host(work, installed[0], name="again", firmware=FIRMWARE) as vm:
        vm.wait_ready()
        vm.login()
        assert "WARNING" not in vm.text
        assert vm.check("cat /storage/kept").strip() == "kept"
        assert "ref count is 7" in vm.check("cat /run/dolmen/boot.log")
