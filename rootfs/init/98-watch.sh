# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# What looks after the running host: what fills up, and hardware that restarts a machine that hangs.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
supervise watch "$ROOT/usr/lib/dolmen/init/watch"
# Xen's own watchdog, for a dom0 that hangs, is a device like that of the board.
modprobe -q xen_wdt || :
for device in "$ROOT"/dev/watchdog[0-9]*; do
	[ ! -e "$device" ] || supervise "${device##*/}" watchdog -F -T 60 -t 15 "$device"
done
