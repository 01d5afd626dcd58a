# SPDX-License-Identifier: GPL-2.0-or-later
"""Install from CD on BIOS, boot the disk, look at the host, run PV, PVH and HVM guests."""

import json
import re

import pytest

from host import ADDRESS, PASSWORD, STATE, STORAGE, Host
from terminal import VgaText
from vm import fingerprint

FIRMWARE = "bios"
STEPS = ["check", "wipe", "partition", "root-a", "boot-a", "state", "storage", "boot", "finish"]


@pytest.fixture(scope="module")
def host(work, installed, kit):
    with Host(work, installed[0], disks=[kit], firmware=FIRMWARE) as vm:
        vm.wait_ready()
        vm.login()
        yield vm


def test_installer_says_each_line_once(installed):
    vm = installed[1]
    for line in ["installer ready", *(f"step {i}/{len(STEPS)} {name}: ok" for i, name in enumerate(STEPS, 1)),
                 "install complete"]:
        assert vm.count_line(f"dolmen: {line}") == 1, line
    percents = [int(p) for p in re.findall(r"^dolmen: (\d+) %", vm.text, re.M)]
    assert percents == sorted(percents) and percents[-1] == 100 and len(percents) >= 10


def test_installer_keeps_the_password_to_itself(installed):
    assert PASSWORD not in installed[1].text


def test_root_is_read_only(host):
    assert host.shell("touch /usr/x /etc/x")[0] != 0
    assert re.search(r" on / type squashfs \(ro\b", host.check("mount"))


def test_nothing_went_wrong_at_boot(host):
    assert "WARNING" not in host.text
    assert host.shell("test -e /run/dolmen/degraded")[0] == 1


def test_xen_is_ours(host):
    info = host.check("xl info")
    assert re.search(r"xen_version\s*: 4\.20\.\S*dolmen", info)
    assert "Domain-0" in host.check("xl list")


def test_configuration_took_effect(host):
    assert host.check("hostname").strip() == "host1"
    assert f"inet {ADDRESS}/24" in host.check("ip -4 address show dev xenbr0")
    assert "via 10.0.2.2" in host.check("ip route show default")
    assert "nameserver 10.0.2.3" in host.check("cat /etc/resolv.conf")
    assert "CE" in host.check("date +%Z")
    assert "master xenbr0" in host.check("ip link show dev eth0")
    assert host.check("stat -c %a /state/host.conf /state/etc/shadow").split() == ["600", "600"]
    assert PASSWORD not in host.check("cat /state/log/install.log /state/host.conf")


def test_nothing_listens(host):
    listening = [line for line in host.check("netstat -lntu").splitlines() if re.match(r"(tcp|udp)", line)]
    assert listening == []


def test_services(host):
    status = host.check("sv status /run/service/*")
    assert re.findall(r"^run: /run/service/(\w+):", status, re.M) == ["klogd", "libvirt", "ntpd", "syslogd", "watch", "watchdog0", "xenconsoled"]
    assert host.check("cat /sys/class/watchdog/watchdog0/identity").strip() == "xen_wdt"


def test_logs(host):
    assert "Linux version" in host.check("grep -m 1 'Linux version' /state/log/messages")
    assert "Linux version" in host.check("grep -m 1 'Linux version' /state/log/kernel.log")
    assert "Xen version" in host.check("grep -m 1 'Xen version' /state/log/xen/console/hypervisor.log")
    assert "host ready" in host.check("tail -n 5 /state/log/boot.log")


def test_dom0_has_what_the_rule_says(host):
    """512 MiB and two percent of the memory, of which Xen has taken its own part before; no more processors than there are."""
    total = int(re.search(r"total_memory\s*: (\d+)", host.check("xl info"))[1])
    memory, vcpus = map(int, host.check("xl list 0 | tail -n 1").split()[2:4])
    assert 512 + total // 50 - 8 <= memory <= 512 + total // 50
    assert vcpus == 1


