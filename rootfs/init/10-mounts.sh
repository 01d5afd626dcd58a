# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue host
# File systems that live in memory, and the folders programs expect in them. /proc, /sys, /dev and /run come mounted.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /dev/shm
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /tmp
mkdir -p /run/etc /run/lock/lvm /run/var/lib/xen/save /run/var/lib/xen/dump /run/var/lib/dhcp /run/var/tmp /run/var/lock \
	/run/xen /run/xenstored
cp /usr/share/dolmen/passwd /run/etc/passwd
ln -sfn /run /run/var/run
ln -sfn /proc/self/fd /dev/fd
ln -sfn fd/0 /dev/stdin; ln -sfn fd/1 /dev/stdout; ln -sfn fd/2 /dev/stderr
# The build's date is the least the clock may say.
[ "$(date +%Y)" -ge 2026 ] || date -s 2026-01-01
ip link set lo up
