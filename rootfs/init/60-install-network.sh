# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install rescue
# A network when the kernel line asks for something from one. network_device= names the NIC (ethN, MAC address, or all, the
# default), network_config= how: dhcp[:vlan=N], or static:ip=..;netmask=..;gateway=..;dns=a,b;domain=..;vlan=N. Without a
# network the installer starts all the same.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"
. "$ROOT/usr/lib/dolmen/init/resolver"
. "$ROOT/usr/lib/dolmen/init/net-config"

needed() {
	for name in answerfile rt_answerfile answerfile_generator; do
		case $(param "$name") in http://* | https://*) return 0 ;; esac
	done
	[ -e "$ROOT/run/dolmen/sshpassword" ] || param sshkey >/dev/null || param network_config >/dev/null ||
		param network_device >/dev/null || param answerfile_device >/dev/null
}

# Screens and answers from a volume may name keys, scripts or a report's address too; nobody waits for that here.
needed || {
	for nic in $(nics); do dhcp4 "$nic" -t 5 -T 3 & done
	exit 0
}
net_config
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
