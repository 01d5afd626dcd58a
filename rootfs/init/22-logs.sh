# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The system log: what programs and the kernel say, in /state/log/messages, five files of 1 MiB at most, and on the machine that
# host.conf names. What is written anew at each boot is kept for one boot more. Run again when host.conf changed.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
log=$ROOT/state/log
mkdir -p "$log/xen/console"
again=
[ ! -e "$ROOT/run/service/syslogd" ] || again=yes
for name in boot.log kernel.log xen/console/hypervisor.log; do
	[ -n "$again" ] || [ ! -s "$log/$name" ] || mv "$log/$name" "$log/$name.1"
done
# It reads the host's name and the time zone once.
[ -z "$again" ] || unsupervise syslogd
set --
remote=$(config syslog)
[ -z "$remote" ] || set -- -L -R "$remote"
supervise syslogd syslogd -n -O "$log/messages" -s 1024 -b 4 "$@"
supervise klogd klogd -n
