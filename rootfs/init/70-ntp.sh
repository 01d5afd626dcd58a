# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# Time as a client only: no port is opened.
. /usr/lib/dolmen/init/lib
servers=$(config ntp)
[ -n "$servers" ] || servers=$(cat /run/etc/ntp-dhcp 2>/dev/null || :)
[ -n "$servers" ] || exit 0
set --
for server in $servers; do set -- "$@" -p "$server"; done
ntpd "$@"
