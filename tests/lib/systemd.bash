# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests on boards that boot systemd.

# state_of UNIT: waits until it is no more starting.
state_of() {
	board_exec sh -c 'for i in $(seq 100); do
		state=$(systemctl is-active "$1"); [ "$state" = activating ] || [ "$state" = inactive ] || break; sleep 0.5
	done; echo "$state"' sh "$1"
}

# has_done UNIT: waits until its work succeeded.  systemd itself forgets units that are through.
has_done() {
	board_exec sh -c 'for i in $(seq 200); do
		journalctl --output=cat --unit="$1" | awk "/^Starting/ { done = 0 } /^Finished/ { done = 1 } END { exit !done }" && exit
		sleep 0.5
	done; journalctl --output=short-monotonic --unit="fslmc-vfio*"; exit 1' sh "$1"
}
