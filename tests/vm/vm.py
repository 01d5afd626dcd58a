# SPDX-License-Identifier: GPL-2.0-or-later
"""A QEMU virtual machine driven over its serial console and QMP. Nothing here sleeps for a fixed time: callers wait
for a line of text, for the machine to end, or for a deadline."""

import codecs
import errno
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / "build"
ISO = BUILD / "dolmen.iso"
MAC = "52:54:00:12:34:56"


class VMError(AssertionError):
    """What was expected, and the end of the serial log."""


def have_kvm():
    """The device node alone proves nothing: without vmx or svm a guest hangs in it."""
    flags = Path("/proc/cpuinfo").read_text()
    return bool(re.search(r"\b(vmx|svm)\b", flags)) and os.access("/dev/kvm", os.W_OK)


# What every deadline is multiplied by: emulation is slow, and several machines at a time more so.
SCALE = float(os.environ.get("DOLMEN_TIMEOUT_SCALE", "1" if have_kvm() else "3"))


def ovmf(name, keys=""):
    for path in (f"/usr/share/OVMF/OVMF_{name}_4M{keys}.fd", f"/usr/share/OVMF/OVMF_{name}{keys}.fd"):
        if os.path.exists(path):
            return path
    raise VMError("OVMF is not installed (package ovmf)")


def blank_disk(path, gib):
    with open(path, "wb") as f:
        f.truncate(int(gib * 2**30))
    return path


def data(path):
    """What is on the disk, without its holes: (place, bytes)."""
    with open(path, "rb") as f:
        at = 0
        while True:
            try:
                at = os.lseek(f.fileno(), at, os.SEEK_DATA)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                return
            block = os.pread(f.fileno(), 2**20, at)
            yield at, block
            at += len(block)


def is_blank(path):
    """Whether the disk is as blank_disk() made it."""
    return not any(block.strip(b"\0") for _, block in data(path))


def fingerprint(path):
    """A number for each 4 KiB of the disk that are not zeros, by their place."""
    return {at + i: zlib.crc32(piece) for at, block in data(path) for i in range(0, len(block), 4096)
            if (piece := block[i:i + 4096]).strip(b"\0")}


def fat_volume(path, label, files):
    """A FAT image labelled LABEL; FILES maps names to text, bytes or a Path."""
    with open(path, "wb") as f:
        f.truncate(32 * 2**20)
    env = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
    subprocess.run(["mkfs.vfat", "-n", label, path], check=True, stdout=subprocess.DEVNULL, env=env)
    for name, content in files.items():
        if isinstance(content, Path):
            source = content
        else:
            source = Path(f"{path}.{name}")
            source.write_bytes(content.encode() if isinstance(content, str) else content)
        subprocess.run(["mcopy", "-i", path, source, f"::{name}"], check=True)
    return path


def plain(text):
    """TEXT as people read it: no escape sequences, no carriage returns or other control characters."""
    text = re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[()%][A-Za-z0-9@]|.)", "", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)


class Disk(NamedTuple):
    """An image as another device than virtio-blk-pci, or one whose `drive` is more than file=PATH."""
    path: str
    device: str = "virtio-blk-pci"
    drive: str = ""


def failing_drive(path, sector, kind, errno):
    """What a Disk's drive is when SECTOR of the image gives ERRNO on every KIND of access: read or write."""
    fault = {"event": "none", "iotype": kind, "sector": sector, "errno": errno}
    return f"file.driver=blkdebug,file.image.driver=file,file.image.filename={path}" + \
        "".join(f",file.inject-error.0.{key}={value}" for key, value in fault.items())


