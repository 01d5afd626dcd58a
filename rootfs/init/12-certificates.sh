# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# A certificate authority that came with the initramfs (/ca.pem) is trusted here, too.
bundle=${ROOT:-}/run/dolmen/ca-certificates.crt
[ ! -e "$bundle" ] || mount -o bind "$bundle" "${ROOT:-}/etc/ssl/certs/ca-certificates.crt"
