# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The host is ready when xl answers, the storage is active and the bridge is up.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
if xl list >/dev/null && [ -e /run/dolmen/storage-ok ] && [ -e /run/dolmen/network-ok ]; then
	read -r up _ </proc/uptime
	say "dolmen: host ready in ${up%?} s"
else
	failed "the host is not ready: xl, storage or network is missing"
fi
