# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# NICs get the names they had at installation, by MAC.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"

# Two steps, so that names may change places.
config nic | while read -r name mac; do
	if nic=$(nic_by_mac "$mac"); then nic_rename "$nic" "pin-$name"; fi
done
# A NIC that was not there at installation keeps out of the way: new-ethN, with the numbers no other has, by PCI address.
number=0
for nic in $(nics); do
	case $nic in pin-*) continue ;; esac
	while config nic | grep -q "^eth$number "; do number=$((number + 1)); done
	nic_rename "$nic" "new-eth$number"
	number=$((number + 1))
done
config nic | while read -r name mac; do
	if nic_exists "pin-$name"; then
		nic_rename "pin-$name" "$name"
	else
		failed "NIC $name ($mac) is missing"
	fi
done
