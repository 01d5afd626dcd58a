# SPDX-License-Identifier: GPL-2.0-or-later
# For bash at a terminal; the shell of a login is busybox's.
# It puts three words behind this, which are no options.
complete -C 'dolmen complete --' dolmen
