# SPDX-License-Identifier: GPL-2.0-or-later
"""Remastered ISOs: on BIOS, from CD, one installs by itself what its own key vouches for; on UEFI, from a USB stick, one has
kernel parameters, SSH keys and an authority, and the vendor's signature."""

import subprocess

import pytest

from host import Installer, answers_simple, stick
from vm import ISO, TOP, blank_disk


def remaster(iso, *options):
    subprocess.run([TOP / "packaging/remaster", ISO, iso, *options], check=True)
    return iso


@pytest.fixture
def key(tmp_path):
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key"], check=True)
    return tmp_path / "key"


def test_installs_by_itself(tmp_path, key):
    file = tmp_path / "answers.xml"
    file.write_text(answers_simple())
    iso = remaster(tmp_path / "own.img", "--answers", file, "--param", "atexit=poweroff", "--key", key)
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with Installer(tmp_path, [disk], None, cdrom=iso) as vm:
        vm.choose()
        vm.wait_for("dolmen: this medium was remastered: answer file, kernel parameters, another signing key[\r\n]")
        vm.wait_for("dolmen: installer ready")
        vm.wait_complete()
        vm.wait_end()


def test_stick(tmp_path):
    (tmp_path / "ssh.pub").write_text("ssh-ed25519 AAAA somebody\n")
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    iso = remaster(tmp_path / "stick.img", "--ssh-key", tmp_path / "ssh.pub", "--ca", tmp_path / "ca.pem", "--param", "shell")
    with Installer(tmp_path, [], None, cdrom=None, extra=stick(iso), firmware="uefi") as vm:
        vm.choose()
        vm.wait_for("Shell. The log")
        vm.use_shell()
        assert "somebody" in vm.check("cat /root/.ssh/authorized_keys")
        assert vm.check("tail -n 2 /etc/ssl/certs/ca-certificates.crt").startswith("AAAA")
        assert "good" in vm.check("dolmen-verify --manifest /usr/share/dolmen/key.pem /run/dolmen/medium")
