# SPDX-License-Identifier: GPL-2.0-or-later
"""The answer file from a web server, named on the kernel command line."""

import functools
import http.server
import threading

import pytest

from host import Installer, answers
from vm import blank_disk


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
