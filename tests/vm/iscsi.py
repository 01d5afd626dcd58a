# SPDX-License-Identifier: GPL-2.0-or-later
"""An iSCSI target on the network of a pxe.Lab: tgt, a program, not the kernel's."""

import os
import subprocess
import sys

from pxe import SERVER
from vm import VMError, blank_disk

TARGET = "iqn.2001-04.com.example:dolmen"
USER, SECRET = "host1", "a-secret-of-CHAP"


class Target:
    """LUN 1 of TARGET at SERVER, of GIB, in `with`: the file lun.img of WORK. It lets in who knows USER's SECRET (CHAP)."""

    def __init__(self, lab, work, gib):
        self.lab, self.file = lab, blank_disk(str(work / "lun.img"), gib)
        # Its control socket has a name of the whole machine: another one of us has another number.
        self.control = str(os.getpid() % 30000 + 1)

    def admin(self, *words):
        return subprocess.run(["tgtadm", "--control-port", self.control, "--lld", "iscsi", *words], check=True, capture_output=True, text=True,
                              env=self.environment).stdout

    def __enter__(self):
        self.environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.process = subprocess.Popen(
            ["nsenter", "--target", str(self.lab.holder.pid), "--net", "setpriv", "--pdeathsig", "KILL", "tgtd", "-f", "--control-port",
             self.control, "--iscsi", f"portal={SERVER}:3260"], stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr, env=self.environment)
        try:
            self.lab.wait_for_port(3260)
            self.admin("--op", "new", "--mode", "target", "--tid", "1", "-T", TARGET)
            self.admin("--op", "new", "--mode", "logicalunit", "--tid", "1", "--lun", "1", "-b", self.file)
            self.admin("--op", "bind", "--mode", "target", "--tid", "1", "-I", "ALL")
            self.admin("--op", "new", "--mode", "account", "--user", USER, "--password", SECRET)
            self.admin("--op", "bind", "--mode", "account", "--tid", "1", "--user", USER)
        except (VMError, subprocess.CalledProcessError):
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
