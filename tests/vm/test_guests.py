# SPDX-License-Identifier: GPL-2.0-or-later
"""Virtual machines as they are used, on a host whose guests' storage is a file system: saved and gone on, changed while they run,
asked to shut down and not hearing, started with the host in their order; BIOS and UEFI from a CD."""

import re
import shutil
import subprocess

import pytest

from host import Host, answers_simple, guest_volume, install
from vm import BUILD, blank_disk, have_kvm

FIRMWARE = "bios"
WORDS = "console=hvc0 quiet guest.mode=pv"
KERNEL = "--kernel /boot/vmlinuz --initrd /storage/guest.img"
PATTERN = "imported"


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    work = tmp_path_factory.mktemp("guests")
    disk = blank_disk(str(work / "disk.img"), 12)
    # The guests' processors are two, dom0's is one: two that are emulated wait for each other.
    install(work, disk, answers_simple().replace("  <hostname>", '  <dom0 vcpus="1"/>\n  <hostname>'))
    return disk


def tiny_iso(work):
    """A CD whose boot loader asks on the serial port what to do."""
    content = work / "cd"
    (content / "isolinux").mkdir(parents=True)
    for file in ("ISOLINUX/isolinux.bin", "syslinux/modules/bios/ldlinux.c32"):
        shutil.copy(BUILD / "buildroot/root/usr/lib" / file, content / "isolinux")
    (content / "isolinux/isolinux.cfg").write_text("serial 0 115200\nprompt 1\ntimeout 0\ndefault none\n")
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-o", work / "tiny.iso", "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat",
                    "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", content], check=True)
    return work / "tiny.iso"


def kit(work):
    volume = guest_volume(work / "kit.img")
    subprocess.run(["mcopy", "-i", volume, tiny_iso(work), "::tiny.iso"], check=True)
    return volume


def told(host, name):
    """What the guest wrote on its disk last: boot, count, cpus, kib."""
    text = host.check(f"dd if=/storage/vm-{name}-0 bs=512 skip=2048 count=1 2>/dev/null | tr -d '\\0'")
    return dict(word.split("=") for word in text.split())


def wait_told(host, name, field, wanted):
    """Until FIELD of what it wrote is as WANTED, a condition of awk, says."""
    read = f"dd if=/storage/vm-{name}-0 bs=512 skip=2048 count=1 2>/dev/null | tr ' ' '\\n' | sed -n 's/^{field}=//p'"
    host.check(f"until {read} | awk '{{ found = ({wanted}) }} END {{ exit !found }}'; do sleep 1; done", 180)
    return told(host, name)


def refusals(host):
    """On Xen, and nothing is left of them."""
    before = host.check("ls /storage")
    for words, reason in ((f"web --disk 1G {KERNEL}", "a virtual machine `web` already"),
                          ("new --disk 1G --cdrom /storage/none.iso", "--cdrom /storage/none.iso: No such file"),
                          (f"new --disk 1G --net xenbr7 {KERNEL}", "there is no bridge `xenbr7`"),
                          (f"new --memory 1T {KERNEL} --start", "are free"),
                          ("new --disk 900G --cdrom /storage/tiny.iso", "are free")):
        status, output = host.shell(f"dolmen vm create {words}")
        assert status == 3 and reason in output, output
    status, output = host.shell("dolmen vm create bad --type pv --memory 64M --disk 4M --kernel /storage/tiny.iso --start")
    assert status == 1 and re.search(r"bad does not start: .*libxl-driver.log", output), output
    assert host.check("ls /storage") == before
    status, output = host.shell("dolmen vm set web --pci 0000:00:02.0")
    assert status == 3 and "Xen has no IOMMU here" in output
    assert host.shell("dolmen vm set web --memory 160M --pin 99")[0] == 3
    assert ">131072<" in host.check("virsh dumpxml --inactive web | grep currentMemory")


def changed_while_running(host):
    host.check("dolmen vm set web --memory 224M --vcpus 2 --weight 700 --cap 60 --pin 1")
    wait_told(host, "web", "cpus", "$1 == 2")
    wait_told(host, "web", "kib", "$1 > 160000")
    shares(host)


def shares(host):
    """As vm set gave them."""
    assert re.search(r"^web +\d+ +700 +60$", host.check("xl sched-credit2 -d web"), re.M)
    assert set(re.findall(r"(\S+) / all$", host.check("xl vcpu-list web"), re.M)) == {"1"}


def saved(host):
    """In the storage pool, from where it goes on; what cannot go on is still saved."""
    before = told(host, "web")
    assert host.shell("dolmen vm pause web && dolmen vm save web")[0] == 3
    host.check("dolmen vm resume web && dolmen vm save web")
    assert "vm-web-0+.saved" in host.check("ls /storage")
    host.check("mv /storage/vm-web-0 /storage/away")
    status, output = host.shell("dolmen vm start web")
    assert status == 3 and "web wants /storage/vm-web-0, which is not there" in output
    host.check("mv /storage/away /storage/vm-web-0 && cd /storage && cp vm-web-0+.saved whole && truncate -s 9M vm-web-0+.saved; cd /")
    status, output = host.shell("dolmen vm start web")
    assert status == 1 and "it is saved still" in output
    assert re.search(r"^web +saved ", host.check("dolmen vm list"), re.M)
    host.check("mv /storage/whole /storage/vm-web-0+.saved && dolmen vm restore web")
    after = wait_told(host, "web", "count", f"$1 > {before['count']} + 1")
    assert after["boot"] == before["boot"]
    assert ".saved" not in host.check("ls /storage; ls /state/libvirt/lib/libxl/save")
    shares(host)


