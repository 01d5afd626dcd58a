# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The storage pools of host.conf beside the host's own. One that is away, as its server or its disk is, does not hold the boot:
# the host says so, and `watch` tries again each minute.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
[ -e "$ROOT/state/host.conf" ] || exit 0
mkdir -p "$ROOT/state/libvirt/storage/autostart"
dolmen storage up | while read -r name state reason; do
	[ "$state" != away ] || failed "storage pool $name is away: $reason"
done
# See `stop`.
[ -e "$ROOT/state/lvm/was-full" ] || exit 0
thin_pools | while read -r vg pool; do lvm lvchange --errorwhenfull n "$vg/$pool" || :; done
rm "$ROOT/state/lvm/was-full"
