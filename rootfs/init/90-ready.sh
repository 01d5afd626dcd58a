# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The host is ready when xl answers, the storage is active and the bridge is up.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
missing=
xl list >/dev/null || missing=", xl does not answer"
for part in storage network; do
	[ -e "$ROOT/run/dolmen/$part-ok" ] || missing="$missing, $part is missing"
done
if [ -z "$missing" ]; then
	read -r up _ <"$ROOT/proc/uptime"
	say "dolmen: host ready in ${up%?} s"
	# Whoever works on the serial console is not told of each guest's network card; warnings and worse still come.
	dmesg -n 5
else
	failed "the host is not ready: ${missing#, }"
fi
