# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# dom0's own share: the processors it runs on and its weight, from host.conf; and whether Xen was started with options that nobody
# set. Run again when host.conf changed.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/dom0"
[ -d "$ROOT/proc/xen" ] || exit 0

# What was set before in this boot is taken back; otherwise Xen's own values are left alone.
cpus=$(config dom0_cpus)
if [ -n "$cpus" ] || [ -e "$ROOT/run/dolmen/dom0-cpus" ]; then
	xl vcpu-pin Domain-0 all "${cpus:-all}" || failed "dom0 cannot run on the processors $cpus (host.conf)"
	touch "$ROOT/run/dolmen/dom0-cpus"
fi
weight=$(config dom0_weight)
if [ -n "$weight" ] || [ -e "$ROOT/run/dolmen/dom0-weight" ]; then
	xl sched-credit2 -d Domain-0 -w "${weight:-256}" || failed "dom0 cannot have the weight $weight (host.conf)"
	touch "$ROOT/run/dolmen/dom0-weight"
fi

# The medium's menu has options of its own.
[ "$(param dolmen.mode)" = host ] && [ ! -e "$ROOT/run/dolmen/options-compared" ] || exit 0
touch "$ROOT/run/dolmen/options-compared"
given=$(xl info | sed -n 's/^xen_commandline *: *//p')
expected=" $(sed -n 's/^options=//p' "$ROOT/usr/lib/dolmen/boot/xen.cfg") $(dom0_words) "
strange=
for word in $given; do
	case $word in
	dolmen.* | placeholder | no-real-mode | edd=*) ;;
	*) case $expected in *" $word "*) ;; *) strange="$strange $word" ;; esac ;;
	esac
done
[ -z "$strange" ] || failed "Xen was started with options that nobody set on this host:$strange"
