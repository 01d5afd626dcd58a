# SPDX-License-Identifier: GPL-2.0-or-later
"""Storage pools beside the host's own: a second disk, an NFS server, a LUN. Guests on them; a thin pool that is full; the host
booted again, first without the server."""

import json
import re

from host import Host, answers, guest_volume, install
from iscsi import SECRET, TARGET, USER, Target
from nfs import Nfs
from pxe import SERVER, Lab
from vm import blank_disk

FIRMWARE = "bios"


def pools(host):
    return {p["name"]: p for p in json.loads(host.check("dolmen storage list --json").strip().splitlines()[-1])}


def create(host, name, pool):
    words = f"console=hvc0 quiet guest.mode=pvh guest.ip=192.168.77.60 guest.ping={SERVER}"
    host.check(f"dolmen vm create {name} --memory 192M --disk 64M --storage {pool} --net xenbr0 --kernel /boot/vmlinuz"
               f" --initrd /tmp/kit/guest.img --cmdline '{words}'")


def run(host, name):
    """Until it has written its disk and gone."""
    output = host.check(f"dolmen vm console {name} --start", 400)
    assert "guest: disk ok" in output and "guest: goodbye" in output
    host.check(f"until dolmen vm list | grep -q '^{name}  *off '; do usleep 200000; done", 60)


def refused(host, command, reason):
    status, output = host.shell(command)
    assert status == 3 and reason in output, output


def add_pools(host):
    refused(host, "dolmen storage add fast thin /dev/vda --erase --yes", "in use")
    refused(host, "dolmen storage add fast thin /dev/vda2 --erase --yes", "of which another part is in use")
    assert re.search(r"/dev/vdb +512.0 MiB +blank", host.check("dolmen storage disks"))
    host.check("dolmen storage add fast thin /dev/vdb --yes")
    # Nobody has this address: ARP gets no answer.
    before = host.seconds()
    refused(host, "dolmen storage add far nfs 192.168.77.99:/pool", "server 192.168.77.99 does not answer")
    assert host.seconds() - before < 60
    refused(host, f"dolmen storage add far nfs {SERVER}:/nothing", "no such path")
    host.check(f"dolmen storage add nas nfs {Nfs.url}")
    refused(host, f"dolmen storage add san lvm --iscsi {SERVER} --yes", f"offers {TARGET}")
    add = f"dolmen storage add san lvm --iscsi {SERVER} --target {TARGET} --yes"
    refused(host, f"{add} --lun 1", "does not let this host in; with --chap-user")
    refused(host, f"echo wrong-secret | {add} --lun 1 --chap-user {USER}", "not by this user and secret")
    refused(host, f"echo {SECRET} | {add} --lun 7 --chap-user {USER}", "no LUN 7")
    # Nothing is left of it.
    assert host.check("cat /state/iscsi/chap").strip() == "" and host.shell("iscsiadm -m session")[0] == 21
    host.check(f"echo {SECRET} | {add} --lun 1 --chap-user {USER}")
    assert host.check("stat -c %a /state/iscsi/chap").strip() == "600"
    assert host.check("cat /state/iscsi/initiatorname.iscsi").startswith("InitiatorName=iqn.")
    host.check("dolmen storage add isos ext --in local --size 64M")
    every = pools(host)
    assert list(every) == ["local", "fast", "nas", "san", "isos"] and all(p["up"] for p in every.values()), every
    assert set(host.check("virsh pool-list --name --all").split()) == set(every)


