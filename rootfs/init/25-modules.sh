# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue host
# Drivers for the hardware that is there: by modalias, twice, as a bus driver brings new devices; the second time those alone.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
known=$ROOT/run/dolmen/modaliases
: >"$known"
for pass in 1 2; do
	modaliases >"$known.now"
	sort "$known" "$known" "$known.now" | uniq -u | xargs -r modprobe -qa || :
	mv "$known.now" "$known"
done
rm "$known"
settle
modprobe -qa efivarfs tun 2>/dev/null || :
[ ! -d "$ROOT/sys/firmware/efi" ] || mount -t efivarfs efivarfs "$ROOT/sys/firmware/efi/efivars" 2>/dev/null || :
log "pass $pass: $(wc -l <"$ROOT/proc/modules") modules"
