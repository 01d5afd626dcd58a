# SPDX-License-Identifier: GPL-2.0-or-later
"""Booted without answers, from BIOS and UEFI: one session on the VGA screen, inside a terminal that knows Hangul, and on the
serial port; its windows; the virtual terminals. Nothing depends on what the installer itself shows."""

import re

import pytest

from host import Installer
from vm import BUILD, TOP, blank_disk

KOREAN = "한글 설치"
TMUX = "tmux -S /run/dolmen/tmux-0/default"


# As the boot menu has it.
VGA = re.search(r"vga=\d+", (TOP / "iso/isolinux.cfg").read_text())[0]


@pytest.fixture(scope="module", params=["bios", "uefi"])
def machine(work, ssh, request):
    disk = blank_disk(str(work / f"{request.param}.img"), 12)
    with Installer(work, [disk], None, name=request.param, firmware=request.param,
                   network=f"user,hostfwd=tcp:127.0.0.1:{ssh.port}-:22", kernel_args=f"{VGA} sshkey={ssh.key_word()}") as vm:
        vm.wait_for(r"\x1b\[\?1049h", 300)      # the session takes the screen
        ssh.until(f"[ $({TMUX} list-clients | wc -l) = 2 ]")
        yield vm


def press(vm, keys):
    vm.qmp("human-monitor-command", **{"command-line": f"sendkey {keys}"})


def unifont(letter):
    """Its 16 rows of 16 pixels, a number each."""
    for line in (BUILD / "rootfs/unpacked/unifont/usr/share/unifont/unifont.hex").read_text().splitlines():
        code, bits = line.split(":")
        if int(code, 16) == ord(letter):
            return [int(bits[i:i + 4], 16) for i in range(0, 64, 4)]
    raise AssertionError(f"Unifont has no {letter}")


def corner(ppm):
    """The upper left 16 by 16 pixels of a P6 file, 1 for what differs from the first pixel, which is background."""
    width, height = (int(n) for n in ppm.split(maxsplit=4)[1:3])
    pixels = ppm[len(ppm) - width * height * 3:]

    def row(y):
        return sum((pixels[(y * width + x) * 3:][:3] != pixels[:3]) << (15 - x) for x in range(16))

    return [row(y) for y in range(16)]


def test_one_session_on_both_consoles(machine, ssh):
    clients = ssh.check(f"{TMUX} list-clients -F '#{{client_tty}} #{{client_termname}}'")
    assert "/dev/ttyS0 xterm" in clients
    assert " bterm" in clients      # VGA: inside the frame buffer's terminal


def test_windows(machine, ssh):
    windows = ssh.check(f"{TMUX} list-windows -t installer -F '#{{window_index}} #{{window_name}}'")
    assert windows.split() == ["1", "installer", "2", "shell", "3", "log"]


def test_hangul_on_the_screen(machine, ssh, work):
    """The first letter stands in the upper left corner, pixel by pixel as Unifont has it."""
    tty = ssh.check(f"{TMUX} list-panes -t installer:1 -F '#{{pane_tty}}'").strip()
    ssh.check(f"printf '\\033[2J\\033[H{KOREAN}' >{tty}")
    for _ in range(100):
        if corner(machine.screen(work / "screen.ppm")) == unifont(KOREAN[0]):
            return
    raise AssertionError(f"not in the corner of {work}/screen.ppm")


def test_serial_shell_and_everybody_sees_it(machine, ssh):
    machine.send("\x022")
    ssh.until(f"{TMUX} list-clients -F '#{{client_tty}} #{{window_index}}' | grep -qx '/dev/ttyS0 2'")
    machine.send("echo seen-$((40+2)) $LANG $LANGUAGE\r")
    machine.wait_for("seen-42 C.UTF-8 en")
    assert "seen-42 C.UTF-8 en" in ssh.check(f"{TMUX} capture-pane -p -t installer:2")


def test_virtual_terminals(machine, ssh):
    for keys, tty in (("alt-f2", "tty2"), ("alt-f3", "tty3"), ("alt-f1", "tty1")):
        press(machine, keys)
        ssh.until(f"grep -qx {tty} /sys/class/tty/tty0/active")


def test_log_window(machine, ssh):
    ssh.check("echo '2026-01-02T03:04:05.678Z error area: words of the log' >>/run/dolmen/install.log")
    ssh.until(f"{TMUX} capture-pane -p -t installer:3 | grep -q '^03:04:05 error area: words of the log'")


def test_keyboard_types_into_the_session(machine, ssh):
    """After Alt-F2 and back, Ctrl-B 2 on the VGA keyboard."""
    for keys in ("ctrl-b", "2", "h", "i", "minus", "v", "g", "a"):
        press(machine, keys)
    ssh.until(f"{TMUX} capture-pane -p -t installer:2 | grep -q hi-vga")
