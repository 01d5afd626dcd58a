# SPDX-License-Identifier: GPL-2.0-or-later
"""A person installs over the serial port, screen by screen, and logs in on the host with the password typed."""

from host import Host, Installer
from terminal import Terminal
from vm import blank_disk

PASSWORD = "correct horse"


def walk(t):
    """Everything as it is offered; on the way once back, once help, and a password mistyped."""
    t.answer("Choose your language", "Enter")
    t.answer("Which layout", "F1")
    t.answer("Serial consoles and SSH", "Enter")
    t.answer("Which layout", "Enter")
    t.answer("Processor", "Enter")
    t.answer("What do you want to do?", "Enter")
    t.answer("Which disk is the host", "Enter")
    t.answer("Where are the disks", "Escape")
    t.answer("Which disk is the host", "Enter")
    t.answer("Where are the disks", "F12")
    t.answer("How are the guests' disks", "Enter")
    t.answer("Which network port", "Enter")
    t.answer("VLAN tag", "F12")
    t.answer("IPv4 address", "Enter")
    t.answer("IPv6 address", "Enter")
    t.answer("What is the host called", "F12")
    t.answer("Where does the host get the time", "Enter")
    t.answer("In which part", "Enter")
    t.see("The password of root")
    t.vm.send(PASSWORD + "\r")
    t.see("*" * len(PASSWORD))
    t.vm.send("something else")
    t.press("F12")
    t.see("not the same")
    t.press("Enter")
    t.see("The password of root")


def test_install_by_the_screens(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], None) as vm:
        vm.wait_for(r"Install Dolmen", 120)
        vm.send("\r")
        vm.wait_for(r"\x1b\[\?1049h", 300)      # the session takes the screen
        vm.position = 0
        t = Terminal(vm)
        t.drawn = vm.text.index("\x1b[?1049h")
        walk(t)
        t.vm.kill()
