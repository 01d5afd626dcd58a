# SPDX-License-Identifier: GPL-2.0-or-later
# modes: host
# The SSH server, when the administrator asked for it, for good or for a while. Root's keys are /state/root/.ssh/authorized_keys.
# Run again when host.conf changed; who is logged in stays so.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
limit=$ROOT/run/dolmen/ssh-until
if ! ssh_wanted; then
	unsupervise dropbear
	unsupervise ssh-limit
	exit 0
fi
keys=$ROOT/state/etc/dropbear
mkdir -p "$keys"
chmod 700 "$keys"
# The host's identity: made once, on the state partition, written whole or not at all.
for type in ed25519 ecdsa; do
	key=$keys/host_key_$type
	if [ ! -s "$key" ]; then
		rm -f "$key.new"
		dropbearkey -t "$type" -f "$key.new" >/dev/null
		rm -f "$key.new.pub"
		sync
		mv "$key.new" "$key"
	fi
done
set -- -r "$keys/host_key_ed25519" -r "$keys/host_key_ecdsa" -P "$ROOT/run/dropbear.pid"
# Who has not answered for 45 s is gone: what it began here, a migration for one, ends.
set -- "$@" -K 15
# Its own window, 24 KiB, makes what moves between hosts slow wherever the network is not short.
set -- "$@" -W 2097152
# Where root has no password on purpose, password logins are not even offered.
case $(sed -n 's/^root:\([^:]*\):.*/\1/p' "$ROOT/state/etc/shadow") in '!' | '*') set -- "$@" -s ;; esac
supervise dropbear dropbear -F "$@"
if [ -e "$limit" ]; then
	supervise ssh-limit "$ROOT/usr/lib/dolmen/init/ssh-limit"
else
	unsupervise ssh-limit
fi
