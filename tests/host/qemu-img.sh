# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
# The image's qemu-img with the image's libraries, as $DOLMEN_ROOT/usr/bin/qemu-img, which dolmen runs. $build is set.
tree=$(readlink -f "$build/rootfs/out/tree") || tree=
[ -e "$tree/usr/bin/qemu-img" ] || { echo "no qemu-img: make iso first"; exit 77; }
mkdir -p "$DOLMEN_ROOT/usr/bin"
cat >"$DOLMEN_ROOT/usr/bin/qemu-img" <<X
#!/bin/sh
exec "$tree/usr/lib64/ld-linux-x86-64.so.2" --library-path "$tree/usr/lib/x86_64-linux-gnu" "$tree/usr/bin/qemu-img" "\$@"
X
chmod +x "$DOLMEN_ROOT/usr/bin/qemu-img"
