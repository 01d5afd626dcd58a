# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install host
# Files that programs expect in /etc, from the host's configuration.
. /usr/lib/dolmen/init/lib
name=$(config hostname)
name=${name:-dolmen}
echo "$name" >/run/etc/hostname
hostname "${name%%.*}"
{
	echo "127.0.0.1 localhost"
	echo "127.0.1.1 $name ${name%%.*}"
	echo "::1 localhost ip6-localhost"
} >/run/etc/hosts
: >/run/etc/resolv.conf
config dns | sed 's/^/nameserver /' >>/run/etc/resolv.conf
zone=$(config timezone)
[ -e "/usr/share/zoneinfo/${zone:=Etc/UTC}" ] || { failed "timezone $zone is unknown"; zone=Etc/UTC; }
ln -sfn "/usr/share/zoneinfo/$zone" /run/etc/localtime
keymap=$(config keymap)
if [ -e "/usr/share/keymaps/${keymap:=us}.bmap" ]; then
	loadkmap <"/usr/share/keymaps/$keymap.bmap" || :
else
	failed "keymap $keymap is unknown"
fi
# The installer's password is the first one; afterwards passwd changes this file.
# Whole or not at all: an empty file after a power cut would lock everybody out.
if [ ! -s /state/etc/shadow ]; then
	hash=$(config root_hash)
	( umask 077; echo "root:${hash:-!}:20000:0:99999:7:::" >/state/etc/shadow.new )
	sync
	mv /state/etc/shadow.new /state/etc/shadow
fi
