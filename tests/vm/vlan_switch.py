# SPDX-License-Identifier: GPL-2.0-or-later
"""vlan_switch.py ID TAGGED PLAIN: what a switch does between a port on which VLAN ID is tagged and one of it alone: two new taps.
The kernels of small machines have no VLANs."""

import fcntl
import os
import select
import struct
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
TAG = struct.pack("!HH", 0x8100, int(sys.argv[1]))


def tap(name):
    file = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return file


tagged, plain = (tap(name) for name in sys.argv[2:])
while True:
    for port in select.select([tagged, plain], [], [])[0]:
        frame = os.read(port, 65536)
        if port == plain:
            os.write(tagged, frame[:12] + TAG + frame[12:])
        elif frame[12:16] == TAG:
            os.write(plain, frame[:12] + frame[16:])
