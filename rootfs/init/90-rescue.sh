# SPDX-License-Identifier: GPL-2.0-or-later
# modes: rescue
# Room for what is looked at; the consoles show the menu of dolmen-rescue.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/mnt"
say "dolmen: rescue ready"