class VM:
    """One machine. Used as a context manager: it runs from `with` to the end of the block, or until it ends itself."""

    cpus = 2
    # What is typed when the console says something for the first time: (that, what).
    reply = None

    def __init__(self, work, name, *, disks=(), cdrom=None, firmware="bios", memory=2048, cpus=None, kernel_args=None,
                 network="user,restrict=on", mac=MAC, wrapper=(), extra=(), echo=None, memory_of=None):
        """MEMORY_OF: the machine before, whose UEFI variables this one has; without one they are as from the factory."""
        self.work = Path(work)
        self.work.mkdir(parents=True, exist_ok=True)
        # What QEMU runs under: a command that runs another one.
        self.name, self.wrapper, self.echo = name, wrapper, echo
        self.log = self.work / f"{name}.log"
        accel = ["-accel", "kvm", "-cpu", "host"] if have_kvm() else \
            ["-accel", "tcg,thread=multi", "-cpu", "qemu64,+svm,+npt,+rdrand"]
        # secureboot: UEFI with Microsoft's keys alone, as machines are sold.
        secure = firmware == "secureboot"
        self.argv = ["qemu-system-x86_64", "-machine", "q35,smm=on" if secure else "q35", *accel, "-m", str(memory), "-smp", str(cpus or self.cpus),
                     "-display", "none", "-vga", "std", "-serial", "stdio", "-monitor", "none", "-no-reboot"]
        if firmware != "bios":
            keys = ".ms" if secure else ""
            self.variables = self.work / f"{name}.vars"
            if not self.variables.exists():
                shutil.copy(memory_of.variables if memory_of else ovmf("VARS", keys), self.variables)
            self.argv += ["-drive", f"if=pflash,format=raw,readonly=on,file={ovmf('CODE', keys)}",
                          "-drive", f"if=pflash,format=raw,file={self.variables}"]
        if secure:
            self.argv += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
        if cdrom:
            drive = cdrom.drive if isinstance(cdrom, Disk) else f"file={cdrom}"
            self.argv += ["-drive", f"{drive},media=cdrom,if=none,id=cd,format=raw", "-device", "ide-cd,drive=cd,bootindex=9"]
        # Before the disks: the buses that they may hang on.
        self.argv += list(extra)
        for i, disk in enumerate(disks):
            disk = disk if isinstance(disk, Disk) else Disk(disk)
            self.argv += ["-drive", f"{disk.drive or f'file={disk.path}'},if=none,id=d{i},format=raw,discard=unmap,cache=unsafe",
                          "-device", f"{disk.device},id=disk{i},drive=d{i}"]
        if network:
            self.argv += ["-netdev", f"{network},id=n0", "-device", f"virtio-net-pci,netdev=n0,mac={mac}"]
        else:
            self.argv += ["-nic", "none"]
        if kernel_args is not None:
            content = BUILD / "iso/content/boot"
            self.argv += ["-kernel", str(content / "vmlinuz"), "-initrd", str(content / "initramfs"),
                          "-append", f"dolmen.mode=install console=tty0 console=ttyS0,115200 {kernel_args}"]
        self.process = self.qmp_folder = None
        self.text = ""
        self.position = 0
        self.news = threading.Condition()

    def command_line(self):
        """The command to repeat it by hand; the control socket is not in it."""
        return shlex.join(self.argv)

    def __enter__(self):
        self.start_time = time.monotonic()
        # A socket's path has at most 107 bytes: not below the work folder, which may lie deep.
        self.qmp_folder = tempfile.mkdtemp(prefix="dolmen-qmp.", dir="/tmp")
        qmp = ["-qmp", f"unix:{self.qmp_folder}/s,server=on,wait=off"]
        # When we are killed, the machine is too.
        self.process = subprocess.Popen([*self.wrapper, "setpriv", "--pdeathsig", "KILL", *self.argv, *qmp],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def _read(self):
        line = b""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with open(self.log, "wb") as log:
            while data := os.read(self.process.stdout.fileno(), 65536):
                log.write(data)
                log.flush()
                with self.news:
                    self.text += decoder.decode(data)
                    self.news.notify_all()
                if self.reply and self.reply[0] in self.text:
                    self.send(self.reply[1])
                    self.reply = None
                if self.echo:
                    line += data
                    *lines, line = line.split(b"\n")
                    for each in lines:
                        self.echo(plain(each.decode("utf-8", "replace")).rstrip())
        with self.news:
            self.process.wait()
            self.news.notify_all()

    def seconds(self):
        return time.monotonic() - self.start_time

    def tail(self, lines=40):
        return "\n".join(plain(self.text).splitlines()[-lines:])

    def wait_for(self, pattern, timeout=300):
        """Wait for PATTERN in what the console says after the last match; returns the match."""
        regex = re.compile(pattern, re.S | re.M)
        deadline = time.monotonic() + timeout * SCALE
        with self.news:
            while True:
                if match := regex.search(self.text, self.position):
                    self.position = match.end()
                    return match
                left = deadline - time.monotonic()
                ended = self.process.poll() is not None
                if left <= 0 or ended:
                    why = "the machine ended" if ended else f"{timeout * SCALE:.0f} s passed"
                    where = "" if ended else f"\n{self.processors()}"
                    raise VMError(f"{self.name}: {why} without {pattern!r}; the end of {self.log}:\n{self.tail()}{where}")
                self.news.wait(min(left, 1))

    def count_line(self, line):
        """How often the console said LINE, alone on a line."""
        return len(re.findall(rf"^{re.escape(line)}$", plain(self.text), re.M))

    def wait_end(self, timeout=120):
        try:
            self.process.wait(timeout * SCALE)
        except subprocess.TimeoutExpired:
            raise VMError(f"{self.name}: still running; the end of {self.log}:\n{self.tail()}") from None
        self.reader.join(5)

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def use_shell(self):
        """Wait for a prompt and make the shell fit for shell(): nothing is wrapped, the kernel is quiet."""
        self.wait_for(r"# ")
        self.send("stty cols 500; dmesg -n 1; export TERM=dumb\n")
        self.check("true")

    def type_line(self, line):
        """A line at the pace of its echo: a busy console loses letters of a long one."""
        for i in range(0, len(line), 32):
            piece, begin = line[i:i + 32], len(self.text)
            self.send(piece)
            deadline = time.monotonic() + 3 * SCALE
            with self.news:
                while piece not in self.text[begin:] and time.monotonic() < deadline:
                    self.news.wait(0.1)
        self.send("\n")

    def shell(self, command, timeout=120):
        """Run COMMAND in the shell that is on the serial console; returns (exit status, output)."""
        self.type_line(f"echo @@$((40+2)); {command}; echo @@end $?")
        match = self.wait_for(r"@@42[\r\n]+(.*?)@@end (\d+)[\r\n]", timeout)
        return int(match[2]), plain(match[1])

    def check(self, command, timeout=120):
        """Run COMMAND, which must succeed; returns its output."""
        status, output = self.shell(command, timeout)
        if status:
            raise VMError(f"{self.name}: `{command}` ended with {status}:\n{output}")
        return output

    def processors(self):
        """Where each processor is, twice: whether the machine does anything at all."""
        looks = []
        for _ in range(2):
            time.sleep(1)
            registers = self.qmp("human-monitor-command", **{"command-line": "info registers -a"})
            looks.append(" ".join(re.findall(r"RIP=\w+|HLT=\w+|CPU#\d+", registers)))
        return "\n".join(looks)

    def memory_used(self):
        """Memory in use, MiB, as free tells."""
        return int(re.search(r"Mem:\s+\d+\s+(\d+)", self.check("free -m"))[1])

    def qmp(self, command, **arguments):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(f"{self.qmp_folder}/s")
            f = s.makefile("rw")
            f.readline()
            for request in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                f.write(json.dumps(request) + "\n")
                f.flush()
                while "event" in (answer := json.loads(f.readline())):
                    pass
            if "error" in answer:
                raise VMError(f"{self.name}: QMP {command}: {answer['error']}")
            return answer["return"]

    def screen(self, path):
        """The VGA screen as a PPM file."""
        self.qmp("screendump", filename=str(path))
        return Path(path).read_bytes()

    def kill(self):
        """A power cut."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process:
            self.reader.join(5)
        if self.qmp_folder:
            shutil.rmtree(self.qmp_folder, ignore_errors=True)
            self.qmp_folder = None


def note(text):
    print(text, file=sys.stderr, flush=True)
