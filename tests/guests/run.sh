#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh MODE: in dom0, run the test guest until it has gone, its console on ours.
set -eu
{ cat "/tmp/kit/$1.cfg"; echo "disk = [\"phy:$(readlink -f /tmp/guest-disk),xvda,w\"]"; } >"/tmp/$1.cfg"
xl create -c "/tmp/$1.cfg" </dev/null
n=0
while xl domid "guest-$1" >/dev/null 2>&1; do
	n=$((n + 1))
	[ "$n" -lt 300 ] || { echo "guest-$1 does not go"; exit 1; }
	usleep 200000
done
