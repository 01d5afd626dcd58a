# SPDX-License-Identifier: GPL-2.0-or-later
"""A host with thin storage: a virtual machine from its creation to its end. The host is installed over: the volume of a guest
keeps every byte. Then it is upgraded, and what the host remembers stays too."""

from host import ADDRESS, PASSWORD, Host, Installer, answers, guest_volume
from vm import blank_disk

FIRMWARE = "bios"


def install(work, disk, mode, name):
    text = answers().replace('mode="fresh" sr-type="lvm"', f'mode="{mode}" sr-type="thin"')
    text = text.replace("host1.example.org", f"{mode}.example.org").replace(PASSWORD, f"{PASSWORD}-{mode}")
    with Installer(work, [disk], text, name=name) as vm:
        vm.wait_ready()
        vm.wait_complete()
        vm.wait_end()
        return vm


def virtual_machine(host, group):
    """Created, seen by libvirt, snapshot, run, put back, deleted: nothing is left."""
    host.mount_kit()
    assert host.shell("pidof libvirtd")[0] == 1
    words = f"console=hvc0 quiet guest.mode=pvh guest.ip=10.0.2.100 guest.ping={ADDRESS}"
    create = ("dolmen vm create web --memory 256M --disk 64M --net xenbr0 --kernel /boot/vmlinuz"
              f" --initrd /tmp/kit/guest.img --cmdline '{words}'")
    assert "no bridge `xenbr9`" in host.shell(f"{create} --net xenbr9")[1]
    host.check(create)
    assert "web" in host.check("virsh list --all --name").split()
    assert '"name":"web"' in host.check("dolmen vm list --json")
    assert "a virtual machine `web` already" in host.shell(create)[1]
    host.check("dolmen vm snapshot create web empty")
    output = host.check("dolmen vm console web --start", 400)
    for line in ("hello from pvh", "disk ok", "net ok", "goodbye"):
        assert f"guest: {line}" in output
    host.check("until dolmen vm list | grep -q '^web  *off '; do usleep 200000; done", 60)
    disk = f"cmp -s -n 1048576 /dev/zero /dev/{group}/vm-web-0"
    assert host.shell(disk)[0] == 1
    host.check("dolmen vm snapshot revert web empty")
    assert host.shell(disk)[0] == 0
    assert "nobody is here to agree" in host.shell("dolmen vm delete web </dev/null")[1]
    host.check("dolmen vm delete web --yes")
    assert "vm-web" not in host.check(f"lvs {group}") and "web" not in host.check("virsh list --all --name").split()
    assert host.check("find /state/libvirt/libxl -type f").strip() == ""


def with_memory(host, group):
    """A snapshot with memory: the machine goes on after it, and from it."""
    read = f"echo 1 >/proc/sys/vm/drop_caches; dd if=/dev/{group}/vm-count-0 bs=512 skip=2048 count=1 2>/dev/null | tr -d '\\0' | tr ' ' '\\n'"

    def told(at_least):
        host.check(f"until n=$({read} | sed -n 's/^count=//p') && [ ${{n:-0}} -gt {at_least} ]; do sleep 1; done", 180)
        return host.check(f"{read} | sed -n 's/^boot=//p'"), int(host.check(f"{read} | sed -n 's/^count=//p'"))

    host.check("dolmen vm create count --type pv --memory 96M --disk 4M --kernel /boot/vmlinuz --initrd /tmp/kit/guest.img"
               " --cmdline 'console=hvc0 quiet guest.mode=pv guest.stay=1' --start")
    boot, count = told(0)
    host.check("dolmen vm snapshot create count running --memory", 300)
    assert '"memory":true' in host.check("dolmen vm snapshot list count --json")
    assert told(count + 1)[0] == boot
    host.check("dolmen vm destroy count && dolmen vm snapshot revert count running", 300)
    assert told(told(0)[1] + 1)[0] == boot
    assert "count: off" in host.check("dolmen vm shutdown count --timeout 60 && dolmen vm snapshot delete count running", 100)
    assert "memory" not in host.check(f"lvs {group}")
    host.check("dolmen vm delete count --yes")


def test_reinstall_and_upgrade(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    install(tmp_path, disk, "fresh", "fresh")

    with Host(tmp_path, disk, name="before", disks=[guest_volume(tmp_path / "kit.img")]) as host:
        host.wait_ready()
        host.login(f"{PASSWORD}-fresh")
        group, pool = host.check("sed -n 's/^storage=thin //p' /state/host.conf").split()
        assert pool == "pool"
        # metadata can grow, and there is a spare copy of them for repairs
        assert float(host.check(f"vgs --noheadings --nosuffix --units m -o vg_free {group}")) > 16
        assert "pool_tmeta" in host.check(f"lvs -a {group}") and "pmspare" in host.check(f"lvs -a {group}")
        host.check(f"lvcreate -qq --thin -V 256M -n keep {group}/pool")
        host.check(f"head -c 16777216 /dev/vda5 >/dev/{group}/keep")
        before = host.check(f"sha256sum </dev/{group}/keep")
        virtual_machine(host, group)
        with_memory(host, group)
        host.check("echo remembered >/root/note")
        host.end()

    vm = install(tmp_path, disk, "reinstall", "reinstall")
    assert "dolmen: step 7/9 storage: ok" in vm.text
    with Host(tmp_path, disk, name="after") as host:
        host.wait_ready()
        assert "WARNING" not in host.text
        host.login(f"{PASSWORD}-reinstall")
        assert host.check("hostname").strip() == "reinstall"
        assert host.shell("test -e /root/note")[0] == 1
        assert host.check("sed -n 's/^storage=thin //p' /state/host.conf").split() == [group, "pool"]
        assert host.check(f"sha256sum </dev/{group}/keep") == before
        host.check("echo remembered >/root/note")
        host.end()

    install(tmp_path, disk, "upgrade", "upgrade")
    with Host(tmp_path, disk, name="upgraded") as host:
        host.wait_ready()
        assert "WARNING" not in host.text
        host.login(f"{PASSWORD}-reinstall")
        assert host.check("hostname").strip() == "reinstall"
        assert host.check("cat /root/note").strip() == "remembered"
        assert host.check(f"sha256sum </dev/{group}/keep") == before
