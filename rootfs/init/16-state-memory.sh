# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue
# Installer, live host and rescue system remember nothing.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
state=$ROOT/state
mount -t tmpfs -o mode=755 tmpfs "$state"
mkdir -p "$state/etc" "$state/log" "$state/lvm" "$state/xen" "$state/root"
ln -sfn /state/log "$ROOT/run/var/log"
echo 'root:!:20000:0:99999:7:::' >"$state/etc/shadow"
chmod 600 "$state/etc/shadow"
[ "$(param dolmen.mode)" = live ] || exit 0
# The live host is configured as an installed one is, with an address by DHCP; 58-live-nic.sh says on which NIC. Guests' disks
# are for people to choose.
cat >"$state/host.conf" <<EOF
schema=1
hostname=dolmen-live
ipv4=dhcp
ipv6=none
ntp_source=dhcp
ssh=off
storage=none
EOF
# Guests may boot dom0's kernel, as on an installed host.
mount -o bind "$ROOT/run/dolmen/medium/boot" "$ROOT/boot"
