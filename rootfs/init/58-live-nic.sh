# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live
# The live host's bridge is on the NIC of network_device=, else on the first.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/nics"
. "$ROOT/usr/lib/dolmen/init/net-config"

nic=$(chosen | head -n 1)
[ -n "$nic" ] || failed "network_device=$(param network_device): there is no such NIC"
echo "management=${nic:-eth0}" >>"$ROOT/state/host.conf"
