# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# The state partition, named by its partition GUID, or, as md:UUID, the array over two disks; everything the host remembers. Without it the host runs degraded,
# on memory, and touches no disk.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/raid"
state=$ROOT/state
uuid=$(param dolmen.state) || uuid=
case $uuid in
md:*) raid_start "${uuid#md:}" /dev/md126 && device=/dev/md126 || device= ;;
*) device=$(find-device "PARTUUID=$uuid") || device= ;;
esac
if [ -n "$uuid" ] && [ -n "$device" ]; then
	status=0
	e2fsck -p "$device" || status=$?
	[ "$status" -lt 4 ] || failed "state partition $device is damaged (e2fsck says $status); trying to use it as it is"
	mount -t ext4 -o nodev,nosuid,noatime,errors=remount-ro "$device" "$state" || device=
fi
if [ -z "$uuid" ] || [ -z "$device" ]; then
	mount -t tmpfs -o mode=755 tmpfs "$state"
	failed "state partition ${uuid:-(not named)} cannot be mounted: no configuration, no login, nothing will be remembered"
	say "dolmen: no guest's disk is touched; the rescue system on the medium can look at the partition"
fi
mkdir -p "$state/etc" "$state/log" "$state/lvm" "$state/xen" "$state/root"
chmod 700 "$state/root"
if [ "$(config schema)" != 1 ] && [ -e "$state/host.conf" ]; then
	failed "configuration schema '$(config schema)' is not one this release knows (1)"
fi
mkdir -p "$state/log/xen" "$ROOT/run/var"
ln -sfn /state/log "$ROOT/run/var/log"
# The slot's own boot files, on the disk that was booted: guests may boot the same kernel.
slot=$(param dolmen.slot) || slot=a
root=$(find-device "PARTUUID=$(param dolmen.root)") || root=
disk=$(disk_of "$root") || disk=
boot=$(grep -slx "PARTNAME=dolmen-boot-$slot" "$ROOT/sys/class/block/$disk/$disk"*/uevent) || boot=
boot=${boot%/uevent}
if [ -n "$boot" ]; then
	mount -t vfat -o ro,nodev,nosuid,noexec "/dev/${boot##*/}" "$ROOT/boot" ||
		failed "the boot partition of slot $slot cannot be mounted"
fi
