# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of images and machines: a folder for storage, a disk's content, libvirt's test driver. $tmp and $build are set; the
# working folder becomes $DOLMEN_ROOT, a new one.
dolmen=$(readlink -f "$build/installer/dolmen")
DOLMEN_ROOT=$(mktemp -d "$tmp/machines.XXXXXX")
export DOLMEN_ROOT
storage=$DOLMEN_ROOT/storage
mkdir -p "$DOLMEN_ROOT/state" "$storage" "$DOLMEN_ROOT/sys/class/net/xenbr0/bridge"
echo "storage=ext 0123" >"$DOLMEN_ROOT/state/host.conf"
. tests/host/qemu-img.sh
img=$DOLMEN_ROOT/usr/bin/qemu-img
cd "$DOLMEN_ROOT"

# 8 MiB, most of them zeros.
truncate -s 8M disk.raw
head -c 700000 /dev/urandom | dd of=disk.raw bs=1M seek=1 conv=notrunc status=none
echo "the end" | dd of=disk.raw bs=1 seek=8388000 conv=notrunc status=none

# libvirt's test driver with a machine that has disks, and is off; dolmen's own are forgotten when it ends.
machine() {
	cat >driver.xml <<X
<node><domain type="test" xmlns:test="http://libvirt.org/schemas/domain/test/1.0"><name>web</name><memory>262144</memory><vcpu>2</vcpu>
<os><type>hvm</type></os><devices>
<disk type="file" device="disk"><source file="$storage/vm-web-0"/><target dev="xvda" bus="xen"/></disk>
<disk type="file" device="disk"><source file="$2"/><target dev="xvdb" bus="xen"/></disk>
<interface type="bridge"><mac address="00:16:3e:00:00:01"/><source bridge="xenbr0"/></interface>
</devices><test:runstate>$1</test:runstate></domain></node>
X
}
export DOLMEN_LIBVIRT="test://$DOLMEN_ROOT/driver.xml"
machine 5 "$storage/vm-web-1"

fail() { echo "$*"; cat out errors; ls "$storage"; exit 1; }

# refused PATTERN ARGUMENT...: exit code 3, one line, and storage as it was
refused() {
	pattern=$1 got=0
	shift
	before=$(ls "$storage")
	"$dolmen" "$@" </dev/null >out 2>errors || got=$?
	[ "$got" = 3 ] && grep -q -- "$pattern" errors && [ "$(wc -l <errors)" = 1 ] || fail "dolmen $*: expected 3, $pattern; got $got"
	[ "$(ls "$storage")" = "$before" ] || fail "dolmen $* left something"
}
done_right() { "$dolmen" "$@" </dev/null >out 2>errors || fail "dolmen $*"; }
same() { cmp -n 8388608 disk.raw "$1" || fail "$1 is another disk"; }
