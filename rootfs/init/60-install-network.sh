# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install rescue
# A network when the kernel line asks for something from one. network_device= names the NIC (ethN, MAC address, or all, the
# default), network_config= how: dhcp[:vlan=N], or static:ip=..;netmask=..;gateway=..;dns=a,b;domain=..;vlan=N. Without a
# network the installer starts all the same.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"
. "$ROOT/usr/lib/dolmen/init/resolver"

needed() {
	for name in answerfile rt_answerfile answerfile_generator; do
		case $(param "$name") in http://* | https://*) return 0 ;; esac
	done
	[ -e "$ROOT/run/dolmen/sshpassword" ] || param sshkey >/dev/null || param network_config >/dev/null ||
		param network_device >/dev/null || param answerfile_device >/dev/null
}

# word NAME: its value in network_config.
word() { echo "${config#*:}" | tr ';' '\n' | sed -n "s/^$1=//p" | tail -n 1; }

# chosen: the NICs that network_device means.
chosen() {
	which=$(param network_device) || which=$(param answerfile_device) || which=all
	case $which in
	all) nics ;;
	*:*) nic_by_mac "$(echo "$which" | tr A-F a-f)" || : ;;
	*) ! nic_exists "$which" || echo "$which" ;;
	esac
}

carrier() { [ "$(cat "$ROOT/sys/class/net/$1/carrier" 2>/dev/null)" = 1 ]; }

# until_ready TENTHS COMMAND ...: 1 when it is not true in time.
until_ready() {
	tenths=$1
	shift
	until "$@"; do
		[ "$tenths" -gt 0 ] || return 1
		tenths=$((tenths - 1))
		usleep 100000
	done
}

any_carrier() { for nic in $chosen; do ! carrier "$nic" || return 0; done; return 1; }
any_lease() { [ -n "$(ip -4 -o address show scope global)" ]; }

# The first NIC with a link gets the address.
static() {
	for device in $chosen; do ! carrier "$device" || break; done
	[ -z "$vlan" ] || device=$(vlan_add "$device" "$vlan")
	ip address add "$(word ip)/$(prefix "$(word netmask)")" dev "$device"
	gateway=$(word gateway)
	[ -z "$gateway" ] || ip route add default via "$gateway" dev "$device" || failed "gateway $gateway cannot be used"
	resolver "$device.4" "$(word domain)" "$(word dns | tr ',' ' ')"
	log "network: $device $(word ip)"
}

# prefix NETMASK: its length; a length stays one.
prefix() {
	case $1 in *.*) ipcalc -p 0.0.0.0 "$1" | sed 's/^PREFIX=//' ;; *) echo "${1:-24}" ;; esac
}

# Screens and answers from a volume may name keys, scripts or a report's address too; nobody waits for that here.
needed || {
	for nic in $(nics); do dhcp4 "$nic" -t 5 -T 3 & done
	exit 0
}
config=$(param network_config) || config=dhcp
vlan=$(word vlan)
chosen=$(chosen)
[ -n "$chosen" ] || { say "dolmen: no network: there is no NIC $(param network_device || param answerfile_device || :)"; exit 0; }
for nic in $chosen; do ip link set "$nic" up; done
until_ready 100 any_carrier || { say "dolmen: no network: no NIC has a link after 10 s: $(echo "$chosen" | tr '\n' ' ')"; exit 0; }
case $config in
static:*) static ;;
dhcp | dhcp:*)
	for nic in $chosen; do
		[ -z "$vlan" ] || nic=$(vlan_add "$nic" "$vlan")
		dhcp4 "$nic" -t 10 -T 2 &
	done
	until_ready 300 any_lease || say "dolmen: no network: no DHCP server answered on any NIC in 30 s" ;;
*) say "dolmen: no network: network_config=$config is neither dhcp nor static" ;;
esac
