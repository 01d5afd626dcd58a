# shellcheck shell=sh disable=SC2154 # build and tmp come from the test
# SPDX-License-Identifier: GPL-2.0-or-later
# A terminal of 80 columns and 24 rows for the installer's windows: tmux draws it, and tells what stands on it.

tests=$PWD/tests

# The machine of a recording, and the locale of the image.
prepare() {
	rm -rf "$tmp/machine" "$tmp/terminal"
	mkdir -p "$tmp/machine" "$tmp/terminal/locale"
	ln -s /usr/lib/locale/C.utf8 "$tmp/terminal/locale/en_US.utf8"
	while read -r kind path text; do
		mkdir -p "$tmp/machine/$(dirname "$path")"
		case $kind in
		file) printf '%b\n' "$text" >"$tmp/machine/$path" ;;
		link) ln -s "$text" "$tmp/machine/$path" ;;
		esac
	done <"$tests/machines/$1.machine"
}

terminal() { tmux -S "$tmp/terminal/socket" -f /dev/null -u "$@"; }

# begin [NAME=VALUE ...]: the installer with these in its environment, and $options instead of a dry run
begin() {
	terminal kill-server 2>/dev/null || :
	rm -f "$tmp/terminal/code"
	cat >"$tmp/terminal/run" <<-END
		env LOCPATH=$tmp/terminal/locale $* $build/installer/dolmen-install --interactive --ui newt --names $tests/ui/names \
			--messages $build/installer/locale --cmdline /dev/null ${options:---dry-run --seed 1 --save $tmp/terminal/saved \
			--machine $tmp/machine --medium $tests/machines/medium --boot-files $tests/machines/medium}
		echo \$? >$tmp/terminal/code
		sleep 60
	END
	terminal new-session -d -x 80 -y 24 "sh $tmp/terminal/run"
}

screen() { terminal capture-pane -p; }

# see TEXT: waits until it stands on the screen
see() {
	tries=0
	until screen | grep -qF -- "$1"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 100 ]; then
			echo "not on the screen: $1"
			screen
			terminal kill-server
			exit 1
		fi
		sleep 0.1
	done
	framed
}

unseen() {
	if screen | grep -qF -- "$1"; then
		echo "on the screen: $1"
		screen
		terminal kill-server
		exit 1
	fi
}

# A window's lines have both borders: nothing ran over.
framed() {
	if screen | grep '^    │' | grep -v '[│↑↓▒▮█]$'; then
		echo "a line runs over its window's border"
		screen
		terminal kill-server
		exit 1
	fi
}

press() { for key in "$@"; do terminal send-keys "$key"; done; }
type_in() { terminal send-keys -l "$1"; }

# end CODE: the installer has ended with it
end() {
	tries=0
	until [ -s "$tmp/terminal/code" ]; do
		tries=$((tries + 1))
		[ "$tries" -le 100 ] || { echo "it does not end"; screen; terminal kill-server; exit 1; }
		sleep 0.1
	done
	terminal kill-server
	[ "$(cat "$tmp/terminal/code")" = "$1" ] || { echo "exit code $(cat "$tmp/terminal/code")"; exit 1; }
}
