# SPDX-License-Identifier: GPL-2.0-or-later
"""A person installs over the serial port, screen by screen, and logs in on the host with the password typed."""

from host import Host, Installer, answers
from terminal import Serial, Vga
from vm import blank_disk, is_blank

PASSWORD = "correct horse"


def questions(t):
    """Everything as it is offered; on the way once back, and once help."""
    t.answer("Choose your language", "Enter")
    t.answer("Which layout", "F1")
    t.answer("The layouts have the names", "Enter")
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


def password(t, again):
    t.see("The password of root")
    t.type(PASSWORD)
    t.press("Enter")
    t.see("*" * len(PASSWORD))
    t.type(again)
    t.press("F12")


def confirm(t):
    """The last screens, up to the first write."""
    t.answer("strength", "Enter")
    t.answer("SSH", "Enter")
    t.answer("EVERYTHING ON THESE DISKS", "Enter")
    t.answer("Do not save", "Enter")
    t.see("Type vda  ")
    t.type("vdb")
    t.press("F12")
    t.answer("Type vda to go on", "Enter")
    t.see("Type vda  ")
    t.type("vda")
    t.press("F12")


def install(vm, t, disk):
    questions(t)
    password(t, "something else")
    t.answer("not the same", "Enter")
    password(t, PASSWORD)
    assert is_blank(disk)
    confirm(t)
    t.see("Dolmen is installed", timeout=300)
    t.answer("has the address 10.0.2.15", "Enter")
    vm.wait_end()


def login(tmp_path, disk, firmware):
    with Host(tmp_path, disk, firmware=firmware) as host:
        host.wait_ready()
        host.login(PASSWORD)


def test_serial(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], None) as vm:
        vm.choose()
        vm.wait_for(r"\x1b\[\?1049h", 180)
        install(vm, Serial(vm), disk)
    login(tmp_path, disk, "bios")


def korean(t):
    """The first screens in Korean, and back to English."""
    t.answer("Choose your language", "Down", "Enter")
    t.answer("키보드의 배열은 무엇입니까?", "Escape")
    t.answer("언어를 선택하십시오", "Up", "Enter")
    t.answer("Which layout", "Escape")


def test_keyboard_and_vga(tmp_path):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], None, firmware="uefi", kernel_args="") as vm:
        vm.wait_for(r"\x1b\[\?1049h", 180)
        t = Vga(vm)
        korean(t)
        install(vm, t, disk)
    login(tmp_path, disk, "uefi")


def test_answer_file_that_asks(tmp_path):
    """Its plan is shown on the console, and done when somebody agrees."""
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    text = answers().replace("</installation>", "  <ui-confirmation-prompt>true</ui-confirmation-prompt>\n</installation>")
    with Installer(tmp_path, [disk], text, kernel_args="") as vm:
        vm.wait_for(r"\x1b\[\?1049h", 180)
        t = Serial(vm)
        t.answer("EVERYTHING ON THESE DISKS", "Enter")
        t.see("wants somebody to agree")
        assert is_blank(disk)
        t.press("Up", "Enter")
        vm.wait_end(300)
    assert not is_blank(disk)
    assert "install complete" in vm.text
