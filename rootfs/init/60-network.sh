# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The management network: a NIC or bond0 is a port of the bridge xenbr0; the host's address is on xenbr0, or on the VLAN
# xenbr0.N. Guests' interfaces join xenbr0 and see the network as its port does, so a management VLAN is not in their way.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"

# bond MODE NIC ...: bond0 of those NICs that are there.
bond() {
	mode=$1 options=
	shift
	case $mode in
	active-backup) ;;
	802.3ad) options="xmit_hash_policy layer2+3" ;;
	# Linux has no such mode that is right below a bridge; see docs/HOSTCONF.md.
	balance-slb) mode=active-backup ;;
	*)
		failed "bond mode $mode is unknown; it runs as active-backup"
		mode=active-backup ;;
	esac
	modprobe -q bonding max_bonds=0 || :
	# shellcheck disable=SC2086 # two words on purpose
	ip link add bond0 type bond mode "$mode" miimon 100 $options
	ipv6_set bond0 disable_ipv6 1
	members=0
	for nic; do
		nic_exists "$nic" || continue
		ip link set "$nic" down
		ip link set "$nic" master bond0 && members=$((members + 1))
	done
	[ "$members" -gt 0 ] || failed "none of the NICs of bond0 is there: $*"
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

# Devices that only pass frames on, guests' among them, have no address of their own: nobody can reach the host by them.
ipv6_set default disable_ipv6 1
for nic in $(nics); do ipv6_set "$nic" disable_ipv6 1; done

words=$(config bond)
# shellcheck disable=SC2086 # MODE NIC ...
[ -z "$words" ] || bond $words

modprobe -q bridge || :
ip link add xenbr0 type bridge stp_state 0 forward_delay 0
port=$(config management)
if [ -z "$port" ]; then
	touch "$ROOT/run/dolmen/network-ok"
elif nic_exists "$port"; then
	# The bridge wears the port's MAC, so that DHCP leases and switches see one machine.
	ip link set xenbr0 address "$(nic_mac "$port")"
	ip link set "$port" master xenbr0
	ip link set "$port" up
	touch "$ROOT/run/dolmen/network-ok"
else
	failed "the bridge xenbr0 has no port: $port is missing"
fi
ip link set xenbr0 up
device=xenbr0
vlan=$(config vlan)
[ -z "$vlan" ] || device=$(vlan_add xenbr0 "$vlan")

ipv6 "$device"
ipv4 "$device"
