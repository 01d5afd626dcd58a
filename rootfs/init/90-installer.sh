# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# The installer. With an answer file it runs alone and writes to every console. Without one, or when the file wants somebody
# to agree, it runs once, in a tmux session that consoles and SSH logins show (see attach). The word `shell` on the kernel
# line: no installer, a shell everywhere.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
init=$ROOT/usr/lib/dolmen/init
! flag shell || exit 0

answered() {
	for name in answerfile rt_answerfile answerfile_generator; do
		! param "$name" >/dev/null || return 0
	done
	find-device LABEL=DOLMEN-CONF >/dev/null
}

how=--interactive
if answered; then
	"$init/run-installer" --consoles && exit 0
	# Only somebody who agrees is missing.
	how=
fi
. "$init/session"
# Only what matters more than a screen that stays whole.
dmesg -n 3
tmux new-session -d -s installer -n installer -x 80 -y 24 "$init/run-installer $how; exec $init/shell"
tmux new-window -d -t installer:2 -n shell "while :; do $init/shell; done"
tmux new-window -d -t installer:3 -n log "$init/follow-log"
