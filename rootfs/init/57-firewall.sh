# SPDX-License-Identifier: GPL-2.0-or-later
# modes: live host
# The firewall, before there is a network: what was not opened is dropped. To be run again when host.conf changed.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
set -f

# allow PROTOCOL PORTS [FROM]: add a rule; 1 when the words are wrong. They become nft's language: nothing else may be in them.
allow() {
	[ "$#" -ge 2 ] && [ "$#" -le 3 ] || return 1
	case $1 in tcp | udp) ;; *) return 1 ;; esac
	case $2 in *[!0-9-]*) return 1 ;; esac
	case ${3:-} in
	'') from= ;;
	*[!0-9a-fA-F.:/]*) return 1 ;;
	*:*) from="ip6 saddr $3" ;;
	*) from="ip saddr $3" ;;
	esac
	# shellcheck disable=SC2086 # words on purpose
	nft add rule inet dolmen input $from "$1" dport "$2" accept
}

if ! nft -f "$ROOT/etc/nftables.conf"; then
	failed "the firewall cannot be loaded: what listens is open to everybody"
	exit 0
fi
! ssh_wanted || allow tcp 22
config open | while read -r words; do
	# shellcheck disable=SC2086 # words on purpose
	allow $words || failed "firewall: open=$words: not PROTOCOL PORTS [ADDRESS]"
done
