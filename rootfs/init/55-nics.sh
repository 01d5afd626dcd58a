# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# NICs get the names they had at installation, by MAC.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"

# Two steps, so that names may change places.
config nic | while read -r name mac; do
	if nic=$(nic_by_mac "$mac"); then nic_rename "$nic" "pin-$name"; fi
done
for nic in $(nics); do
	# A NIC that was not there at installation keeps out of the way.
	case $nic in eth*) nic_rename "$nic" "new-$nic" ;; esac
done
config nic | while read -r name mac; do
	if nic_exists "pin-$name"; then
		nic_rename "pin-$name" "$name"
	else
		failed "NIC $name ($mac) is missing"
	fi
done
