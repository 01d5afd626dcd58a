# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: an installed disk per firmware, made once per file of tests, and the volume with the test guests."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from host import guest_volume, install  # noqa: E402
from ssh import Ssh  # noqa: E402
from vm import ISO, VM, blank_disk  # noqa: E402

# Two machines at a time on two processors: with two each, emulated, they wait for each other and take four times as long.
VM.cpus = 1


# What must never be left out for want of time; then what takes longest, or one worker goes on alone in the end.
FIRST = ["test_bios", "test_uefi", "test_migration", "test_mirror", "test_guests", "test_storage", "test_pxe", "test_disks", "test_reinstall",
         "test_modes", "test_network"]
# Seconds since 1970.
UNTIL = float(os.environ.get("DOLMEN_TEST_UNTIL") or "inf")


def until_last(items, names):
    """Of each file the tests up to the last one of NAMES: a test may need what those before it made."""
    last = {item.module: i for i, item in enumerate(items) if item.nodeid in names}
    return [item for i, item in enumerate(items) if i <= last.get(item.module, -1)]


def pytest_collection_modifyitems(items):
    if failed := os.environ.get("DOLMEN_TEST_FAILED"):
        items[:] = until_last(items, Path(failed).read_text(encoding="utf-8").splitlines())
    items.sort(key=lambda item: FIRST.index(item.module.__name__) if item.module.__name__ in FIRST else len(FIRST))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    if time.time() > UNTIL:
        pytest.skip("no time was left; make test MINUTES=0 takes it")


def pytest_runtest_logreport(report):
    """A line for `run`: how the test ended. The last one of a test counts, or one that says `failed`."""
    path = os.environ.get("DOLMEN_TEST_RESULTS")
    if path and "PYTEST_XDIST_WORKER" not in os.environ and (report.when == "call" or not report.passed):
        with open(path, "a", encoding="utf-8") as results:
            results.write(f"{report.outcome} {report.nodeid}\n")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With a failure, what the hosts tell that are there still."""
    report = (yield).get_result()
    if call.when == "call" and report.failed and "pair" in item.funcargs:
        report.sections.append(("the hosts", item.funcargs["pair"].look()))


@pytest.fixture(scope="session", autouse=True)
def iso():
    assert ISO.exists(), f"{ISO} is missing: run make iso"


@pytest.fixture(scope="module")
def work(tmp_path_factory, request):
    return tmp_path_factory.mktemp(request.module.__name__)


def free_port():
    """A port of this machine's loopback that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture(scope="module")
def ssh(work):
    """A client for a machine that forwards ssh.port."""
    return Ssh(work, free_port())


@pytest.fixture(scope="module")
def forwarded():
    """Two more ports that a machine may forward."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def kit(work):
    return guest_volume(work / "kit.img")


@pytest.fixture(scope="module")
def installed(work, request):
    """(disk, the machine that installed it); the firmware is the module's FIRMWARE, the answer file its ANSWERS, if any."""
    disk = blank_disk(str(work / "disk.img"), 12)
    return disk, install(work, disk, getattr(request.module, "ANSWERS", None), firmware=request.module.FIRMWARE)
