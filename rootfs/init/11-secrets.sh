# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue
# What the kernel command line says in confidence goes where only root's programs read it; from here on, everything that
# shows or logs the command line shows it without.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
cmdline=$ROOT/run/dolmen/cmdline
password=$(param sshpassword) || exit 0
( umask 077; printf '%s\n' "$password" >"$ROOT/run/dolmen/sshpassword" )
sed 's/"sshpassword=[^"]*"/sshpassword=***/g; s/sshpassword=[^ ]*/sshpassword=***/g' "$cmdline" >"$cmdline.new"
cat "$cmdline.new" >"$cmdline"
rm "$cmdline.new"
mount -o bind "$cmdline" "$ROOT/proc/cmdline"
