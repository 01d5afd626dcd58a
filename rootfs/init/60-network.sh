# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# NICs get the names they had at installation, by MAC; the management NIC goes into the bridge xenbr0, which has the
# host's address and takes the guests' interfaces.
. /usr/lib/dolmen/init/lib

# Two steps, so that names may change places.
config nic | while read -r name mac; do
	for nic in /sys/class/net/*; do
		[ -e "$nic/device" ] && [ "$(cat "$nic/address")" = "$mac" ] || continue
		ip link set "$(basename "$nic")" down
		ip link set "$(basename "$nic")" name "pin-$name"
	done
done
for nic in /sys/class/net/eth*; do
	# A NIC that was not there at installation keeps out of the way.
	[ -e "$nic/device" ] && ip link set "$(basename "$nic")" down && ip link set "$(basename "$nic")" name "new-${nic##*/}"
done
config nic | while read -r name mac; do
	if [ -e "/sys/class/net/pin-$name" ]; then
		ip link set "pin-$name" name "$name"
	else
		failed "NIC $name ($mac) is missing"
	fi
done

modprobe -q bridge || :
management=$(config management)
ip link add xenbr0 type bridge stp_state 0 forward_delay 0
if [ -n "$management" ] && [ -e "/sys/class/net/$management" ]; then
	# The bridge wears the NIC's MAC, so that DHCP leases and switches see one machine.
	ip link set xenbr0 address "$(cat "/sys/class/net/$management/address")"
	ip link set "$management" master xenbr0
	ip link set "$management" up
fi
ip link set xenbr0 up

case $(config ipv4) in
static)
	ip address add "$(config address)" dev xenbr0
	gateway=$(config gateway)
	[ -z "$gateway" ] || ip route add default via "$gateway" || failed "gateway $gateway cannot be used" ;;
dhcp)
	# Waits 10 s for a lease and then goes on asking in the background.
	udhcpc -i xenbr0 -b -t 5 -T 2 -A 10 -p /run/udhcpc.pid -s /usr/lib/dolmen/init/dhcp -x "hostname:$(cat /etc/hostname)" ;;
esac
touch /run/dolmen/network-ok
