# SPDX-License-Identifier: GPL-2.0-or-later
"""Two installed hosts on one network, with an NFS server: what the tests of migration and the bench have."""

import re
import shutil
import subprocess
from contextlib import contextmanager

from host import ADDRESS, LOOK, Host, answers, install
from nfs import Nfs
from pxe import SERVER, Lab
from vm import SCALE, TOP, VMError, blank_disk

MACS = {1: "52:54:00:12:34:61", 2: "52:54:00:12:34:62"}
IPS = {1: "192.168.77.11", 2: "192.168.77.12"}
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
        self.hosts = {n: lab.machine(Host, work, str(work / f"disk{n}.img"), f"host{n}", tap=f"tap{n}", mac=MACS[n], cpus=1)
                      for n in (1, 2)}

    def argv(self, n, *words):
        return self.lab.inside(*SSH, "-i", str(self.key), f"root@{IPS[n]}", *words)

    def start(self, n, command):
        """A command that goes on."""
        return subprocess.Popen(self.argv(n, command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def shell(self, n, command, timeout=1500, **options):
        result = subprocess.run(self.argv(n, command), capture_output=True, text=True, check=False, timeout=timeout, **options)
        return result.returncode, result.stdout + result.stderr

    def check(self, n, command, **options):
        status, output = self.shell(n, command, **options)
        if status:
            raise VMError(f"host{n}: `{command}` ended with {status}:\n{output}\n{self.hosts[n].tail(20)}")
        return output

    def look(self):
        """What tells why a test failed, of each host that runs."""
        text = ""
        for n, host in self.hosts.items():
            try:
                text += f"== host{n}\n" + (self.shell(n, f"({LOOK}) 2>&1", 100 * SCALE)[1] if host.process.poll() is None else "ended\n")
            except subprocess.TimeoutExpired:
                text += f"does not answer\n{host.processors()}\n"
        return text

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

    def let_in(self, n, other):
        """What somebody does who reads what is refused."""
        migrate = f"dolmen vm migrate web {IPS[other]} --live"
        _, output = self.shell(n, migrate)
        fingerprint = re.search(r"never met before; its key is (SHA256:\S+)\.", output)
        assert fingerprint, output
        assert fingerprint[1] in self.check(other, "dolmen key host")
        status, output = self.shell(n, f"{migrate} --trust")
        advice = re.search(r"say there: (dolmen key add '(ssh-ed25519 .*)')", output)
        assert status == 3 and advice, output
        assert advice[2] == self.check(n, "dolmen vm migrate-key").strip()
        self.check(other, advice[1])


@contextmanager
def two_hosts(work):
    """Both ready, with the server's folder as the pool `nas`, and in it what KERNEL boots."""
    work.mkdir(exist_ok=True)
    key = work / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", key], check=True)
    for n in (1, 2):
        disk = blank_disk(str(work / f"disk{n}.img"), 12)
        install(work, disk, text(n, key.with_suffix(".pub").read_text().strip()), name=f"install{n}", mac=MACS[n])
    with Lab(work / "lab") as lab, Nfs(lab, work) as nfs:
        subprocess.run([TOP / "tests/guests/build", work / "guest", "ticker"], check=True)
        shutil.copy(work / "guest/ticker.img", nfs.folder / "ticker.img")
        pair = Pair(work, lab, key)
        with pair.hosts[1], pair.hosts[2]:
            for host in pair.hosts.values():
                host.wait_ready()
            for n in (1, 2):
                pair.check(n, f"dolmen storage add nas nfs {Nfs.url}")
            yield pair
