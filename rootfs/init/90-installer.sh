# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# The installer, and then what the kernel parameter atexit says.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
atexit=$(param atexit) || atexit=reboot
if dolmen-install --commit --consoles --log /run/dolmen/install.log; then
	case $atexit in
	shell) ;;
	poweroff) sync; poweroff -f ;;
	*) sync; reboot -f ;;
	esac
elif [ "$atexit" = poweroff ]; then
	# A farm waits for the machine to go off; the reason was said on the consoles.
	sync; poweroff -f
fi
