# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests, demo and bench do with Dolmen: install it, boot what was installed, run guests in it."""

import subprocess

from vm import BUILD, ISO, TOP, VM, VMError, fat_volume

PASSWORD = "dolmen-test"
ADDRESS = "10.0.2.15"
# Where partitions begin on a disk with sectors of 512 bytes; GROUP: one of ext4's.
ESP, BOOT_A, ROOT_A, STATE, STORAGE, GROUP = 4096, 528384, 1052672, 5246976, 13635584, 262144

ANSWERS = f"""<?xml version="1.0"?>
<installation mode="fresh" sr-type="lvm">
  <primary-disk>{{disk}}</primary-disk>
  <admin-interface name="eth0" proto="static">
    <ipaddr>{ADDRESS}</ipaddr>
    <subnet>255.255.255.0</subnet>
    <gateway>10.0.2.2</gateway>
  </admin-interface>
  <name-server>10.0.2.3</name-server>
  <hostname>host1.example.org</hostname>
  <root-password type="plaintext">{PASSWORD}</root-password>
  <timezone>Europe/Berlin</timezone>
  <keymap>de</keymap>
  <source type="local"/>
</installation>
"""


def answers(disk="vda"):
    """Thick LVM and a static address."""
    return ANSWERS.format(disk=disk)


def answers_simple(disk="vda"):
    """DHCP, and guests' disks as files."""
    static = ANSWERS[ANSWERS.index(' proto="static"'):ANSWERS.index("  <hostname>")]
    return answers(disk).replace(static, ' proto="dhcp"/>\n').replace('sr-type="lvm"', 'sr-type="ext"')


def answer_volume(path, text):
    return fat_volume(str(path), "DOLMEN-CONF", {"answerfile.xml": text})


def menu_of(entry, network=False):
    """The names in the menu of ENTRY; before it those of the menu that leads there, if one does."""
    words = [line.split() for line in (TOP / "iso/menu.list").read_text().splitlines()]
    names = []
    for word in words:
        if word[:1] in (["entry"], ["menu"]):
            names.append(word[1])
        elif word == ["medium"] and network:
            names.pop()
    at = names.index("advanced")
    return [names[:at + 1]] if entry in names[:at + 1] else [names[:at + 1], names[at + 1:]]


def stick(iso=ISO):
    """QEMU's words for a USB stick with ISO on it, from which the machine is booted."""
    return ["-device", "qemu-xhci", "-drive", f"file={iso},if=none,id=stick,format=raw,readonly=on",
            "-device", "usb-storage,drive=stick,id=usb-stick,bootindex=1"]


class Installer(VM):
    """The ISO, booted, with the answer file TEXT (None: none) on a volume after DISKS."""

    def __init__(self, work, disks, text, *, name="install", cdrom=ISO, memory=1024, **options):
        disks = list(disks)
        if text is not None:
            disks.append(answer_volume(work / f"{name}.answers.img", text))
        self.menu = options.get("kernel_args") is None
        super().__init__(work, name, disks=disks, cdrom=cdrom, memory=memory, **options)

    def choose(self, entry="install", network=False):
        """Take the boot menu's entry ENTRY, a name of iso/menu.list; NETWORK: from GRUB's menu by network."""
        menus = menu_of(entry, network)
        for names, shown, name in zip(menus, ("Install Dolmen", "VGA text screen"), [*("advanced" for _ in menus[1:]), entry]):
            self.wait_for(shown, 120)
            self.send("\x1b[B" * names.index(name) + "\r")

    def wait_ready(self, press_enter=True):
        """Until `installer ready`; without PRESS_ENTER the boot menu's time runs out."""
        if self.menu and press_enter:
            self.choose()
        self.wait_for(r"dolmen: installer ready", 180)
        self.ready = self.seconds()

    def wait_complete(self):
        reason = self.wait_for(r"dolmen: install (?:complete|failed: ([^\r\n]*))[\r\n]", 600)[1]
        self.complete = self.seconds()
        if reason is not None:
            raise VMError(f"the installation failed: {reason}\n{self.tail()}")

    def wait_failed(self):
        """Until it has failed or refused; returns the reason."""
        return self.wait_for(r"dolmen: install failed: ([^\r\n]*)[\r\n]", 300)[1]


