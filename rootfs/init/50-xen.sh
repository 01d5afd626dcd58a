# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# Xen's daemons. xenstored holds in memory what guests and toolstack agreed on: one that is started again knows none of it, so
# nothing supervises it, and the kernel takes every other process first when memory is short.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
[ -d /proc/xen ] || { failed "this kernel does not run on Xen"; exit 0; }
# libvirt looks for the last one under a name that it had in another kernel, and would not find it.
modprobe -a xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs xen-blkback xen-netback xen-pciback
mount -t xenfs xenfs /proc/xen 2>/dev/null || :
xenstored --pid-file=/run/xenstored.pid
tries=0
until xenstore-read -s / >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || { failed "xenstored does not answer"; exit 0; }
	usleep 100000
done
# Only now is the file there for sure.
echo -1000 >"/proc/$(cat /run/xenstored.pid)/oom_score_adj"
/usr/libexec/xen/bin/xen-init-dom0
# It writes what Xen says to /state/log/xen/console/hypervisor.log, as it is said.
supervise xenconsoled xenconsoled -i --log=hv --log-dir=/state/log/xen/console
