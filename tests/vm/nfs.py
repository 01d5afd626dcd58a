# SPDX-License-Identifier: GPL-2.0-or-later
"""An NFSv4 server on the network of a pxe.Lab: nfs-ganesha, a program, not the kernel's. It opens files by their handles, which
only this machine's root may."""

import os
import subprocess
import sys
from pathlib import Path

from pxe import SERVER
from vm import VMError

CONFIG = """\
NFS_CORE_PARAM {{
	NFS_Protocols = 4; NFS_Port = 2049; MNT_Port = 0; Bind_addr = {server};
	Enable_NLM = false; Enable_RQUOTA = false;
}}
NFSv4 {{ Graceless = true; Lease_Lifetime = 20; RecoveryBackend = fs; RecoveryRoot = {work}/recovery; Delegations = false; Minor_Versions = 0, 1, 2; }}
EXPORT {{
	Export_Id = 1; Path = {folder}; Pseudo = /pool; Protocols = 4; Transports = TCP;
	Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
	FSAL {{ Name = VFS; }}
}}
"""


class Nfs:
    """SERVER:/pool, in `with`: the folder `pool` of WORK. `mount` are the words of the command, without the folder."""

    url = f"{SERVER}:/pool"
    mount = f"mount -t nfs4 -o addr={SERVER},clientaddr=0.0.0.0 {url}"

    def __init__(self, lab, work):
        self.lab, self.work, self.folder = lab, Path(work), Path(work) / "pool"

    def __enter__(self):
        if os.getuid() != 0:
            raise VMError("nfs-ganesha wants to be run by root")
        (self.work / "recovery").mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(exist_ok=True)
        config = self.work / "ganesha.conf"
        config.write_text(CONFIG.format(server=SERVER, work=self.work, folder=self.folder))
        # The lab's network, but not its user: root of a user namespace may not open by handle.
        self.process = subprocess.Popen(
            ["nsenter", "--target", str(self.lab.holder.pid), "--net", "setpriv", "--pdeathsig", "KILL", "ganesha.nfsd", "-F",
             "-L", str(self.work / "ganesha.log"), "-f", str(config), "-p", str(self.work / "ganesha.pid")], stdin=subprocess.DEVNULL,
            stdout=sys.stderr, env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"))
        try:
            self.lab.wait_until("an NFS server", lambda: ":2049 " in self.lab.run("ss", "-Hltn"), 30)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
