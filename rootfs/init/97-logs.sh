# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# What the boot has said so far, where it can be read after the next one. A full disk is the watch's to tell.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
dmesg >"$ROOT/state/log/kernel.log" || :
cp "$ROOT/run/dolmen/boot.log" "$ROOT/state/log/boot.log" || :
