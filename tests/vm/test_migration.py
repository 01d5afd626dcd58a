# SPDX-License-Identifier: GPL-2.0-or-later
"""Two hosts on one network, with an NFS server: a virtual machine moves from one to the other while it runs, and back, with shared disks
and with its own; what is refused, and what happens when the other host dies in the middle: it runs on where it was."""

import json
import re
import shlex

import pytest

from pair import IPS, KERNEL, SSH, two_hosts

STRANGER = "192.168.77.99"


@pytest.fixture(scope="module")
def pair(work):
    with two_hosts(work) as both:
        yield both


def test_libvirt_from_outside(pair, work):
    """As docs/GUESTS.md says: libvirt's own client, from another machine."""
    pair.check(1, f"dolmen vm create web --disk 16M --storage nas --net xenbr0 {KERNEL} --start")
    client = work / "ssh"
    client.write_text(f"#!/bin/sh\nexec {shlex.join(SSH)} -i {pair.key} \"$@\"\n")
    client.chmod(0o755)
    output = pair.lab.run("virsh", "-c", f"xen+ssh://root@{IPS[1]}/system?command={client}&no_tty=1", "list")
    assert re.search(r"web +running", output), output


def test_refusals(pair):
    pair.refused(1, f"dolmen vm migrate web {STRANGER} --live", f"{STRANGER} cannot be reached")
    pair.let_in(1, 2)
    line = pair.check(2, "dolmen vm migrate-key").strip()
    pair.check(1, f"dolmen key add '{line}'")
    free = int(pair.check(2, "xl info | sed -n 's/^free_memory *: *//p'"))
    pair.check(2, f"dolmen vm create full --type pv --disk 1M --storage nas {KERNEL.replace('96M', f'{free - 60}M')} --start")
    pair.refused(1, f"dolmen vm migrate web {IPS[2]} --live", "has no room for its memory")
    pair.check(2, "dolmen vm destroy full && dolmen vm delete full --yes")
    assert pair.where("web") == {1: "running", 2: None}


def test_live(pair):
    """There and back. The count goes on, and what it wrote on its disk is read there."""
    pair.check(1, "dolmen vm set web --autostart on")
    for here, there in ((1, 2), (2, 1)):
        count = pair.goes_on("vm-web-0")
        trust = "--trust" if here == 2 else ""
        result = json.loads(pair.check(here, f"dolmen vm migrate web {IPS[there]} --live --json {trust}"))
        assert pair.where("web") == {here: None, there: "running"}
        assert pair.goes_on("vm-web-0") > count
        pair.says(there, "web")
        assert 0 < result["downtime_ms"] < result["total_ms"] and result["memory_bytes"] > 90 << 20, result
        print(f"live, to host{there}: {result['total_ms']} ms, it stood still for {result['downtime_ms']} ms")
        assert re.search(r"^web .* yes *$", pair.check(there, "dolmen vm list"), re.M)


def counted(pair, n, machine):
    """How far every sector of its volume, read in dom0, has its number."""
    return int(pair.check(n, f"echo 1 >/proc/sys/vm/drop_caches; dd if=$(ls /dev/*/vm-{machine}-0) bs=1M 2>/dev/null | tr -d ' \\0'"
                          " | awk '$1 == NR { n = NR } END { print n + 0 }'"))


@pytest.fixture
def quiet(pair):
    """`web` stands still: counting, it would take half of what another machine has."""
    pair.check(1, "dolmen vm pause web")
    yield
    pair.check(1, "dolmen vm resume web")


@pytest.mark.usefixtures("quiet")
def test_with_disks(pair):
    """A disk in the volume group of one host: copied while the machine runs, the rest when it has stopped; then as it is off. PV, and
    not live: watching which pages a PV guest writes takes ten minutes here."""
    pair.check(1, f"dolmen vm create own --type pv --disk 16M --net xenbr0 {KERNEL} --start")
    pair.says(1, "own")
    pair.refused(1, f"dolmen vm migrate own {IPS[2]}", "this host's own; --with-disks copies it")
    before = counted(pair, 1, "own")
    result = json.loads(pair.check(1, f"dolmen vm migrate own {IPS[2]} --with-disks --json"))
    assert result["state"] == "running" and result["disk_bytes"] > 0 and pair.where("own") == {1: None, 2: "running"}
    pair.says(2, "own")
    assert "vm-own-0" not in pair.check(1, "lvs") and "vm-own-0" in pair.check(2, "lvs")
    pair.check(2, "dolmen vm destroy own")
    # No number is missing, from before or after.
    whole = counted(pair, 2, "own")
    assert whole > before > 0
    assert whole == int(pair.check(2, "tr -d ' \\0' <$(ls /dev/*/vm-own-0) | sed -n '$='"))
    pair.check(2, f"dolmen vm migrate own {IPS[1]} --with-disks")
    assert pair.where("own") == {1: "off", 2: None} and counted(pair, 1, "own") == whole
    pair.check(1, "dolmen vm delete own --yes")


def set_out(pair):
    """A migration, when its memory has begun to arrive."""
    moving = pair.start(1, f"echo $$ >/tmp/moving; exec dolmen vm migrate web {IPS[2]} --live")
    pair.lab.wait_until("host2 receives", lambda: "--p" in pair.shell(2, "xl list web")[1], 120)
    return moving


def runs_on(pair, moving, reason=""):
    """It ends with an error, and the machine is where it was."""
    count = pair.goes_on("vm-web-0")
    _, errors = moving.communicate(timeout=600)
    assert moving.returncode == 1 and reason in errors and "it runs on here" in errors, errors
    assert pair.goes_on("vm-web-0") > count
    assert re.search(r"^web +running", pair.check(1, "dolmen vm list"), re.M)


def test_given_up(pair):
    """Ctrl-C, while memory is sent. Until then nobody can take the machine away over there; then nothing of it is left."""
    moving = set_out(pair)
    assert re.search(r"^web +arriving", pair.check(2, "dolmen vm list"), re.M)
    pair.refused(2, "dolmen vm delete web --yes", "on its way here from another host")
    pair.check(1, "kill -INT $(cat /tmp/moving)")
    runs_on(pair, moving, "given up")
    assert pair.where("web") == {1: "running", 2: None}


def test_target_dies(pair):
    """In the middle. The last one: a host is gone."""
    moving = set_out(pair)
    pair.goes_on("vm-web-0")
    pair.hosts[2].kill()
    runs_on(pair, moving)
    pair.check(1, "dolmen vm pause web && dolmen vm resume web")
    pair.goes_on("vm-web-0")
    pair.refused(1, f"dolmen vm migrate web {IPS[2]} --live", "cannot be reached")
