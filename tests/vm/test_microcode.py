# SPDX-License-Identifier: GPL-2.0-or-later
"""Xen finds microcode for the processors of both makers in front of the initramfs. An emulated processor takes none: Xen
says which revision it tried to load."""

import gzip
import re

import pytest

from vm import BUILD, TOP, VM

BOOT = BUILD / "iso/content/boot"


@pytest.mark.parametrize("cpu", ["EPYC", "Skylake-Server"])
def test_xen_finds_microcode(tmp_path, cpu):
    xen = tmp_path / "xen"
    xen.write_bytes(gzip.decompress((BOOT / "xen.gz").read_bytes()))
    options = re.search(r"^options=(.*)$", (TOP / "rootfs/boot/xen.cfg").read_text(), re.M)[1]
    extra = ["-cpu", cpu, "-kernel", str(xen), "-initrd", f"{BOOT}/vmlinuz,{BOOT}/initramfs", "-append", f"{options} loglvl=all"]
    with VM(tmp_path, cpu, network=None, extra=extra) as vm:
        vm.wait_for(r"microcode: CPU0 update", 120)