def test_figures_and_report(host):
    figures = json.loads(host.check("dolmen stats --json"))
    assert figures["domains"][0]["name"] == "Domain-0" and figures["state_free_bytes"] > 2**30
    assert [each["name"] for each in figures["interfaces"]] == ["eth0"]
    host.check("dolmen report")
    host.check("cd /tmp && tar -xzf dolmen-report.tar.gz && mv dolmen-report-* report")
    host.check("grep 'Xen version' /tmp/report/xen/dmesg && grep 'policy drop' /tmp/report/dom0/firewall")
    hash = host.check("sed -n 's/^root_hash=//p' /state/host.conf").strip()
    assert hash.startswith("$") and host.shell(f"grep -rF '{hash}' /tmp/report")[0] == 1
    host.check("rm -r /tmp/report /tmp/dolmen-report.tar.gz")


def test_memory_budget(host):
    assert host.memory_used() <= 80


def test_storage_volume_group(host):
    assert re.search(r"dolmen-[0-9a-f]{8}", host.check("vgs --noheadings -o vg_name"))


def test_new_disk_shows_nothing_of_an_old_one(host):
    """libvirtd is awake then: see test_state_was_unmounted."""
    group = host.check("vgs --noheadings -o vg_name").strip()
    host.check(f"lvcreate -qq --yes -L 8M -n old {group} && tr '\\0' x </dev/zero | head -c 8388608 >/dev/{group}/old")
    host.check(f"lvremove -qq --yes {group}/old")
    host.check("dolmen vm create web --disk 8M --kernel /boot/vmlinuz")
    host.check(f"cmp -n 8388608 /dev/zero /dev/{group}/vm-web-0")
    host.check("dolmen vm delete web --yes")


def test_status_without_login(host, work):
    """On the screen, and above the login on the serial port; libvirtd sleeps."""
    t = VgaText(host)
    t.see("host1.example.org: Dolmen ")
    t.see(f"xenbr0 {ADDRESS}/24")
    t.see("<Log in>")
    assert re.search(r"host1\.example\.org: Dolmen .*Guests +0 running.*login: ", host.text, re.S)
    status = json.loads(host.check("dolmen status --json"))
    assert status["xen"].startswith("4.20.") and status["slot"] == "a" and status["alerts"] == [], status
    # More than one colour: something is drawn.
    pixels = host.screen(work / "screen.ppm")[20:]
    assert len(set(pixels[i:i + 3] for i in range(0, len(pixels) - 3, 3))) > 1


def test_console_backs_off_from_a_wrong_password(host):
    t = VgaText(host)
    t.press("Enter")
    t.see("The password of root:")
    t.type("wrong")
    t.press("Enter")
    t.see("next password is taken in")
    t.see("not the password of root")
    t.type(PASSWORD)
    t.press("Enter")
    t.see("What do you want to do")
    log = host.check("grep 'root on /dev/tty1\\|root logged in' /state/log/messages")
    assert "wrong password of root on /dev/tty1, number 1" in log and "root logged in on /dev/tty1" in log and PASSWORD not in log


def test_console_sets_the_name_of_the_host(host):
    t = VgaText(host)
    t.press("Down", "Down", "Down", "Down", "Enter")
    t.answer("What do you want to change", "Enter")
    t.see("What is the host called")
    t.press("ctrl-u")
    t.type("host2")
    t.press("F12")
    t.see("What do you want to change")
    assert host.check("hostname; sed -n 's/^hostname=//p' /state/host.conf").split() == ["host2", "host2"]
    t.press("Escape")


def test_console_has_a_shell(host):
    t = VgaText(host)
    t.see("What do you want to do")
    t.press("Down", "Down", "Down", "Enter")
    t.see("host2:")
    t.type("touch vga")
    t.press("Enter")
    t.type("exit")
    t.press("Enter")
    t.see("What do you want to do")
    host.check("rm /root/vga")
    t.press("Escape")
    t.see("host2: Dolmen ")


@pytest.fixture(scope="module")
def guests(host):
    host.guest_kit()
    return host


@pytest.mark.parametrize("mode", ["pv", "pvh", "hvm"])
def test_guest(guests, mode):
    output = guests.run_guest(mode)
    assert f"guest: hello from {mode}" in output
    assert f"guest type {mode.upper()}" in output
    assert "guest: disk ok" in output
    assert "guest: net ok" in output


