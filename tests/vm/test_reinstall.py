# SPDX-License-Identifier: GPL-2.0-or-later
"""A host with thin storage is installed over: the volume of a guest keeps every byte. Then it is upgraded, and what the
host remembers stays too."""

from host import PASSWORD, Host, Installer, answers
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


def test_reinstall_and_upgrade(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    install(tmp_path, disk, "fresh", "fresh")

    with Host(tmp_path, disk, name="before") as host:
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
        host.end()
