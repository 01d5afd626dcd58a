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
# Networks whose router this host is: leases, and the way to the management's network, as this host.
config bridge | while read -r name words; do
	case " $words" in *' nat='*) ;; *) continue ;; esac
	case $name in *[!0-9A-Za-z_-]*) continue ;; esac
	# Here, not with the rest: a kernel that cannot translate still has a firewall.
	nft add chain inet dolmen postrouting '{ type nat hook postrouting priority srcnat; }' ||
		{ failed "the network $name has no way out: the kernel translates no addresses"; continue; }
	nft add rule inet dolmen input iifname "$name" udp dport 67 accept
	nft add chain inet dolmen forward '{ type filter hook forward priority filter; policy drop; }'
	nft add rule inet dolmen forward iifname "$name" oifname 'xenbr0*' accept
	nft add rule inet dolmen forward iifname 'xenbr0*' oifname "$name" ct state established,related accept
	nft add rule inet dolmen postrouting iifname "$name" oifname 'xenbr0*' masquerade
done
config open | while read -r words; do
	# shellcheck disable=SC2086 # words on purpose
	allow $words || failed "firewall: open=$words: not PROTOCOL PORTS [ADDRESS]"
done
