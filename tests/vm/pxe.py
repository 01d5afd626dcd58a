# SPDX-License-Identifier: GPL-2.0-or-later
"""A network of its own for booting from one: a namespace with a bridge, dnsmasq and nginx on it. It needs no privileges, touches
nothing of this machine's network, and is gone when this process is."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from vm import BUILD, SCALE, VM, VMError

PXE = BUILD / "pxe"
SERVER = "192.168.77.1"
# In VLAN 7 of the same network.
VLAN_SERVER = "192.168.78.1"
# Another machine of the network, which serves nothing by itself.
STRANGER = "192.168.79.1"

DNSMASQ = """\
port=0
interface=br0
bind-interfaces
dhcp-range=192.168.77.100,192.168.77.199,255.255.255.0,1h
{more_dhcp}
dhcp-leasefile={work}/leases
enable-tftp
tftp-root={root}
# iPXE asks again, as iPXE: it gets the menu. Firmware gets iPXE, by TFTP or, where it can, by HTTP.
dhcp-userclass=set:ipxe,iPXE
dhcp-match=set:uefi,option:client-arch,7
dhcp-match=set:http,option:client-arch,16
dhcp-boot=tag:!ipxe,undionly.kpxe
dhcp-boot=tag:!ipxe,tag:uefi,{loader}
dhcp-option-force=tag:http,option:vendor-class,HTTPClient
dhcp-boot=tag:!ipxe,tag:http,http://{server}/{loader}
dhcp-boot=tag:ipxe,{menu}
"""

NGINX = """\
daemon off;
user root;
master_process off;
pid {work}/nginx.pid;
error_log {work}/nginx-errors.log;
events {{ }}
http {{
	access_log {work}/nginx.log;
	client_body_temp_path {work}/tmp;
	proxy_temp_path {work}/tmp;
	fastcgi_temp_path {work}/tmp;
	uwsgi_temp_path {work}/tmp;
	scgi_temp_path {work}/tmp;
	server {{
		listen {server}:80;
		root {root};
		location /answers/ {{ alias {answers}/; }}
		location /bad/ {{ alias {work}/bad/; }}
	}}
{more}
}}
"""


class Lab:
    """The servers of ROOT, a folder as `make pxe` makes it; ANSWERS is the folder of answer files. LOADER is what UEFI's own
    network boot gets, MENU (a name or a URL) what iPXE gets; MORE are servers in nginx' configuration,
    MORE_DHCP lines in dnsmasq's. The folder bad/ in WORK is served, too."""

    def __init__(self, work, root=PXE, loader="snponly.efi", menu="boot.ipxe", more="", more_dhcp=""):
        self.work, self.root = Path(work), Path(root)
        self.answers = self.work / "answers"
        self.answers.mkdir(parents=True, exist_ok=True)
        words = {"work": work, "root": root, "server": SERVER, "loader": loader, "answers": self.answers, "more": more, "more_dhcp": more_dhcp,
                 "menu": menu if "//" in menu else f"http://{SERVER}/{menu}"}
        (self.work / "dnsmasq.conf").write_text(DNSMASQ.format(**words))
        (self.work / "nginx.conf").write_text(NGINX.format(**words))
        self.processes = []

    def __enter__(self):
        # It ends with us, and the namespace with it.
        self.holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", "echo ready; exec setpriv --pdeathsig KILL sleep infinity"],
            stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        try:
            self.run("sh", "-euc", f"ip link set lo up; ip link add br0 type bridge; ip address add {SERVER}/24 dev br0; "
                     "ip link set br0 up; ip tuntap add dev tap0 mode tap; ip link set tap0 master br0 up; "
                     "ip tuntap add dev tagged mode tap; ip link set tagged master br0 up; "
                     f"ip tuntap add dev vlan7 mode tap; ip address add {VLAN_SERVER}/24 dev vlan7; ip link set vlan7 up; "
                     "ip link add stranger type veth peer name stranger-port; ip link set stranger-port master br0 up; "
                     f"ip address add {STRANGER}/24 dev stranger; ip link set stranger up")
            self.start(sys.executable, str(Path(__file__).parent / "vlan_switch.py"), "7", "tagged", "vlan7")
            self.start_dhcp()
            self.start("nginx", "-p", str(self.work), "-c", str(self.work / "nginx.conf"))
            self.wait_for_port(80)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in (*self.processes, self.holder):
            process.kill()
            process.wait()

    def inside(self, *argv):
        """The command that runs ARGV in the namespace."""
        return ["nsenter", "--target", str(self.holder.pid), "--user", "--net", "--preserve-credentials", *argv]

    def run(self, *argv):
        return subprocess.run(self.inside(*argv), check=True, capture_output=True, text=True).stdout

    def start(self, *argv):
        """A server, which ends with us."""
        with open(self.work / f"{Path(argv[0]).name}.out", "ab") as out:
            process = subprocess.Popen(self.inside("setpriv", "--pdeathsig", "KILL", *argv), stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out, env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"))
        self.processes.append(process)
        return process

    def start_dhcp(self, *without, add=()):
        """As configured, but for the lines that begin with one of WITHOUT; with the lines ADD."""
        lines = [*(self.work / "dnsmasq.conf").read_text().splitlines(), *add]
        (self.work / "running.conf").write_text("".join(f"{line}\n" for line in lines if not line.startswith(without)))
        self.dhcp = self.start("dnsmasq", "--no-daemon", f"--conf-file={self.work}/running.conf")

    def start_strange_dhcp(self):
        """A second DHCP server, whose network leads nowhere; it answers first."""
        self.stop_dhcp()
        self.start_dhcp(add=["dhcp-reply-delay=3"])
        (self.work / "stranger.conf").write_text(
            "port=0\ninterface=stranger\nbind-interfaces\ndhcp-range=192.168.79.100,192.168.79.199,255.255.255.0,1h\n"
            f"dhcp-option=option:router\ndhcp-leasefile={self.work}/strange-leases\n")
        return self.start("dnsmasq", "--no-daemon", f"--conf-file={self.work}/stranger.conf")

    def stop_dhcp(self):
        self.dhcp.kill()
        self.dhcp.wait()

    def wait_until(self, what, true, seconds=20):
        deadline = time.monotonic() + seconds * SCALE
        while not true():
            if time.monotonic() > deadline:
                raise VMError(f"not in time: {what}; see {self.work}/*.out")
            time.sleep(0.1)

    def scan(self, address, ports=4000):
        """The TCP ports of ADDRESS, up to PORTS, that answer."""
        return self.run(sys.executable, str(Path(__file__).parent / "scan.py"), address, str(ports)).split()

    def wait_for_port(self, port):
        self.wait_until(f"a server on port {port}", lambda: f"{SERVER}:{port} " in self.run("ss", "-Hltn"))

    def wait_for_log(self, name, text):
        """Until TEXT is in the file NAME of the work folder."""
        self.wait_until(f"{name} has `{text}`", lambda: text in (self.work / name).read_text(), 120)

    def sent(self):
        """Bytes sent to machines so far."""
        return json.loads(self.run("ip", "-json", "-stats", "link", "show", "tap0"))[0]["stats64"]["tx"]["bytes"]

    def machine(self, kind, *arguments, tap="tap0", **options):
        """A machine of the class KIND on this network, by a port of its own."""
        if tap != "tap0":
            self.run("sh", "-euc", f"ip link show {tap} 2>/dev/null || ip tuntap add dev {tap} mode tap; ip link set {tap} master br0 up")
        return kind(*arguments, network=f"tap,ifname={tap},script=no,downscript=no", wrapper=self.inside(), **options)


class Diskless(VM):
    """Linux and the initramfs for the network, started as a boot loader would, with WORDS on the kernel line. Without NIC the
    network, n0, waits for one."""

    def __init__(self, work, words, *, initramfs=PXE / "boot/initramfs-network", memory=1024, nic=True, extra=(), network, **options):
        line = f"dolmen.mode=install console=tty0 console=ttyS0,115200 {words}"
        plugged = [] if nic else ["-netdev", f"{network},id=n0"]
        super().__init__(work, "diskless", memory=memory, network=network if nic else None, **options,
                         extra=["-kernel", str(PXE / "boot/vmlinuz"), "-initrd", str(initramfs), "-append", line, *plugged, *extra])
