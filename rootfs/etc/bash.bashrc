# SPDX-License-Identifier: GPL-2.0-or-later
# For bash at a terminal; the shell of a login is busybox's.
complete -C 'dolmen complete' dolmen
