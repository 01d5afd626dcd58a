# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# A network only when the answer file comes from one: DHCP on every NIC at once, the first lease is enough.
. /usr/lib/dolmen/init/lib
case $(param answerfile) in http://* | https://* | ftp://*) ;; *) exit 0 ;; esac
for nic in /sys/class/net/*; do
	[ -e "$nic/device" ] || continue
	name=$(basename "$nic")
	ip link set "$name" up
	udhcpc --interface="$name" --background --quiet --script=/usr/lib/dolmen/init/dhcp --pidfile="/run/udhcpc.$name.pid" \
		--retries=10 --timeout=2 &
done
tries=0
until ip route | grep -q ^default || [ -n "$(ip -4 -o address show scope global)" ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 300 ] || { say "dolmen: no network: no DHCP server answered on any NIC in 30 s"; break; }
	usleep 100000
done
