# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue host
# Drivers for the hardware that is there: by modalias, twice, as a bus driver brings new devices.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
for pass in 1 2; do
	find /sys/devices -name modalias -print0 | xargs -0 sort -u | xargs modprobe -qa || :
done
settle
modprobe -qa efivarfs tun 2>/dev/null || :
[ ! -d /sys/firmware/efi ] || mount -t efivarfs efivarfs /sys/firmware/efi/efivars 2>/dev/null || :
log "pass $pass: $(wc -l </proc/modules) modules"