def fill(host):
    """What is written to a full thin pool waits until there is more room: it is not lost."""
    host.check("dolmen storage disks >/dev/null")
    group = pools(host)["fast"]["group"]
    host.check(f"for i in 1 2 3; do lvcreate -qq --thin -V 200M -n fill$i {group}/pool; done")
    host.check(f"(for i in 1 2 3; do dd if=/dev/zero of=/dev/{group}/fill$i bs=1M count=200 oflag=direct"
               " || exit; done; touch /tmp/written) >/tmp/dd 2>&1 & true")
    host.check(f"until lvs --noheadings -o lv_health_status,data_percent {group}/pool | grep -q 100; do sleep 1; done", 300)
    assert host.check("cat /sys/module/dm_thin_pool/parameters/no_space_timeout").strip() == "0"
    assert host.shell("test -e /tmp/written")[0] == 1
    host.check("sh /usr/lib/dolmen/init/watch once")
    assert "100 % full" in host.check("cat /run/dolmen/alerts/pool-fast")
    refused(host, "dolmen storage extend nas /dev/vdc --yes", "only thin and lvm")
    host.check("dolmen storage extend fast /dev/vdc --yes")
    host.check("until [ -e /tmp/written ]; do usleep 200000; done", 120)
    host.check("sh /usr/lib/dolmen/init/watch once")
    assert host.shell("test -e /run/dolmen/alerts/pool-fast")[0] == 1
    # What its volume group has besides it takes by itself, before it is full.
    before = pools(host)["fast"]["total_bytes"]
    host.check(f"vgextend -qq {group} /dev/vdd")
    host.check(f"lvcreate -qq --thin -V 300M -n fill4 {group}/pool && dd if=/dev/zero of=/dev/{group}/fill4 bs=1M count=300 oflag=direct")
    host.check("sh /usr/lib/dolmen/init/watch once")
    assert pools(host)["fast"]["total_bytes"] > before * 1.15
    host.check(f"for i in 1 2 3 4; do lvremove -qq -y {group}/fill$i; done")


def test_pools(tmp_path):
    text = answers().replace('sr-type="lvm"', 'sr-type="thin"').replace("10.0.2.15", "192.168.77.50").replace("10.0.2.2", SERVER)
    disk = blank_disk(str(tmp_path / "disk.img"), 10)
    install(tmp_path, disk, text)
    more = [blank_disk(str(tmp_path / f"{name}.img"), 0.5) for name in ("second", "third", "fourth")]
    kit = guest_volume(tmp_path / "kit.img")
    with Lab(tmp_path / "lab") as lab, Target(lab, tmp_path, 1):
        with Nfs(lab, tmp_path), lab.machine(Host, tmp_path, disk, disks=[*more, kit]) as host:
            host.wait_ready()
            host.login()
            host.mount_kit()
            add_pools(host)
            for name, pool in (("quick", "fast"), ("shared", "nas")):
                create(host, name, pool)
                run(host, name)
            assert (tmp_path / "pool/vm-shared-0").stat().st_size == 64 << 20
            refused(host, "dolmen storage remove fast --yes", "used by the virtual machine quick")
            refused(host, "dolmen storage remove nas --yes", "used by the virtual machine shared")
            host.check("dolmen vm create block --disk 32M --storage san")
            host.check("dolmen vm snapshot create quick one")
            fill(host)
            host.end()
        # The server is away: the host is there all the same.
        with lab.machine(Host, tmp_path, disk, name="again", disks=[*more, kit]) as host:
            assert host.wait_for(r"storage pool (\w+) is away: server", 300)[1] == "nas"
            host.wait_ready()
            host.login()
            every = pools(host)
            assert [name for name, p in every.items() if not p["up"]] == ["nas"], every
            refused(host, "dolmen vm delete shared --yes", "pool nas, which is not there now")
            host.check("dolmen vm delete block --yes")
            host.check("dolmen storage remove san --erase --yes")
            assert host.check("cat /state/iscsi/chap").strip() == ""
            host.check("dolmen storage remove isos --erase --yes")
            assert "pool-isos" not in host.check("lvs")
            with Nfs(lab, tmp_path):
                host.wait_for("away-nas is right again", 120)
                host.mount_kit()
                run(host, "shared")
                host.check("dolmen vm delete shared --yes && dolmen vm delete quick --yes")
                assert not (tmp_path / "pool/vm-shared-0").exists()
                host.check("dolmen storage remove nas --yes")
                host.check("dolmen storage remove fast --erase --yes")
                assert list(pools(host)) == ["local"] and host.check("virsh pool-list --name --all").split() == ["local"]
                assert re.search(r"/dev/vdb +512.0 MiB +blank", host.check("dolmen storage disks"))
