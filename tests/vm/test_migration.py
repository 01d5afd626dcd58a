# SPDX-License-Identifier: GPL-2.0-or-later
"""Two hosts on one network, with an NFS server: a virtual machine moves from one to the other while it runs, and back, with shared disks
and with its own; what is refused, and what happens when the other host dies in the middle: it runs on where it was."""

import json
import re
import shlex
import shutil
import subprocess

import pytest

from host import ADDRESS, Host, answers, install
from nfs import Nfs
from pxe import SERVER, Lab
from vm import TOP, VMError, blank_disk

MACS = {1: "52:54:00:12:34:61", 2: "52:54:00:12:34:62"}
IPS = {1: "192.168.77.11", 2: "192.168.77.12"}
STRANGER = "192.168.77.99"
SSH = ["ssh", "-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
KERNEL = "--memory 96M --kernel /boot/vmlinuz --initrd /storage/nas/ticker.img --cmdline 'console=hvc0 quiet'"


def text(n, key):
    """An answer file: SSH for the test's key, thin storage."""
    words = answers().replace(ADDRESS, IPS[n]).replace("10.0.2.2<", f"{SERVER}<").replace("10.0.2.3", SERVER)
    words = words.replace("host1.example", f"host{n}.example").replace('sr-type="lvm"', 'sr-type="thin"')
    return words.replace("  <timezone>", f"  <ssh-key>{key}</ssh-key>\n  <timezone>")


class Pair:
    """Both hosts, running: commands go to them by SSH, from a machine of their network."""

    def __init__(self, work, lab, key):
        self.work, self.lab, self.key = work, lab, key
        self.hosts = {n: lab.machine(Host, work, str(work / f"disk{n}.img"), f"host{n}", tap=f"tap{n}", mac=MACS[n], memory=2048)
                      for n in (1, 2)}

    def argv(self, n, *words):
        return self.lab.inside(*SSH, "-i", str(self.key), f"root@{IPS[n]}", *words)

    def start(self, n, command):
        """A command that goes on."""
        return subprocess.Popen(self.argv(n, command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def shell(self, n, command, **options):
        result = subprocess.run(self.argv(n, command), capture_output=True, text=True, check=False, timeout=1500, **options)
        return result.returncode, result.stdout + result.stderr

    def check(self, n, command, **options):
        status, output = self.shell(n, command, **options)
        if status:
            raise VMError(f"host{n}: `{command}` ended with {status}:\n{output}\n{self.hosts[n].tail(20)}")
        return output

    def refused(self, n, command, reason):
        status, output = self.shell(n, command)
        assert status == 3 and reason in output, (status, output)

    def count(self, path):
        """How far the machine has counted on its disk, a file on the server."""
        sectors = (self.work / "pool" / path).read_bytes().rstrip(b"\0").split(b"\n")
        return int(sectors[-2]) if len(sectors) > 1 else 0

    def goes_on(self, path):
        """Until it has counted on."""
        count = self.count(path)
        self.lab.wait_until(f"{path} counts", lambda: self.count(path) > count + 2, 120)
        return self.count(path)

    def says(self, n, name):
        """A line on its console: it reads from its disk what it wrote."""
        log = self.check(n, f"timeout 120 xl console {name} </dev/null | sed '/tick [0-9]* [0-9.]* [0-9]/{{n;n;q}}'")
        ticks = re.findall(r"tick (\d+) [\d.]+ (\d+)", log)
        assert ticks and all(count == read for count, read in ticks), log

    def where(self, name):
        """Which hosts know the machine, and how."""
        return {n: dict(re.findall(r"^(\S+) +(running|off|paused)", self.check(n, "dolmen vm list"), re.M)).get(name) for n in (1, 2)}


@pytest.fixture(scope="module")
def key(work):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", work / "key"], check=True)
    return work / "key"


@pytest.fixture(scope="module")
def pair(work, key):
    for n in (1, 2):
        disk = blank_disk(str(work / f"disk{n}.img"), 12)
        install(work, disk, text(n, key.with_suffix(".pub").read_text().strip()), name=f"install{n}", mac=MACS[n])
    with Lab(work / "lab") as lab, Nfs(lab, work) as nfs:
        subprocess.run([TOP / "tests/guests/build", work / "guest", "ticker"], check=True)
        shutil.copy(work / "guest/ticker.img", nfs.folder / "ticker.img")
        both = Pair(work, lab, key)
        with both.hosts[1], both.hosts[2]:
            for host in both.hosts.values():
                host.wait_ready()
            for n in (1, 2):
                both.check(n, f"dolmen storage add nas nfs {Nfs.url}")
            yield both


def let_in(pair, n, other):
    """What somebody does who reads what is refused."""
    migrate = f"dolmen vm migrate web {IPS[other]} --live"
    _, output = pair.shell(n, migrate)
    fingerprint = re.search(r"never met before; its key is (SHA256:\S+)\.", output)
    assert fingerprint, output
    assert fingerprint[1] in pair.check(other, "dropbearkey -y -f /state/etc/dropbear/host_key_ed25519")
    status, output = pair.shell(n, f"{migrate} --trust")
    advice = re.search(r"say there: (dolmen key add '(ssh-ed25519 .*)')", output)
    assert status == 3 and advice, output
    assert advice[2] == pair.check(n, "dolmen vm migrate-key").strip()
    pair.check(other, advice[1])


def test_libvirt_from_outside(pair, work):
    """As docs/GUESTS.md says: libvirt's own client, from another machine."""
    pair.check(1, f"dolmen vm create web --disk 16M --storage nas --net xenbr0 {KERNEL} --start")
    client = work / "ssh"
    client.write_text(f"#!/bin/sh\nexec {shlex.join(SSH)} -i {pair.key} \"$@\"\n")
    client.chmod(0o755)
    output = pair.lab.run("virsh", "-c", f"xen+ssh://root@{IPS[1]}/system?command={client}&no_tty=1", "list")
    assert re.search(r"web +running", output), output


def test_refusals(pair):
    pair.refused(1, f"dolmen vm migrate web {STRANGER} --live", f"{STRANGER} cannot be reached")
    let_in(pair, 1, 2)
    line = pair.check(2, "dolmen vm migrate-key").strip()
    pair.check(1, f"dolmen key add '{line}'")
    free = int(pair.check(2, "xl info | sed -n 's/^free_memory *: *//p'"))
    pair.check(2, f"dolmen vm create full --type pv --disk 1M --storage nas {KERNEL.replace('96M', f'{free - 60}M')} --start")
    pair.refused(1, f"dolmen vm migrate web {IPS[2]} --live", "has no room for its memory")
    pair.check(2, "dolmen vm destroy full && dolmen vm delete full --yes")
    assert pair.where("web") == {1: "running", 2: None}


def test_live(pair):
    """There and back. The count goes on, and what it wrote on its disk is read there."""
    pair.check(1, "dolmen vm set web --autostart on")
    for here, there in ((1, 2), (2, 1)):
        count = pair.goes_on("vm-web-0")
        trust = "--trust" if here == 2 else ""
        result = json.loads(pair.check(here, f"dolmen vm migrate web {IPS[there]} --live --json {trust}"))
        assert pair.where("web") == {here: None, there: "running"}
        assert pair.goes_on("vm-web-0") > count
        pair.says(there, "web")
        assert 0 < result["downtime_ms"] < result["total_ms"] and result["memory_bytes"] > 90 << 20, result
        print(f"live, to host{there}: {result['total_ms']} ms, it stood still for {result['downtime_ms']} ms")
        assert re.search(r"^web .* yes *$", pair.check(there, "dolmen vm list"), re.M)


def counted(pair, n, machine):
    """How far every sector of its volume, read in dom0, has its number."""
    return int(pair.check(n, f"echo 1 >/proc/sys/vm/drop_caches; dd if=$(ls /dev/*/vm-{machine}-0) bs=1M 2>/dev/null | tr -d ' \\0'"
                          " | awk '$1 == NR { n = NR } END { print n + 0 }'"))


@pytest.mark.unproven
def test_with_disks(pair):
    """A disk in the volume group of one host: copied while the machine runs, the rest when it has stopped; then as it is off. PV."""
    pair.check(1, f"dolmen vm create own --type pv --disk 16M --net xenbr0 {KERNEL} --start")
    pair.says(1, "own")
    pair.refused(1, f"dolmen vm migrate own {IPS[2]}", "this host's own; --with-disks copies it")
    before = counted(pair, 1, "own")
    result = json.loads(pair.check(1, f"dolmen vm migrate own {IPS[2]} --with-disks --live --json"))
    assert result["disk_bytes"] > 0 and pair.where("own") == {1: None, 2: "running"}
    pair.says(2, "own")
    assert "vm-own-0" not in pair.check(1, "lvs") and "vm-own-0" in pair.check(2, "lvs")
    pair.check(2, "dolmen vm destroy own")
    # No number is missing, from before or after.
    whole = counted(pair, 2, "own")
    assert whole > before > 0
    assert whole == int(pair.check(2, "tr -d ' \\0' <$(ls /dev/*/vm-own-0) | sed -n '$='"))
    pair.check(2, f"dolmen vm migrate own {IPS[1]} --with-disks")
    assert pair.where("own") == {1: "off", 2: None} and counted(pair, 1, "own") == whole
    pair.check(1, "dolmen vm delete own --yes")


@pytest.mark.unproven
def test_target_dies(pair):
    """In the middle: the machine runs on, and an error says so. The last one: a host is gone."""
    moving = pair.start(1, f"dolmen vm migrate web {IPS[2]} --live")
    pair.lab.wait_until("host2 receives", lambda: "--p" in pair.shell(2, "xl list web")[1], 120)
    count = pair.goes_on("vm-web-0")
    pair.hosts[2].kill()
    _, errors = moving.communicate(timeout=600)
    assert moving.returncode == 1 and "it runs on here" in errors, errors
    assert pair.goes_on("vm-web-0") > count
    assert re.search(r"^web +running", pair.check(1, "dolmen vm list"), re.M)
    pair.check(1, "dolmen vm pause web && dolmen vm resume web")
    pair.goes_on("vm-web-0")
    pair.refused(1, f"dolmen vm migrate web {IPS[2]} --live", "cannot be reached")
