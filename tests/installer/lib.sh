# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154,SC2119,SC2120
# For tests of real writes: a small medium, a loop device as the disk, a recorded machine that has it.
# Sourced with $build and $tmp set. skip MESSAGE ends a test as skipped.
skip() { echo "$*"; exit 77; }

size_of() { stat -c %s "$1"; }
hash_of() { sha256sum "$1" | cut -d' ' -f1; }

# unpack_machine NAME FOLDER: a recorded machine (see machines/README.md)
unpack_machine() {
	rm -rf "$2"
	while read -r kind path text; do
		case $kind in
		file) mkdir -p "$2/$(dirname "$path")"; printf '%b\n' "$text" >"$2/$path" ;;
		link) mkdir -p "$2/$(dirname "$path")"; ln -s "$text" "$2/$path" ;;
		esac
	done <"tests/machines/$1.machine"
}

# Files with the right shape but nothing useful in them, except for GRUB, which is real.
make_medium() {
	mkdir -p "$1/boot" "$1/dolmen" "$1/files"
	head -c 1300000 /dev/urandom >"$1/boot/xen.gz"
	head -c 9000001 /dev/urandom >"$1/boot/vmlinuz"
	head -c 11000003 /dev/urandom >"$1/boot/initramfs"
	head -c 60000000 /dev/urandom >"$1/dolmen/host.squashfs"
	grub-mkimage -O x86_64-efi -p /none -o "$1/boot/xen.efi" normal
	cp tests/machines/medium/xen.cfg "$1/files/xen.cfg"
	cp /usr/lib/grub/i386-pc/boot.img "$1/files/boot.img"
	grub-mkimage -O i386-pc -p '(,gpt2)/grub' -o "$1/files/core.img" biosdisk part_gpt fat normal configfile \
		multiboot2 serial terminal regexp test echo
	grub-mkimage -O i386-pc -p '(,gpt3)/grub' -o "$1/files/core-gpt3.img" biosdisk part_gpt fat normal configfile \
		multiboot2 serial terminal regexp test echo
	cp /usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed "$1/files/grubx64.efi"
	head -c 900000 /dev/urandom >"$1/files/shimx64.efi"
	"$build/installer/dolmen-unify" "$1/boot/xen.efi" "$1/files/xen.cfg" "$1/boot/vmlinuz" "$1/boot/initramfs" "$1/unified"
	{
		echo "version 0.1-test"
		for f in boot/xen.gz boot/vmlinuz boot/initramfs boot/xen.efi dolmen/host.squashfs; do
			echo "file $(hash_of "$1/$f") $(size_of "$1/$f") $f"
		done
		echo "unified $(hash_of "$1/unified") $(size_of "$1/unified") boot/xen-unified.efi"
	} >"$1/dolmen/manifest"
}

# attach FILE SECTOR: sets $disk (/dev/loopN); detached when the test ends
attach() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	"$build/installer/test-loop" sysfs || skip "no /sys here"
	disk=$("$build/installer/test-loop" attach "$1" "$2") || skip "no loop devices here"
	trap '"$build/installer/test-loop" detach "$disk"' EXIT
}

# describe MACHINE SECTOR: this loop device in an otherwise ordinary machine
describe() {
	name=${disk#/dev/}
	mkdir -p "$1/sys/block/$name/queue" "$1/proc" "$1/sys/devices/pci0000:00/0000:00:03.0/net/ens3" "$1/sys/class/net"
	cat "/sys/block/$name/size" >"$1/sys/block/$name/size"
	echo "$2" >"$1/sys/block/$name/queue/logical_block_size"
	echo "flags : fpu lm" >"$1/proc/cpuinfo"
	echo "MemTotal: 4000000 kB" >"$1/proc/meminfo"
	echo 52:54:00:12:34:56 >"$1/sys/devices/pci0000:00/0000:00:03.0/net/ens3/address"
	ln -sfn ../../devices/pci0000:00/0000:00:03.0/net/ens3 "$1/sys/class/net/ens3"
}

# record MACHINE: the disk's partitions as they are now, as the installer would find them on the next start
record() {
	name=${disk#/dev/}
	for part in /sys/block/"$name"/"$name"p*; do
		p=$(basename "$part")
		mkdir -p "$1/sys/block/$name/$p"
		cat "$part/start" >"$1/sys/block/$name/$p/start"
		cat "$part/size" >"$1/sys/block/$name/$p/size"
		blkid -p -o export "/dev/$p" | sed -n -e 's/ /+/g' -e 's/^\(TYPE\|LABEL\|UUID\)=/\1=/p' \
			-e 's/^PART_ENTRY_NAME=/PARTLABEL=/p' -e 's/^PART_ENTRY_UUID=/PARTUUID=/p' \
			-e 's/^PART_ENTRY_TYPE=/PARTTYPE=/p' -e 's/^PART_ENTRY_FLAGS=/PARTFLAGS=/p' | tr '\n' ' ' | sed "s/^/$p /"
		vg=$(lvm pvs --noheadings -o vg_name --config 'devices { use_devicesfile=0 }' "/dev/$p" 2>/dev/null | tr -d ' ')
		echo "${vg:+VG=$vg}"
	done >"$1/blkid"
	echo "$name TYPE=$(blkid -p -o value -s PTTYPE "$disk")" >>"$1/blkid"
}

# answers FILE SRTYPE [MODE [ELEMENT]]; $first: preserve-first-partition
answers() {
	cat >"$1" <<-EOF
	<installation srtype="$2" mode="${3:-fresh}">
	  <primary-disk preserve-first-partition="${first:-if-utility}">$disk</primary-disk>
	  <admin-interface name="eth0" proto="dhcp"/>
	  <root-password>correct horse</root-password>
	  ${4:-}
	</installation>
	EOF
}

commit() {
	"$build/installer/dolmen-install" --commit --machine "$tmp/m" --medium "$tmp/medium" \
		--boot-files "$tmp/medium/files" --cmdline /dev/null --answers "$tmp/a.xml" --log "$tmp/log" "$@"
}

# commit_spoiled [ARG ...]: the same, while a byte of root-a (it begins at 514 MiB) changes behind the installer's back
commit_spoiled() {
	"$build/installer/test-loop" spoil "$tmp/disk.img" $((514 * 1048576 + 4096)) &
	vandal=$! status=0
	commit "$@" || status=$?
	kill "$vandal"
	return "$status"
}

# serve FOLDER [AUTHORIZATION]: a web server on loopback until the test ends; sets $port. POSTs are kept as FOLDER/posted,
# a line each, PUTs as FOLDER/put-NAME; they are answered with the number in FOLDER/status (default 200).
serve() {
	command -v python3 >/dev/null || skip "needs python3"
	rm -f "$tmp/port"
	python3 tests/installer/server.py "$1" "$tmp/port" "${2:-}" &
	server=$!
	trap 'kill "$server"' EXIT
	tries=0
	until [ -s "$tmp/port" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || { echo "no web server after 10 s"; exit 1; }
		sleep 0.1
	done
	port=$(cat "$tmp/port")
}
