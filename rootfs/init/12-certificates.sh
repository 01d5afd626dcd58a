# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue
# Certificate authorities that came with the initramfs (/ca.pem) are trusted beside Debian's.
run=${ROOT:-}/run/dolmen
trusted=${ROOT:-}/etc/ssl/certs/ca-certificates.crt
[ -e "$run/ca.pem" ] || exit 0
[ -e "$run/ca-certificates.crt" ] || cat "$trusted" "$run/ca.pem" >"$run/ca-certificates.crt"
mount -o bind "$run/ca-certificates.crt" "$trusted"
