# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The management network: a NIC or bond0 is a port of the bridge xenbr0; the host's address is on xenbr0, or on the VLAN
# xenbr0.N. Guests' interfaces join xenbr0 and see the network as its port does, so a management VLAN is not in their way.
# Run again after a change: the bridge and guests' interfaces stay, and so do its port and bonds when they are the same.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"
made=$ROOT/run/dolmen/network-made

# below: what xenbr0's port is made of.
below() { bonds | grep '^bond0 ' || :; echo "management=$(config management)"; }

# undo: take back what the configuration of before made.
undo() {
	unsupervise udhcpc
	unsupervise udhcpc6
	for device in "$ROOT"/sys/class/net/xenbr0.*; do
		[ ! -e "$device" ] || ip link delete "${device##*/}"
	done
	ip address flush dev xenbr0
	for key in "disable_ipv6 1" "accept_ra 0" "autoconf 0"; do
		# shellcheck disable=SC2086 # two words on purpose
		ipv6_set xenbr0 $key
	done
	rm -f "$ROOT"/run/dolmen/leases/xenbr0*
	[ "$(below)" != "$(cat "$made" 2>/dev/null)" ] || return 0
	for port in "$ROOT"/sys/class/net/xenbr0/brif/*; do
		port=${port##*/}
		case $port in vif* | tap* | '*') continue ;; esac
		ip link set "$port" nomaster
		# 61-bridges.sh makes guests' VLANs anew.
		for device in "$ROOT/sys/class/net/$port".*; do
			[ ! -e "$device" ] || ip link delete "${device##*/}"
		done
	done
	! nic_exists bond0 || ip link delete bond0
	rm -f "$made"
}

ipv4() {
	case $(config ipv4) in
	static)
		ip address add "$(config address)" dev "$1"
		gateway=$(config gateway)
		[ -z "$gateway" ] || ip route add default via "$gateway" dev "$1" || failed "gateway $gateway cannot be used" ;;
	# Waits 10 s for a lease; the client goes on asking.
	dhcp) dhcp4_host "$1" -t 5 -T 2 -A 10 -x "hostname:$(cat "$ROOT/run/etc/hostname")" ;;
	esac
}

# The kernel does autoconfiguration; routes are the routers' to announce, except static ones.
ipv6() {
	mode=$(config ipv6)
	case $mode in
	autoconf) ra=1 autoconf=1 ;;
	dhcp) ra=1 autoconf=0 ;;
	static) ra=0 autoconf=0 ;;
	*) return 0 ;;
	esac
	ipv6_set "$1" accept_ra "$ra"
	ipv6_set "$1" autoconf "$autoconf"
	ipv6_set "$1" disable_ipv6 0
	case $mode in
	# An address there is already: only name servers are asked for.
	autoconf) dhcp6_host "$1" -l -t 5 -T 2 -A 60 & ;;
	dhcp) dhcp6_host "$1" -t 5 -T 2 -A 10 & ;;
	static)
		ip -6 address add "$(config address6)" dev "$1"
		gateway=$(config gateway6)
		[ -z "$gateway" ] || ip -6 route add default via "$gateway" dev "$1" ||
			failed "gateway $gateway cannot be used" ;;
	esac
}

again=
if nic_exists xenbr0; then
	again=yes
	undo
fi
# Devices that only pass frames on, guests' among them, have no address of their own: nobody can reach the host by them.
ipv6_set default disable_ipv6 1
for nic in $(nics); do ipv6_set "$nic" disable_ipv6 1; done

if [ ! -e "$made" ]; then
	bonds | grep '^bond0 ' | while read -r words; do
		# shellcheck disable=SC2086 # words on purpose
		bond_add $words
	done
fi
if [ -z "$again" ]; then
	modprobe -q bridge || :
	ip link add xenbr0 type bridge stp_state 0 forward_delay 0
fi
port=$(config management) mtu=$(config mtu)
# The port first: a bridge passes on no more than it.
[ -z "$mtu$again" ] || set_mtu "$port" "${mtu:-1500}"
if [ -z "$port" ]; then
	touch "$ROOT/run/dolmen/network-ok"
elif nic_exists "$port"; then
	if [ ! -e "$made" ]; then
		# The bridge wears the port's MAC, so that DHCP leases and switches see one machine.
		ip link set xenbr0 address "$(nic_mac "$port")"
		ip link set "$port" master xenbr0
	fi
	ip link set "$port" up
	touch "$ROOT/run/dolmen/network-ok"
else
	failed "the bridge xenbr0 has no port: $port is missing"
fi
[ -z "$mtu$again" ] || set_mtu xenbr0 "${mtu:-1500}"
below >"$made"
ip link set xenbr0 up
device=xenbr0
vlan=$(config vlan)
[ -z "$vlan" ] || device=$(vlan_add xenbr0 "$vlan")

ipv6 "$device"
ipv4 "$device"
