# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# Guest storage: the volume group or file system that the installer made. /storage is that file system; else a folder that has
# nothing but the folders on which other pools are mounted (72-pools.sh).
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/raid"
ok=$ROOT/run/dolmen/storage-ok
case $(config storage) in
ext*) ;;
*) mount -t tmpfs -o mode=755,size=64k,nr_inodes=64,nodev,nosuid tmpfs "$ROOT/storage" ;;
esac
node=/dev/md127
for uuid in $(config md); do
	raid_start "$uuid" "$node" || failed "RAID array $uuid of the guests' storage cannot be started"
	node=/dev/md$((${node#/dev/md} + 1))
done
config storage | while read -r kind name _; do
	case $kind in
	lvm | thin)
		modprobe -qa dm_mod dm_thin_pool dm_snapshot || :
		# A full thin pool would fail guests' writes after a minute; they wait for room instead.
		wait=$ROOT/sys/module/dm_thin_pool/parameters/no_space_timeout
		[ ! -e "$wait" ] || echo 0 >"$wait" || :
		lvm vgchange -ay --quiet "$name" && touch "$ok" || failed "volume group $name cannot be activated"
		lvm vgmknodes --quiet || : ;;
	ext)
		device=$(find-device "UUID=$name") || device=
		status=0
		# 1 and 2: something was wrong and is right again
		[ -z "$device" ] || e2fsck -p "$device" || status=$?
		[ "$status" -lt 4 ] || failed "guest storage $device is damaged (e2fsck says $status); trying to use it as it is"
		mount -o nodev,nosuid "$device" "$ROOT/storage" && touch "$ok" || failed "guest storage $name cannot be mounted" ;;
	none | '') touch "$ok" ;;
	esac
done
# Without a configuration nobody knows whether there is one.
[ ! -e "$ROOT/state/host.conf" ] || [ -n "$(config storage)" ] || touch "$ok"
