# SPDX-License-Identifier: GPL-2.0-or-later
"""The answer file from a web server, named on the kernel command line; a server and a network that stop in the middle."""

import functools
import http.server
import threading

import pytest

from host import Installer, answers
from vm import blank_disk, is_blank


@pytest.fixture
def web(tmp_path):
    """A web server with answers.xml; its URL as a machine with network="user" sees it (10.0.2.2 is our loopback)."""
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "answers.xml").write_text(answers())
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://10.0.2.2:{server.server_port}"
        server.shutdown()


def booted(work, disk, url):
    return Installer(work, [disk], None, network="user", kernel_args=f"answerfile={url} atexit=poweroff")


def test_http_answerfile(tmp_path, web):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with booted(tmp_path, disk, f"{web}/answers.xml") as vm:
        vm.wait_ready()
        vm.wait_complete()
        vm.wait_end()


def test_missing_answerfile(tmp_path, web):
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with booted(tmp_path, disk, f"{web}/absent.xml") as vm:
        vm.wait_ready()
        reason = vm.wait_failed()
        assert "404" in reason and "absent.xml" in reason
        vm.wait_end()


class Stalling(http.server.BaseHTTPRequestHandler):
    """Sends half of a file and no more; the answer file whole when it is asked for again."""

    def do_GET(self):
        if self.path == "/script":
            self.server.cut()
        whole = self.path in self.server.asked
        self.server.asked.append(self.path)
        body = self.server.answers if self.path == "/answers.xml" else b"#!/bin/sh\nexit 0\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if whole else body[:len(body) // 2])
        if not whole:
            self.server.ended.wait()


def test_network_drops(tmp_path):
    """The server stalls in the middle of the answer file, and the next try gets it; the link goes while a script is fetched."""
    disk = blank_disk(str(tmp_path / "disk.img"), 12)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stalling) as server:
        url = f"http://10.0.2.2:{server.server_port}"
        script = f'<script stage="installation-start" type="url">{url}/script</script></installation>'
        server.answers = answers().replace("</installation>", script).encode()
        server.asked, server.ended = [], threading.Event()
        with booted(tmp_path, disk, f"{url}/answers.xml") as vm:
            server.cut = lambda: vm.qmp("set_link", name="n0", up=False)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            vm.wait_ready()
            vm.wait_for(r"dolmen: \S*/answers.xml: try 1: .*; trying again[\r\n]")
            vm.wait_for(r"dolmen: \S*/script: try 1: .*; trying again[\r\n]")
            reason = vm.wait_failed()
            assert reason.startswith("step 1/9 check: script 1 (installation-start): ") and f"{url}/script" in reason
            assert reason.endswith("check the address, the network cable and the server")
            vm.wait_end()
        server.ended.set()
        server.shutdown()
    assert server.asked == ["/answers.xml", "/answers.xml", "/script"]
    assert is_blank(disk)
