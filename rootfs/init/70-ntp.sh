# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# Time as a client only: no port is opened. The DHCP lease script runs this step again when a lease names servers.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
# The boot and a lease may do this at the same time.
exec 9>"$ROOT/run/dolmen/ntp.lock"
flock 9
case $(config ntp_source) in
default) servers="0.debian.pool.ntp.org 1.debian.pool.ntp.org 2.debian.pool.ntp.org 3.debian.pool.ntp.org" ;;
manual) servers=$(config ntp) ;;
dhcp) servers=$(cat "$ROOT/run/etc/ntp-dhcp" 2>/dev/null) || servers= ;;
*) servers= ;;
esac
[ -n "$servers" ] || { unsupervise ntpd; exit 0; }
set --
for server in $servers; do set -- "$@" -p "$server"; done
supervise ntpd ntpd -n "$@"
