# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# The installer remembers nothing.
mount -t tmpfs -o mode=755 tmpfs /state
mkdir -p /state/etc /state/log /state/lvm /state/root
ln -sfn /state/log /run/var/log
echo 'root:!:20000:0:99999:7:::' >/state/etc/shadow
chmod 600 /state/etc/shadow
