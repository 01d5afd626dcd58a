# SPDX-License-Identifier: GPL-2.0-or-later
"""scan.py ADDRESS PORTS: the TCP ports of ADDRESS that answer at all, by accepting or by refusing, one a line. PORTS connections
are tried at once, from port 1 on, and given three seconds."""

import errno
import resource
import select
import socket
import sys
import time

address, ports = sys.argv[1], int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (ports + 100, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
poll = select.poll()
sockets = {}
for port in range(1, ports + 1):
    s = socket.socket()
    s.setblocking(False)
    assert s.connect_ex((address, port)) in (0, errno.EINPROGRESS)
    sockets[s.fileno()] = (port, s)
    poll.register(s, select.POLLOUT)
end = time.monotonic() + 3
while (left := end - time.monotonic()) > 0:
    for fd, _ in poll.poll(left * 1000):
        print(sockets[fd][0])
        poll.unregister(fd)
