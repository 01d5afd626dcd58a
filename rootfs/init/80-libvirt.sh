# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# libvirt's daemon runs only while somebody talks to it or a guest that it knows runs: on-demand owns its socket, which is root's
# alone. Definitions of guests and pools are on the state partition; guests marked for it are started with the host.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
state=$ROOT/state/libvirt
mkdir -p "$state/libxl/autostart" "$state/storage/autostart" "$state/lib" "$ROOT/state/log/libvirt" "$ROOT/run/libvirt" "$ROOT/run/var/lib"
chmod 700 "$state" "$ROOT/run/libvirt"
ln -sfn /state/libvirt/lib "$ROOT/run/var/lib/libvirt"
on-demand "$ROOT/run/libvirt/libvirt-sock" libvirtd --timeout 120 >>"$ROOT/state/log/libvirt/libvirtd.log" 2>&1
# Nobody waits for them: the first call wakes the daemon, which starts what is marked.
set -- "$state"/libxl/autostart/*.xml
if [ -e "$1" ]; then
	log "starting $# guests that start with the host"
	virsh -q -c xen:///system uri 2>&1 | logger -t libvirt &
fi
