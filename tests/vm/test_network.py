# SPDX-License-Identifier: GPL-2.0-or-later
"""An installed host whose configuration is changed to what a host's network can be: bond, IPv6, VLAN, time, SSH,
firewall; and the first password. QEMU's network announces an IPv6 prefix."""

import socket

import pytest

from host import PASSWORD, Host
from vm import fat_volume

FIRMWARE = "bios"
SECOND_MAC = "52:54:00:12:34:57"


def second_nic(*options):
    return ["-netdev", ",".join(["user,id=n1,restrict=on", *options]),
            "-device", f"virtio-net-pci,netdev=n1,mac={SECOND_MAC}"]


def configure(host, name):
    """Put NAME.conf of the volume in place of host.conf's lines about network, time, SSH and password. Short lines: on a
    slow machine, Xen's console loses some of a long one."""
    host.check("mkdir -p /tmp/net")
    host.check("mount -o ro $(find-device LABEL=DOLMEN-NET) /tmp/net")
    host.check("sed -ni '/^[htkl]\\|^s[ct]/p' /state/host.conf")
    host.check(f"cat /tmp/net/{name}.conf >>/state/host.conf")


BOND = ["nic=eth0 52:54:00:12:34:56", f"nic=eth1 {SECOND_MAC}", "bond=active-backup eth0 eth1", "management=bond0",
        "ipv4=dhcp", "ipv6=autoconf", "ntp_source=manual", "ntp=10.0.2.2", "ssh=on", "open=tcp 8001", "root_hash=!!"]
VLAN = ["nic=eth0 52:54:00:12:34:56", "management=eth0", "vlan=50", "ipv4=static", "address=192.0.2.10/24", "ipv6=static",
        "address6=2001:db8::10/64", "gateway6=2001:db8::1", "dns=192.0.2.53", "dns=2001:db8::53", "ntp_source=none", "ssh=off"]


@pytest.fixture(scope="module")
def volume(work, ssh):
    files = {"bond.conf": "\n".join(BOND) + "\n", "vlan.conf": "\n".join(VLAN) + "\n",
             "keys": ssh.key.with_suffix(".pub").read_text()}
    return fat_volume(str(work / "net.img"), "DOLMEN-NET", files)


@pytest.fixture(scope="module")
def configured(work, installed, volume):
    """The disk, its host.conf changed to BOND, no password, a key for SSH."""
    disk, _ = installed
    with Host(work, disk, "configure", disks=[volume]) as host:
        host.wait_ready()
        host.login()
        configure(host, "bond")
        host.check("rm /state/etc/shadow")
        host.check("mkdir -p -m 700 /state/root/.ssh")
        host.check("cp /tmp/net/keys /state/root/.ssh/authorized_keys")
        host.end()
    return disk


@pytest.fixture(scope="module")
def bonded(work, configured, volume, ssh, forwarded):
    ports = zip((ssh.port, *forwarded), (22, 8001, 8002))
    network = ",".join(["user", *(f"hostfwd=tcp:127.0.0.1:{here}-:{there}" for here, there in ports)])
    with Host(work, configured, "bond", disks=[volume], network=network, extra=second_nic()) as host:
        host.wait_ready()
        yield host


def test_first_password(bonded, ssh):
    """Asked for on the console, before any login; then it opens the console."""
    assert ssh.check("cut -d: -f2 /state/etc/shadow").strip() == "!!"
    bonded.wait_for("New password: ")
    bonded.send("short\n")
    bonded.wait_for("too short.*New password: ")
    bonded.send(f"{PASSWORD}\n")
    bonded.wait_for("Again: ")
    bonded.send(f"{PASSWORD}\n")
    bonded.wait_for("The password is set")
    assert PASSWORD not in bonded.text
    bonded.login()


def test_bond(bonded, ssh):
    bond = ssh.check("cat /proc/net/bonding/bond0")
    assert "active-backup" in bond and bond.count("MII Status: up") == 3
    ports = ssh.check("ls /sys/class/net/xenbr0/brif").split()
    assert ports == ["bond0"]
    assert "52:54:00:12:34:56" in ssh.check("cat /sys/class/net/xenbr0/address")


def test_ipv6_autoconfiguration(bonded, ssh):
    ssh.until("ip -6 address show dev xenbr0 scope site | grep -q 'inet6 fec0::'")
    # QEMU's answer about name servers lacks the server's identity and is not taken; the client goes on asking.
    ssh.check("pidof udhcpc6")
    assert "nameserver 10.0.2.3" in ssh.check("cat /etc/resolv.conf")
    for name in ("eth0", "eth1", "bond0"):
        assert ssh.check(f"ip -6 address show dev {name}") == ""


def test_time_and_ssh(bonded, ssh):
    assert "-p 10.0.2.2" in ssh.check("tr '\\0' ' ' </proc/$(pidof ntpd)/cmdline")
    keys = ssh.check("ls /state/etc/dropbear").split()
    assert keys == ["host_key_ecdsa", "host_key_ed25519"]


def test_firewall(bonded, ssh, forwarded):
    """Two ports with the same behind them: the one that host.conf opens answers; nothing of the other one arrives."""
    for port in (8001, 8002):
        ssh.check(f"nc -l -p {port} -e echo reached >/dev/null 2>&1 &")
        ssh.until(f"netstat -lnt | grep -q :{port}")
    with socket.create_connection(("127.0.0.1", forwarded[1])) as closed, \
            socket.create_connection(("127.0.0.1", forwarded[0])) as opened:
        assert opened.makefile().readline() == "reached\n"
        closed.settimeout(1)
        with pytest.raises(TimeoutError):
            closed.recv(1)
    assert ":8002" not in ssh.check("netstat -nt")


def test_one_leg_is_enough(bonded, ssh):
    """The link of a bond's member goes down; the host stays reachable by the other, and says so."""
    bonded.qmp("set_link", name="n1", up=False)
    ssh.until("grep -A1 'Slave Interface: eth1' /proc/net/bonding/bond0 | grep -q down")
    bonded.qmp("set_link", name="n1", up=True)


def test_vlan(bonded, work, configured, ssh):
    """The last one: the host is made another and booted again."""
    configure(bonded, "vlan")
    bonded.end()
    with Host(work, configured, "vlan", extra=second_nic()) as host:
        host.wait_ready()
        host.login()
        assert "vlan protocol 802.1Q id 50" in host.check("ip -d link show xenbr0.50")
        assert "192.0.2.10/24" in host.check("ip address show xenbr0.50")
        assert "2001:db8::10/64" in host.check("ip address show xenbr0.50")
        assert "default via 2001:db8::1 dev xenbr0.50" in host.check("ip -6 route")
        assert "inet" not in host.check("ip address show xenbr0")
        assert host.check("cat /etc/resolv.conf").split() == ["nameserver", "192.0.2.53", "nameserver", "2001:db8::53"]
        assert host.shell("pidof ntpd dropbear")[0] != 0
        assert host.check("ls -d /sys/class/net/new-eth*").strip() == "/sys/class/net/new-eth1"
        host.end()
