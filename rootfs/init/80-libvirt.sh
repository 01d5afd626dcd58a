# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# libvirt's daemon runs only while somebody talks to it or a guest that it knows runs: the service libvirt owns its socket, which is
# root's alone. Definitions of guests and pools are on the state partition; guests marked for it are started with the host.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
state=$ROOT/state/libvirt
mkdir -p "$state/libxl/autostart" "$state/storage/autostart" "$state/lib" "$ROOT/state/log/libvirt" "$ROOT/run/libvirt/libxl" "$ROOT/run/var/lib"
chmod 700 "$state" "$ROOT/run/libvirt"
ln -sfn /state/libvirt/lib "$ROOT/run/var/lib/libvirt"
# libvirt's mark that it has started those: it would start them all at once.
: >"$ROOT/run/libvirt/libxl/autostarted"
supervise libvirt "$ROOT/usr/lib/dolmen/init/libvirt"
tries=0
until [ -e "$ROOT/run/libvirt/libvirt-sock" ] || [ "$tries" = 50 ]; do
	tries=$((tries + 1))
	usleep 100000
done
set -- "$state"/libxl/autostart/*.xml
[ -e "$1" ] || exit 0
log "starting $# guests that start with the host"
# Nobody waits for them.
{
	dolmen vm autostart >"$ROOT/run/dolmen/autostart" 2>&1 ||
		failed "not all guests that start with the host do (/run/dolmen/autostart)"
	logger -t dolmen <"$ROOT/run/dolmen/autostart"
} &
