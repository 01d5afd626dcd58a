# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue
# NICs are eth0, eth1, ... in the order of their PCI addresses, as answer files count them. map_netdev=ethN:s:WHICH, or
# ethN:d:WHICH, gives number N to another one; WHICH is a MAC address or a PCI address, [I] behind it for one of several.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"

# find_nic WHAT: the NIC that is meant.
find_nic() {
	case $1 in
	*.[0-7] | *.[0-7]\[*\])
		index=0
		case $1 in *\[*\]) index=${1#*\[} index=${index%\]} ;; esac
		nics_with_pci | awk -v pci="${1%%\[*}" -v index_="$index" \
			'$1 == pci || $1 == "0000:" pci { if (n++ == index_) print $2 }' ;;
	*) nic_by_mac "$(echo "$1" | tr A-F a-f)" || : ;;
	esac
}

all=$(nics)
for nic in $all; do nic_rename "$nic" "old-$nic"; done
for words in $(params map_netdev); do
	number=${words%%:*} number=${number#eth}
	what=${words#*:}
	case $what in [sd]:*) what=${what#?:} ;; esac
	case $number in
	'' | *[!0-9]*)
		failed "map_netdev=$words: expected ethN:s:MAC or ethN:s:PCI"
		continue ;;
	esac
	nic=$(find_nic "$what")
	case $nic in
	old-*) nic_exists "eth$number" || nic_rename "$nic" "eth$number" ;;
	*) failed "map_netdev=$words: there is no such NIC" ;;
	esac
done
number=0
for nic in $all; do
	nic_exists "old-$nic" || continue
	while nic_exists "eth$number"; do number=$((number + 1)); done
	nic_rename "old-$nic" "eth$number"
done
# Up, so that people see which have a link; without addresses, IPv6's own included.
for nic in $(nics); do
	ipv6_set "$nic" accept_ra 0
	ip link set "$nic" up
done
