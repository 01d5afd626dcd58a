# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# Figures for Prometheus on port 9100, when the administrator asked for it; whom the firewall lets there is an open= line's to say.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
[ "$(config metrics)" = on ] || { unsupervise metrics; exit 0; }
supervise metrics nc -ll -p 9100 -e "$ROOT/usr/lib/dolmen/init/metrics"
