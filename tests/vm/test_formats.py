# SPDX-License-Identifier: GPL-2.0-or-later
"""A host with thin storage: a virtual machine made of a qcow2 image, cloned and exported while it runs, deleted, made again of its
OVA: its disk has what was in the image. A CD that is changed."""

import hashlib
import os
import re
import subprocess

from host import ADDRESS, Host, answers, guest_volume, install
from vm import blank_disk

FIRMWARE = "bios"
SECTOR = 8192
WORDS = f"console=hvc0 quiet guest.mode=pvh guest.show={SECTOR} guest.ip=10.0.2.100 guest.ping={ADDRESS}"


def image(folder):
    """The content of a disk: 16 MiB, most of them zeros; and it as qcow2."""
    data = bytearray(16 << 20)
    data[SECTOR * 512:SECTOR * 512 + 15] = b"from elsewhere\n"
    data[6 << 20:8 << 20] = os.urandom(2 << 20)
    raw = folder / "disk.raw"
    raw.write_bytes(data)
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, folder / "disk.qcow2"], check=True)
    return data, folder / "disk.qcow2"


def digest(host, device, skip=0, count=16):
    return host.check(f"dd if={device} bs=1M skip={skip} count={count} 2>/dev/null | sha256sum").split()[0]


def cd(host):
    """One is changed in a machine that is there, but does not go on."""
    host.check("echo one >/root/one.iso && echo two >/root/two.iso")
    host.check("dolmen vm create cd --memory 64M --cdrom /root/one.iso && virsh start cd --paused", 300)
    assert "cd: /root/one.iso" in host.check("dolmen vm cdrom cd")
    assert "cd: /root/two.iso" in host.check("dolmen vm cdrom cd /root/two.iso", 300)
    assert "/root/two.iso" in host.check("virsh domblklist cd")
    assert "cd: no CD" in host.check("dolmen vm cdrom cd --eject", 300)
    assert "/root/two.iso" not in host.check("virsh domblklist cd")
    host.check("dolmen vm destroy cd && dolmen vm delete cd --yes", 300)


def test_formats(tmp_path):
    data, qcow2 = image(tmp_path)
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    install(tmp_path, disk, answers().replace('sr-type="lvm"', 'sr-type="thin"'))
    kit = guest_volume(tmp_path / "kit.img")
    subprocess.run(["mcopy", "-i", kit, qcow2, "::disk.qcow2"], check=True)

    with Host(tmp_path, disk, disks=[kit]) as host:
        host.wait_ready()
        host.login()
        host.mount_kit()
        group = host.check("sed -n 's/^storage=thin \\([^ ]*\\) .*/\\1/p' /state/host.conf").strip()
        kernel = "--kernel /boot/vmlinuz --initrd /tmp/kit/guest.img"
        host.check(f"dolmen vm create web --memory 256M --net xenbr0 {kernel} --cmdline '{WORDS} guest.stay=yes' --import /tmp/kit/disk.qcow2")
        assert digest(host, f"/dev/{group}/vm-web-0") == hashlib.sha256(data).hexdigest()
        # what is zeros takes no room
        assert float(host.check(f"lvs --noheadings -o data_percent {group}/vm-web-0")) < 30

        host.check("dolmen vm start web", 300)
        host.check("dolmen vm clone web copy")
        host.check("dolmen vm export web /root", 300)
        assert re.search("^copy +off .*\n*", host.check("dolmen vm list"), re.M)
        assert re.search("^web +running ", host.check("dolmen vm list"), re.M)
        assert host.check(f"lvs --noheadings -o origin {group}/vm-copy-0").strip() == "vm-web-0"
        assert "+" not in host.check(f"lvs --noheadings -o lv_name {group}")
        assert host.check("ls /root").split() == ["web.ova"]
        assert digest(host, f"/dev/{group}/vm-copy-0", 6, 2) == hashlib.sha256(data[6 << 20:8 << 20]).hexdigest()
        own = [host.check(f"virsh domuuid {name}; virsh domiflist {name} | sed -n 's/.*\\(..:..:..:..:..:..\\).*/\\1/p'").split()
               for name in ("web", "copy")]
        assert len(own[0]) == len(own[1]) == 2 and own[0][0] != own[1][0] and own[0][1] != own[1][1], own
        host.check("dolmen vm destroy web && dolmen vm delete web --yes && dolmen vm delete copy --yes")

        assert "boots a kernel of its host" in host.shell("dolmen vm import /root/web.ova")[1]
        host.check(f"dolmen vm import /root/web.ova {kernel} --cmdline '{WORDS}'", 300)
        assert digest(host, f"/dev/{group}/vm-web-0", 6, 2) == hashlib.sha256(data[6 << 20:8 << 20]).hexdigest()
        output = host.check("dolmen vm console web --start", 400)
        for line in ("hello from pvh", "disk says from elsewhere", "disk ok", "goodbye"):
            assert f"guest: {line}" in output
        host.check("until dolmen vm list | grep -q '^web  *off '; do usleep 200000; done", 60)
        host.check("dolmen vm delete web --yes && rm /root/web.ova")
        cd(host)
