# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue host
# Run again when host.conf changed.
# Files that programs expect in /etc, from the host's configuration, or the kernel command line in the installer.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
etc=$ROOT/run/etc
name=$(config hostname)
name=${name:-dolmen}
echo "$name" >"$etc/hostname"
hostname "${name%%.*}"
{
	echo "127.0.0.1 localhost"
	echo "127.0.1.1 $name ${name%%.*}"
	echo "::1 localhost ip6-localhost"
} >"$etc/hosts"
if [ -n "$(config dns)" ]; then
	config dns | sed 's/^/nameserver /'
else
	cat "$ROOT"/run/dolmen/leases/* 2>/dev/null || :
fi >"$etc/resolv.conf"
name_servers_changed
zone=$(config timezone)
[ -e "$ROOT/usr/share/zoneinfo/${zone:=Etc/UTC}" ] || { failed "timezone $zone is unknown"; zone=Etc/UTC; }
ln -sfn "/usr/share/zoneinfo/$zone" "$etc/localtime"
keymap=$(config keymap)
[ -n "$keymap" ] || keymap=$(param keymap) || keymap=us
if [ -e "$ROOT/usr/share/keymaps/$keymap.bmap" ]; then
	loadkmap <"$ROOT/usr/share/keymaps/$keymap.bmap" || :
else
	failed "keymap $keymap is unknown"
fi
# /etc/profile makes LANGUAGE of it.
language=$(config language)
[ -n "$language" ] || language=$(param language) || language=en
echo "$language" >"$etc/language"
# The installer's password is the first one; afterwards passwd changes this file.
# Whole or not at all: an empty file after a power cut would lock everybody out.
if [ ! -s "$ROOT/state/etc/shadow" ]; then
	hash=$(config root_hash)
	( umask 077; echo "root:${hash:-!}:20000:0:99999:7:::" >"$ROOT/state/etc/shadow.new" )
	sync
	mv "$ROOT/state/etc/shadow.new" "$ROOT/state/etc/shadow"
fi
