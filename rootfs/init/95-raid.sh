# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# The host is ready: arrays that are being brought in line may now take what the disks can give.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
. "$ROOT/usr/lib/dolmen/init/raid"

raid_full