def test_a_service_that_dies_is_started_again(host):
    before = host.check("pidof xenconsoled")
    host.send("kill -9 $(pidof xenconsoled)\n")
    host.wait_for("dolmen: WARNING: xenconsoled ended .signal 9.; it is started again")
    host.check("n=0; until pidof xenconsoled || [ $n -ge 50 ]; do n=$((n + 1)); usleep 200000; done")
    assert host.check("pidof xenconsoled") != before


@pytest.fixture(scope="module")
def rebooted(host, work, installed, kit):
    """Last: the host with a note and another password, after a reboot, on two processors, with an IOMMU and another NIC."""
    host.check("echo remembered >/state/root/note")
    host.passwd = host.shell("printf 'another-one\\nanother-one\\n' | passwd root")
    host.end("reboot")
    # Behind a bridge, which resets what is behind it: the emulated NIC itself cannot be, and libvirt insists.
    devices = ["-device", "intel-iommu,intremap=on", "-netdev", "user,restrict=on,id=n1", "-device", "pcie-root-port,id=behind,chassis=1",
               "-device", "e1000,netdev=n1,bus=behind"]
    again = Host(work, installed[0], name="again", disks=[kit], firmware=FIRMWARE, cpus=2, extra=devices)
    again.reply = None  # the boot menu's time runs out
    with again:
        again.wait_ready()
        again.login("another-one" if host.passwd[0] == 0 else PASSWORD)
        yield again


def test_state_survives_a_reboot(rebooted):
    assert rebooted.check("hostname").strip() == "host2"
    assert rebooted.check("cat /root/note").strip() == "remembered"


def test_state_was_unmounted(rebooted):
    rebooted.check("grep e2fsck /run/dolmen/boot.log || grep ': clean' /run/dolmen/boot.log")
    assert rebooted.shell("grep -i 'recovering journal' /run/dolmen/boot.log")[0] == 1


def test_logs_of_the_boot_before_are_kept(rebooted):
    assert "host ready" in rebooted.check("grep 'host ready' /state/log/boot.log.1")
    rebooted.check("grep -m 1 'Xen version' /state/log/xen/console/hypervisor.log.1")


def test_all_processors_are_used(rebooted):
    assert re.search(r"nr_cpus\s*: 2$", rebooted.check("xl info"), re.M)
    assert rebooted.check("nproc").strip() == "2"


def test_password_can_be_changed(rebooted, host):
    assert host.passwd[0] == 0, host.passwd[1]


def test_device_given_to_a_machine(rebooted):
    """It pings through the host's NIC, which then is the host's again."""
    given = re.compile(r"^(\S+) +020000 +8086:100e +(\S+)", re.M)
    address, driver = given.search(rebooted.check("dolmen pci list")).groups()
    assert driver == "e1000"
    rebooted.mount_kit()
    rebooted.check("dolmen vm create nic --type pv --memory 256M --disk 64M --kernel /boot/vmlinuz --initrd /tmp/kit/guest.img --cmdline"
                   " 'console=hvc0 quiet iommu=soft guest.mode=pv guest.pci=e1000 guest.ip=10.0.2.100 guest.ping=10.0.2.2'")
    rebooted.check(f"dolmen vm set nic --pci {address}")
    assert "guest: net ok" in rebooted.check("dolmen vm console nic --start", 300)
    assert given.search(rebooted.check("dolmen pci list"))[2] == "e1000"


def test_powers_off(rebooted):
    rebooted.end()


def guests_disks(disk):
    return {at: crc for at, crc in fingerprint(disk).items() if at >= STORAGE * 512}


def test_state_partition_is_lost(work, installed, rebooted):
    """Nothing of it can be read: the host starts, says so, lets nobody in, and leaves guests' disks as they are."""
    disk = installed[0]
    before = guests_disks(disk)
    with open(disk, "r+b") as f:
        f.seek(STATE * 512)
        f.write(b"\xff" * 2**22)
    with Host(work, disk, name="lost", firmware=FIRMWARE) as vm:
        vm.wait_for("WARNING: state partition .* cannot be mounted: no configuration, no login")
        vm.wait_for("no guest's disk is touched")
        vm.wait_for("WARNING: the host is not ready: storage is missing")
        vm.wait_for("login: ")
        vm.send("root\n")
        vm.wait_for("Password: ")
        vm.send("another-one\n")
        vm.wait_for("Login incorrect")
    assert before and guests_disks(disk) == before
