# SPDX-License-Identifier: GPL-2.0-or-later
"""Booting from a network with a real dnsmasq and a real nginx: installed by the answer file of the machine's MAC address, by
iPXE on BIOS and UEFI, by shim and GRUB; and what the initramfs refuses, with a clear message, before anything is used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from host import ADDRESS, Host, Installer, answers
from pxe import PXE, SERVER, STRANGER, VLAN_SERVER, Diskless, Lab
from vm import BUILD, MAC, VM, blank_disk

HTTPS = """\
	server {{
		listen {server}:{port} ssl;
		ssl_certificate {work}/{name}.pem;
		ssl_certificate_key {work}/server.key;
		root {root};
	}}
"""
BROKEN = f"http://{SERVER}:81"


@pytest.fixture(scope="module", autouse=True)
def built():
    assert (PXE / "SHA256SUMS").exists(), f"{PXE} is missing: run make pxe"


def openssl(folder, command):
    subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)


def certificates(folder):
    """A certificate authority; of the server a good certificate, one that has expired and one of nobody's."""
    (folder / "names").write_text(f"subjectAltName=IP:{SERVER}\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    openssl(folder, f"req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=Test")
    openssl(folder, f"req {key} -keyout server.key -out server.csr -subj /CN=server")
    for name, days in (("good", 30), ("expired", -1)):
        openssl(folder, f"x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days {days} -out {name}.pem -extfile names")
    openssl(folder, "x509 -req -in server.csr -signkey server.key -days 30 -out wrong.pem -extfile names")


def archive(name, data):
    """A cpio archive, which the kernel unpacks over its initramfs, with one file."""
    def entry(name, data, mode):
        fields = [1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        text = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        text += bytes(-len(text) % 4) + data
        return text + bytes(-len(text) % 4)
    return entry(name, data, 0o100644) + entry("TRAILER!!!", b"", 0)


def change(folder, name):
    """The folder of the server again, one byte of the file NAME another."""
    folder.mkdir(parents=True)
    (folder / "dolmen").mkdir()
    (folder / "boot").symlink_to(PXE / "boot")
    for file in (PXE / "dolmen").iterdir():
        (folder / "dolmen" / file.name).symlink_to(file)
    data = bytearray((PXE / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).unlink()
    (folder / name).write_bytes(data)


def start_broken_server(lab):
    lab.start(sys.executable, str(Path(__file__).parent / "broken_server.py"), SERVER, "81", str(PXE), str(lab.answers))
    lab.wait_for_port(81)


@pytest.fixture(scope="module")
def lab(work):
    certificates(work)
    more = "".join(HTTPS.format(server=SERVER, port=port, work=work, root=PXE, name=name)
                   for port, name in ((443, "good"), (444, "expired"), (445, "wrong")))
    change(work / "lab/bad/squashfs", "dolmen/host.squashfs")
    change(work / "lab/bad/manifest", "dolmen/manifest")
    unsigned = work / "lab/bad/unsigned/dolmen"
    unsigned.mkdir(parents=True)
    (unsigned / "manifest").symlink_to(PXE / "dolmen/manifest")
    more += f"server {{ listen {VLAN_SERVER}:80; root {PXE}; }}"
    vlan = "interface=vlan7\ndhcp-range=192.168.78.100,192.168.78.199,255.255.255.0,1h"
    with Lab(work / "lab", more=more, more_dhcp=vlan) as lab:
        start_broken_server(lab)
        yield lab


# The NIC brings no iPXE: it is the firmware that boots from the network.
NO_ROM = ["-global", "virtio-net-pci.romfile="]


def installed(lab, work, firmware, who, extra=(), meanwhile=lambda: None):
    """The disk that was installed by the answer file of WHO; MEANWHILE is called when the machine runs."""
    file = lab.answers / f"{who}.xml"
    file.write_text(answers())
    disk = blank_disk(str(work / f"{firmware}.img"), 12)
    vm = lab.machine(Installer, work, [disk], None, name=firmware, cdrom=None, firmware=firmware, extra=extra)
    with vm:
        meanwhile()
        # Nobody is at the menu, which is not on the serial port.
        vm.wait_ready(press_enter=False)
        vm.wait_complete()
        vm.wait_end()
    file.unlink()
    return disk


def test_bios(work):
    """A NIC's ROM that is no iPXE starts undionly.kpxe, which comes by TFTP. An answer file by MAC address, of a server that is busy
    at first: the file for all others, which is there too, must not be taken for it. What was installed answers ping and nothing
    else."""
    with Lab(work / "bios", menu=f"{BROKEN}/busy/boot.ipxe") as lab:
        start_broken_server(lab)
        (lab.answers / "default.xml").write_text(answers("vdz"))
        # The ROM is an iPXE, which the server does not see.
        lab.stop_dhcp()
        lab.start_dhcp("dhcp-userclass")

        def chain():
            lab.wait_for_log("dnsmasq.out", "undionly.kpxe to ")
            lab.stop_dhcp()
            lab.start_dhcp()

        disk = installed(lab, work, "bios", MAC.replace(":", "-"), meanwhile=chain)
        lab.run("ip", "address", "add", "10.0.2.2/24", "dev", "br0")
        with lab.machine(Host, work, disk) as host:
            host.wait_ready()
            lab.run(str(BUILD / "busybox/out/usr/bin/busybox"), "ping", "-c", "1", "-W", "10", ADDRESS)
            assert lab.scan(ADDRESS) == []
        assert "80" in lab.scan(SERVER)


def test_uefi(lab, work):
    """The firmware's PXE starts snponly.efi; an answer file by serial number."""
    os.unlink(installed(lab, work, "uefi", "SN0815", [*NO_ROM, "-smbios", "type=1,serial=SN0815"]))


def test_secure_boot(work):
    """The firmware's HTTP boot, with Secure Boot on: shim and GRUB, which fetch everything by HTTP."""
    extra = [*NO_ROM]
    for version in "IPv4", "IPv6":
        extra += ["-fw_cfg", f"name=opt/org.tianocore/{version}PXESupport,string=n"]
    with Lab(work / "secure", loader="bootx64.efi") as lab:
        with lab.machine(Installer, work, [], None, name="secure", cdrom=None, firmware="secureboot", extra=extra) as vm:
            vm.choose("shell", network=True)
            vm.wait_for("Shell. The log", 240)
            vm.use_shell()
            assert "Secure boot enabled" in vm.check("dmesg")
        assert "tftp: sent" not in (lab.work / "dnsmasq.out").read_text()


def check_live(vm):
    """A host without a disk: Xen and dom0 in memory."""
    vm.wait_for(r"dolmen: host ready in ", 400)
    vm.wait_for("Live host: Xen and dom0 in memory")
    vm.use_shell()
    assert "xen_major              : 4" in vm.check("xl info")
    assert vm.check("ls /boot/vmlinuz").strip() == "/boot/vmlinuz"
    assert "WARNING" not in vm.text


def test_live(work):
    """The iPXE of the NIC; a menu of its own makes the choice."""
    with Lab(work / "live", menu="answers/live.ipxe") as lab:
        (lab.answers / "live.ipxe").write_text(f"#!ipxe\nset preset live\nchain http://{SERVER}/boot.ipxe\n")
        with lab.machine(VM, work, "live", memory=2048) as vm:
            check_live(vm)


def test_live_by_grub(work):
    """The firmware's PXE starts shim and GRUB, which come by TFTP alone."""
    with Lab(work / "grub", loader="bootx64.efi") as lab:
        with lab.machine(Installer, work, [], None, name="grub", cdrom=None, firmware="uefi", memory=2048, extra=NO_ROM) as vm:
            vm.choose("live", network=True)
            check_live(vm)


@pytest.fixture(scope="module")
def refusing(lab, work):
    """A machine that failed to boot from the network, in the shell that it offers; it knows the authority of the tests. It has
    another NIC, and gets the one that is meant only when it is running. It has the lab's one port until the end: what boots others
    stands above."""
    initramfs = work / "initramfs.img"
    network = (PXE / "boot/initramfs-network").read_bytes()
    initramfs.write_bytes(network + bytes(-len(network) % 4) + archive("ca.pem", (work / "ca.pem").read_bytes()))
    words = f"dolmen.source=http://me:secret@{SERVER}/bad/absent network_device={MAC}"
    extra = ["-netdev", "user,restrict=on,id=n9", "-device", "virtio-net-pci,netdev=n9,mac=52:54:00:00:00:09",
             "-device", "pcie-root-port,id=later,chassis=1"]
    with lab.machine(Diskless, work, words, initramfs=initramfs, nic=False, extra=extra) as vm:
        vm.wait_for("Run /init as init process")
        vm.qmp("device_add", driver="virtio-net-pci", bus="later", netdev="n0", mac=MAC)
        vm.wait_for(r"boot failed: http://\*\*\*@192.168.77.1/bad/absent/dolmen/manifest: the server answers 404")
        vm.use_shell()
        yield vm


def fetch(vm, source, more=""):
    """Once more, from another place: (whether it came, what was said). MORE is for the kernel line."""
    # TLS takes its time under emulation.
    words = "" if source.startswith("https") else "dolmen.timeout=5"
    vm.check(f"echo dolmen.mode=install dolmen.source={source} network_device={MAC} {words} {more} >/run/dolmen/cmdline; rm -rf /run/dolmen/medium")
    status, output = vm.shell("/network fetch", 240)
    return status == 0, output


@pytest.mark.parametrize("source, words", [
    (f"https://{SERVER}:444", ["certificate has expired", "the clock of this machine says 20"]),
    (f"https://{SERVER}:445", ["self-signed certificate"]),
    (f"{BROKEN}/short", ["boot/initramfs: the transfer broke off after 1048576 bytes", "no progress in 5 s"]),
    (f"{BROKEN}/stall", ["boot/initramfs: the transfer stalled after 1048576 bytes", "trying again", "no progress in 5 s"]),
    (f"http://{SERVER}/bad/manifest", ["dolmen/manifest: signed with another key, or changed after it was signed"]),
    (f"http://{SERVER}/bad/unsigned", ["bad/unsigned/dolmen/manifest.sig: the server answers 404"]),
    (f"http://{SERVER}/bad/squashfs", ["dolmen/host.squashfs: SHA-256 is not the manifest's"]),
    (f"tftp://{SERVER}/absent", ["absent/dolmen/manifest: TFTP: File Not Found"]),
    (f"http://{SERVER}:82", ["dolmen/manifest: ", "no progress in 5 s"]),
], ids=["expired", "wrong-certificate", "truncated", "stalled", "changed-manifest", "unsigned", "changed-squashfs", "tftp", "no-server"])
def test_refused(refusing, source, words):
    came, said = fetch(refusing, source)
    assert not came
    for word in words:
        assert word in said


def test_resumed_over_broken_connections(refusing):
    came, said = fetch(refusing, f"{BROKEN}/cut")
    assert came, said
    assert "host.squashfs: the transfer broke off after 16777216 bytes; trying again" in said
    assert "host.squashfs: the transfer broke off after 33554432 bytes; trying again" in said


def test_https(refusing):
    """And the NIC is left as it was found."""
    came, said = fetch(refusing, f"https://{SERVER}")
    assert came, said
    assert "inet " not in refusing.check("ip address show dev eth1")


def test_vlan(refusing):
    came, said = fetch(refusing, f"http://{VLAN_SERVER}/absent", "network_config=dhcp:vlan=7")
    assert not came and f"{VLAN_SERVER}/absent/dolmen/manifest: the server answers 404" in said
    assert "network: eth1.7 192.168.78." in said


def test_two_dhcp_servers(refusing, lab):
    """The one that answers first leads nowhere: it is named. Of the VLAN before nothing is left."""
    stranger = lab.start_strange_dhcp()
    came, said = fetch(refusing, f"http://{SERVER}")
    assert not came and "no progress in 5 s" in said
    assert "(network: eth1 192.168.79." in said and f"/24, from the DHCP server {STRANGER})" in said
    stranger.kill()
    stranger.wait()
    lab.stop_dhcp()
    lab.start_dhcp()


def test_no_network(refusing, lab):
    """The last one of this machine: nobody answers, then there is no link."""
    lab.stop_dhcp()
    came, said = fetch(refusing, f"http://{SERVER}")
    assert not came and f"no network: DHCP does not answer on eth1 ({MAC}, link)" in said
    lab.start_dhcp()
    refusing.qmp("set_link", name="n0", up=False)
    came, said = fetch(refusing, f"http://{SERVER}")
    assert not came and f"no network: no link on any NIC: eth1 ({MAC}, no link)" in said
