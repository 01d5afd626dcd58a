# SPDX-License-Identifier: GPL-2.0-or-later
"""The answer file from a web server, named on the kernel command line."""

import functools
import http.server
import threading

from host import answers, installer
from vm import blank_disk


def test_http_answerfile(tmp_path):
    (tmp_path / "answers.xml").write_text(answers())
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    # 10.0.2.2 is this machine's loopback for the guest.
    url = f"http://10.0.2.2:{server.server_port}/answers.xml"
    try:
        with installer(tmp_path, [disk], None, network="user", kernel_args=f"answerfile={url} atexit=poweroff") as vm:
            vm.wait_for(r"dolmen: installer ready", 180)
            assert vm.wait_for(r"dolmen: install (complete|failed[^\r\n]*)", 600)[1] == "complete"
            vm.wait_end()
        with installer(tmp_path, [disk], None, name="missing", network="user",
                       kernel_args=f"answerfile={url}x atexit=poweroff") as vm:
            match = vm.wait_for(r"dolmen: install failed: ([^\r\n]*)", 180)
            assert "404" in match[1]
            vm.wait_end()
    finally:
        server.shutdown()
