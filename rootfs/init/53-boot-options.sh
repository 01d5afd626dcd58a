# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# What Xen is to be told about dom0 at the next boot: from host.conf into /grub/dom0.cfg on the EFI system partition of each of the
# host's disks, where grub.cfg reads it, on BIOS and UEFI alike. Run again when host.conf changed; at each boot it mends what was
# made anew without knowing host.conf.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/dom0"
[ -e "$ROOT/state/host.conf" ] || exit 0
mnt=$ROOT/run/dolmen/esp
text="set dom0=\"$(dom0_words)\""

# esps: of the disk that was booted, and of the other one where the state is a mirror.
esps() {
	{
		find-device "PARTUUID=$(param dolmen.root)" || :
		case $(param dolmen.state) in md:*) ls "$ROOT/sys/class/block/md126/slaves" ;; esac
	} | while read -r part; do
		disk=$(disk_of "$part")
		grep -lx PARTNAME=dolmen-esp "$ROOT"/sys/class/block/"$disk"/"$disk"*/uevent
	done | sort -u
}

# put PARTITION: 1 when it cannot be written.
put() {
	mount -t vfat -o ro,nodev,nosuid,noexec "/dev/$1" "$mnt" || return 1
	status=0
	if [ "$(cat "$mnt/grub/dom0.cfg" 2>/dev/null)" != "$text" ]; then
		mount -o remount,rw "$mnt" && echo "$text" >"$mnt/grub/dom0.cfg.new" && sync &&
			mv "$mnt/grub/dom0.cfg.new" "$mnt/grub/dom0.cfg" && sync && log "boot options: $text on $1" || status=1
	fi
	umount "$mnt" || status=1
	return "$status"
}

mkdir -p "$mnt"
wrong=
for uevent in $(esps); do
	part=${uevent%/uevent}
	put "${part##*/}" || wrong="$wrong ${part##*/}"
done
[ -z "$wrong" ] || { echo "dom0's memory and processors cannot be written for the next boot:$wrong" >&2; exit 1; }
