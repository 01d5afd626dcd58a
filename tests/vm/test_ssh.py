# SPDX-License-Identifier: GPL-2.0-or-later
"""Installing over SSH: password and key of the kernel line, the session of the consoles, and where the password is not."""

import subprocess

import pytest

from host import Installer
from vm import MAC, blank_disk

PASSWORD = "ssh-secret-7"


@pytest.fixture(scope="module")
def machine(work, ssh):
    """NICs of the kernel line's choice: by MAC address, the second one by PCI address."""
    words = f"sshpassword={PASSWORD} sshkey={ssh.key_word()} network_device={MAC} network_config=dhcp map_netdev=eth1:s:{MAC} language=ko"
    second = ["-nic", "user,model=e1000,restrict=on,mac=52:54:00:12:34:99"]
    with Installer(work, [blank_disk(str(work / "disk.img"), 12)], None, kernel_args=words, extra=second,
                   network=f"user,hostfwd=tcp:127.0.0.1:{ssh.port}-:22") as vm:
        vm.said = vm.wait_for(r"dolmen: ssh root@([0-9.]+), (SHA256:\S+)", 180)
        vm.wait_for(r"\x1b\[\?1049h", 60)
        yield vm


def test_address_and_fingerprint_are_said(machine, ssh):
    assert machine.said[1] == "10.0.2.15"
    keys = subprocess.run(["ssh-keyscan", "-T", "30", "-t", "ed25519", "-p", str(ssh.port), "127.0.0.1"],
                          capture_output=True, check=True)
    found = subprocess.run(["ssh-keygen", "-lf", "-"], input=keys.stdout, capture_output=True, check=True)
    assert machine.said[2] in found.stdout.decode()


def test_password(machine, ssh):
    ssh.set_password(PASSWORD)
    result = ssh.run("true", by_password=True)
    assert result.returncode == 0, result.stderr


def test_wrong_password(machine, ssh):
    ssh.set_password("wrong")
    result = ssh.run("true", by_password=True)
    assert result.returncode == 255 and "denied" in result.stderr


def test_password_is_nowhere_to_read(machine, ssh):
    result = ssh.run(f"cat /proc/cmdline; grep -rl {PASSWORD} /proc/cmdline /run /state /tmp")
    assert "sshpassword=***" in result.stdout and "sshkey=ssh-ed25519" in result.stdout
    assert "/run" not in result.stdout.replace("/run/dolmen/medium", ""), result.stdout
    assert ssh.run(f"cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep ^sshpassword=").stdout == ""


def test_nic_by_mac_and_mapped(machine, ssh):
    assert ssh.run("cat /sys/class/net/eth1/address").stdout.strip() == MAC
    assert "10.0.2.15" in ssh.run("ip -4 address show eth1").stdout
    assert "inet" not in ssh.run("ip -4 address show eth0").stdout


def test_login_shows_the_session(machine, ssh):
    """A line typed over SSH in window 2 stands on the serial console when it looks at window 2."""
    with ssh.terminal() as client:
        machine.send("\x022")
        client.stdin.write(b"\x022")
        client.stdin.flush()
        machine.wait_for(r"# ")
        client.stdin.write(b"echo typed-$((40+2)) $LANGUAGE\r")
        client.stdin.flush()
        machine.wait_for("typed-42 ko", 60)
        client.kill()
