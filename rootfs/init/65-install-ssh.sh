# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install live rescue
# Installing over SSH: sshpassword=TEXT, or sshkey= a URL of keys or one key, %20 for a blank. Logins show the installer's
# session (see /etc/profile). The key of this server is new at each boot: its fingerprint is said on the consoles.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
password=$ROOT/run/dolmen/sshpassword
key=$(param sshkey) || key=
[ -s "$password" ] || [ -n "$key" ] || exit 0
ssh=$ROOT/state/root/.ssh
mkdir -p "$ssh"
chmod 700 "$ROOT/state/root" "$ssh"
case $key in
http://* | https://*)
	# From https on to https only: these are root's keys.
	case $key in https*) redirect='=https' ;; *) redirect='=http,https' ;; esac
	curl --silent --show-error --fail --location --proto-redir "$redirect" --max-time 30 --max-filesize 65536 \
		-o "$ssh/authorized_keys" "$key" ||
		say "dolmen: WARNING: sshkey=$(url_shown "$key") cannot be fetched" ;;
file://*) cp "$ROOT${key#file://}" "$ssh/authorized_keys" || say "dolmen: WARNING: sshkey=$key cannot be read" ;;
?*)
	key=$(printf '%s\n' "$key" | sed -e 's/\\/\\\\/g' -e 's/%\([0-9A-Fa-f][0-9A-Fa-f]\)/\\x\1/g')
	printf '%b\n' "$key" >"$ssh/authorized_keys" ;;
esac
set --
if [ -s "$password" ]; then
	hash=$(mkpasswd -m sha512 -P 0 <"$password")
	( umask 077; echo "root:$hash:20000:0:99999:7:::" >"$ROOT/state/etc/shadow" )
else
	set -- -s
fi
rm -f "$password"
host_key=$ROOT/run/dolmen/ssh_host_key
fingerprint=$(dropbearkey -t ed25519 -f "$host_key" | sed -n 's/^Fingerprint: //p')
dropbear -r "$host_key" -P "$ROOT/run/dropbear.pid" "$@"
for address in $(ip -o address show scope global | awk '{ sub("/.*", "", $4); print $4 }'); do
	say "dolmen: ssh root@$address, $fingerprint"
done