def restarted(host):
    before = told(host, "web")["boot"]
    host.check("dolmen vm reboot web")
    wait_told(host, "web", "boot", f'$1 != "{before}"')
    host.check("until virsh domstate web | grep -q running; do usleep 200000; done")
    shares(host)


def not_hearing(host):
    """All asked; who does not hear is saved, and goes on."""
    boot = told(host, "deaf")["boot"]
    output = host.check("dolmen vm shutdown --all --timeout 60", 300)
    assert output.splitlines() == ["deaf: did not shut down, saved", "web: off"]
    host.check("dolmen vm start deaf")
    assert wait_told(host, "deaf", "count", "$1 > 3")["boot"] == boot
    host.check("dolmen vm destroy deaf && dolmen vm delete deaf --yes && ! ls /storage | grep deaf")


def daemon_comes_back(host):
    """While a guest runs, after its service died."""
    old = host.check("pidof libvirtd")
    host.check("kill -9 $(pidof on-demand)")
    host.check(f"until new=$(pidof libvirtd) && [ \"$new\" != {old.strip()} ]; do usleep 200000; done", 60)
    assert re.search(r"^web +running ", host.check("dolmen vm list"), re.M)


def boots_cd(host, uefi, line):
    host.check(f"dolmen vm create cd --memory 256M {uefi} --cdrom /storage/tiny.iso")
    host.send("dolmen vm console cd --start\n")
    host.wait_for(r"text console of cd\. Ctrl-\] leaves it")
    host.wait_for(line, 300)
    host.send("\x1d")
    host.wait_for("# ")
    assert "VNC: 127.0.0.1:5900" in host.check("dolmen vm console cd --show")
    assert re.findall(r"^tcp .*:(\d+) .*LISTEN", host.check("netstat -ltn"), re.M) == ["5900"]
    host.check("dolmen vm destroy cd && dolmen vm delete cd --yes")


def test_machines(tmp_path, disk):
    volume = kit(tmp_path)
    with Host(tmp_path, disk, disks=[volume], cpus=2) as host:
        host.wait_ready()
        host.login()
        host.mount_kit()
        host.check("cp /tmp/kit/guest.img /tmp/kit/tiny.iso /storage")
        host.check(f"head -c 4194304 /dev/zero >/tmp/raw && echo {PATTERN} | dd of=/tmp/raw bs=1M seek=3 conv=notrunc")
        host.check(f"dolmen vm create web --type pv --memory 128M --memory-max 256M --vcpus-max 2 --import /tmp/raw {KERNEL}"
                   f" --cmdline '{WORDS} guest.stay=1' --start")
        host.check(f"dolmen vm create deaf --type pv --memory 96M --disk 4M {KERNEL} --cmdline '{WORDS} guest.stay=deaf' --start")
        wait_told(host, "web", "count", "$1 > 0")
        assert PATTERN in host.check("dd if=/storage/vm-web-0 bs=1M skip=3 2>/dev/null | head -n 1")
        refusals(host)
        changed_while_running(host)
        saved(host)
        restarted(host)
        daemon_comes_back(host)
        wait_told(host, "deaf", "count", "$1 > 0")
        not_hearing(host)
        # The other one comes first although its name does not, and virsh sees what dolmen set.
        host.check(f"dolmen vm create zero --type pv --memory 96M --disk 4M {KERNEL} --cmdline '{WORDS} guest.stay=1' --autostart")
        host.check("dolmen vm set zero --order 1 --delay 1 && dolmen vm set web --order 2 --autostart on")
        assert re.search(r"Autostart: +enable", host.check("virsh dominfo web"))
        output = host.check("dolmen vm autostart", 300)
        assert output.splitlines() == ["zero: started", "web: started"]
        for name in ("zero", "web"):
            wait_told(host, name, "count", "$1 > 0")
        boot = told(host, "web")["boot"]
        host.end("reboot")
        assert "shutting down guests" in host.text

    with Host(tmp_path, disk, name="again", disks=[volume], cpus=2) as host:
        host.wait_ready()
        host.login()
        assert re.search(r"web: off.*zero: off", host.check("grep 'dolmen: .*: off' /state/log/messages"), re.S)
        wait_told(host, "web", "boot", f'$1 != "{boot}"')
        assert host.check("cat /run/dolmen/autostart").splitlines() == ["zero: started", "web: started"]
        host.check("until virsh domstate web | grep -q running; do usleep 200000; done")
        shares(host)
        assert "WARNING" not in host.text
        host.check("dolmen vm shutdown --all", 300)
        boots_cd(host, "", "ISOLINUX .*boot: ")


@pytest.mark.skipif(not have_kvm(), reason="QEMU emulating a processor (7.2 to 11.1) ends with an assertion when a guest of a guest writes CR8, as OVMF does")
def test_uefi(tmp_path, disk):
    with Host(tmp_path, disk, disks=[kit(tmp_path)]) as host:
        host.wait_ready()
        host.login()
        host.mount_kit()
        host.check("cp /tmp/kit/tiny.iso /storage")
        boots_cd(host, "--uefi", "BdsDxe|UEFI Interactive Shell")