def install(work, disk, text=None, **options):
    """Install onto DISK by the answer file TEXT (answers()) and wait for the end; returns the machine, ended."""
    with Installer(work, [disk], text or answers(), **options) as vm:
        vm.wait_ready()
        vm.wait_complete()
        vm.wait_end()
        return vm


# What tells why something does not go on, or ended: of Xen, its machines, dom0's processes and the toolstack.
LOOK = """date; xl list; xl vcpu-list; xl dmesg | tail -n 30; dmesg | tail -n 30; ps -o pid,ppid,stat,args | grep -v ' \\['
for p in /proc/[0-9]*; do case $(cut -d ' ' -f 3 $p/stat 2>/dev/null) in D|T) cat $p/comm; head -n 8 $p/stack ;; esac; done
tail -n 40 /var/log/libvirt/libxl/*.log"""


class Host(VM):
    """An installed disk, booted; its menu is not waited for."""

    reply = ("executed automatically", "\r")

    def __init__(self, work, disk, name="host", disks=(), **options):
        super().__init__(work, name, disks=[disk, *disks], **options)

    def wait_ready(self, timeout=300):
        self.ready = float(self.wait_for(r"dolmen: host ready in ([0-9.]+) s", timeout)[1])

    def login(self, password=PASSWORD):
        self.wait_for(r"login: ")
        self.send("root\n")
        self.wait_for(r"Password: ?")
        self.send(password + "\n")
        self.use_shell()

    def shell(self, command, timeout=120):
        try:
            return super().shell(command, timeout)
        except VMError as error:
            # It does not come back: it is stopped, not ended.
            raise VMError(f"{error}\n{self.look(chr(26) + chr(10))}") from None

    def check(self, command, timeout=120):
        status, output = self.shell(command, timeout)
        if status:
            raise VMError(f"{self.name}: `{command}` ended with {status}:\n{output}\n{self.look()}")
        return output

    def look(self, keys=""):
        """LOOK, after KEYS."""
        if self.process.poll() is not None:
            return ""
        try:
            self.send(keys)
            return super().shell(f"({LOOK.replace(chr(10), '; ')}) 2>&1")[1]
        except VMError:
            return "its shell does not answer any more"

    def end(self, command="poweroff"):
        """poweroff, or reboot, which ends the machine too (-no-reboot)."""
        self.send(f"{command}\n")
        self.wait_end()

    def mount_kit(self):
        """The volume with the test guests. Call once."""
        self.check("mkdir -p /tmp/kit && mount -t vfat -o ro $(find-device LABEL=DOLMEN-KIT) /tmp/kit")

    def guest_kit(self):
        """Mount it and give the guests a disk. Call once."""
        self.mount_kit()
        if "storage=ext" in self.check("cat /state/host.conf"):
            self.check("truncate -s 64M /storage/guest1 && losetup /dev/loop7 /storage/guest1"
                       " && ln -s /dev/loop7 /tmp/guest-disk")
        else:
            self.check("vg=$(sed -n 's/^storage=lvm //p' /state/host.conf) && lvcreate -qq -W n -L 64M -n guest1 $vg"
                       " && ln -s /dev/$vg/guest1 /tmp/guest-disk")

    def run_guest(self, mode, timeout=400):
        """Run the test guest in MODE until it has powered itself off; returns its console's text."""
        status, output = self.shell(f"sh /tmp/kit/run.sh {mode}", timeout)
        if status:
            raise VMError(f"guest {mode} ended with {status}:\n{output}")
        return output


def guest_volume(path):
    """The volume with the test guests, made from the product's own kernel and busybox."""
    kit = BUILD / "tests/guest"
    subprocess.run([TOP / "tests/guests/build", kit], check=True)
    files = {f.name: f for f in (TOP / "tests/guests").iterdir() if f.suffix in (".cfg", ".sh")}
    return fat_volume(str(path), "DOLMEN-KIT", {**files, "guest.img": kit / "guest.img"})
