# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# A network only when the answer file comes from one: DHCP on every NIC at once, the first lease is enough.
. /usr/lib/dolmen/init/lib
case $(param answerfile) in http://* | https://* | ftp://*) ;; *) exit 0 ;; esac
for nic in /sys/class/net/*; do
	[ -e "$nic/device" ] || continue
	name=$(basename "$nic")
	ip link set "$name" up
	udhcpc -i "$name" -b -t 10 -T 2 -p "/run/udhcpc.$name.pid" -s /usr/lib/dolmen/init/dhcp &
done
tries=0
until ip route | grep -q ^default || [ -n "$(ip -4 -o address show scope global)" ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 300 ] || { say "dolmen: no network: no DHCP server answered on any NIC in 30 s"; break; }
	usleep 100000
done
