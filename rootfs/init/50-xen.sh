# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# Xen's daemons. xenstored cannot be restarted while guests run, so nothing supervises it.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
[ -d /proc/xen ] || { failed "this kernel does not run on Xen"; exit 0; }
modprobe -a xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs xen-blkback xen-netback
mount -t xenfs xenfs /proc/xen 2>/dev/null || :
xenstored --pid-file=/run/xenstored.pid
tries=0
until xenstore-read -s / >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || { failed "xenstored does not answer"; exit 0; }
	usleep 100000
done
/usr/libexec/xen/bin/xen-init-dom0
mkdir -p /state/log/xen/console
xenconsoled --pid-file=/run/xenconsoled.pid --log=none
