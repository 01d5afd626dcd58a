# SPDX-License-Identifier: GPL-2.0-or-later
# modes: rescue
# Room for what is looked at; the consoles show the menu of dolmen-rescue, and of the kernel only what matters more.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
dmesg -n 3
mount -t tmpfs -o mode=755 tmpfs "$ROOT/mnt"
say "dolmen: rescue ready"
