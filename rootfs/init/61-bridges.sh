# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# Guests' networks beside xenbr0, a `bridge=` line of host.conf each: with a NIC or bond of their own, on a VLAN, internal, or with
# the host as router. Run again after a change: what is there and right stays, guests' interfaces with it; what host.conf no longer
# has goes.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"
management=$(config management)
# A file for each bridge that was made here: the device below it.
made=$ROOT/run/dolmen/bridges

# below PORT VLAN: the device that carries the network, made if need be; nothing: it is internal. 1: it is missing.
below() {
	[ -n "$1" ] || return 0
	nic_exists "$1" || return 1
	ip link set "$1" up
	if [ -z "$2" ]; then
		echo "$1"
	elif nic_exists "$1.$2"; then
		echo "$1.$2"
	else
		vlan_add "$1" "$2"
	fi
}

# router NAME ADDRESS/PREFIX: the host routes from this network to the management's, as itself, and leases addresses in it.
router() {
	ip address replace "$2" dev "$1"
	for each in "$1" xenbr0 "$ROOT"/sys/class/net/xenbr0.*; do
		forwarding=$ROOT/proc/sys/net/ipv4/conf/${each##*/}/forwarding
		[ ! -e "$forwarding" ] || echo 1 >"$forwarding"
	done
	supervise "leases-$1" "$ROOT/usr/lib/dolmen/init/lease-server" "$1" "$2"
}

# guest_bond NAME: make it, if it is a bond and not there.
guest_bond() {
	nic_exists "$1" || bonds | grep "^$1 " | while read -r words; do
		# shellcheck disable=SC2086 # words on purpose
		bond_add $words
	done
}

# remove BRIDGE: and what was below it for it alone.
remove() {
	unsupervise "leases-$1"
	lower=$(cat "$made/$1")
	! nic_exists "$1" || ip link delete "$1"
	case $lower in
	*.*) ! nic_exists "$lower" || ip link delete "$lower" ;;
	bond*) bonds | grep -q "^$lower " || ! nic_exists "$lower" || ip link delete "$lower" ;;
	esac
	rm "$made/$1"
}

# bridge NAME [port=DEVICE] [vlan=N] [mtu=BYTES] [nat=ADDRESS/PREFIX]
bridge() {
	name=$1 port='' vlan='' mtu='' nat=''
	shift
	for word; do
		case $word in
		port=*) port=${word#port=} ;;
		vlan=*) vlan=${word#vlan=} ;;
		mtu=*) mtu=${word#mtu=} ;;
		nat=*) nat=${word#nat=} ;;
		*) failed "bridge=$name: $word is unknown and left out" ;;
		esac
	done
	# A VLAN of the management's port, whichever that is.
	[ -z "$vlan" ] || [ -n "$port" ] || port=$management
	if ! nic_exists "$name"; then
		modprobe -q bridge || :
		ip link add "$name" type bridge stp_state 0 forward_delay 0
	fi
	[ -z "$mtu" ] || [ -z "$port" ] || [ "$port" = "$management" ] || set_mtu "$port" "$mtu"
	[ -z "$port" ] || [ "$port" = "$management" ] || guest_bond "$port"
	lower=$(below "$port" "$vlan") || { failed "the bridge $name has no port: $port is missing"; lower=''; }
	if [ -n "$lower" ] && [ ! -e "$ROOT/sys/class/net/$name/brif/$lower" ]; then
		ip link set "$lower" master "$name"
		ip link set "$lower" up
	fi
	[ -z "$mtu" ] || set_mtu "$name" "$mtu"
	echo "$lower" >"$made/$name"
	ip link set "$name" up
	[ -z "$nat" ] || router "$name" "$nat"
}

mkdir -p "$made"
for each in "$made"/*; do
	name=${each##*/}
	[ ! -e "$each" ] || config bridge | grep -q "^$name\( \|\$\)" || remove "$name"
done
config bridge | while read -r words; do
	# shellcheck disable=SC2086 # words on purpose
	bridge $words
done
