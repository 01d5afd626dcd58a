# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# The host is ready: arrays that are being brought in line may now take what the disks can give.
limit=/proc/sys/dev/raid/speed_limit_max
[ ! -e /run/dolmen/raid-limit ] || cat /run/dolmen/raid-limit >"$limit"
