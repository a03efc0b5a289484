#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Many creates and destroys at once: nothing is left over, and every exit status is true.
# FSLMC_VFIO_OPERATIONS=304 is the whole of it.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/mc_state

operations=${FSLMC_VFIO_OPERATIONS:-16}
processes=$((operations > 32 ? 16 : operations / 2))

# One board a test.
teardown() { board_stop; }

# board_with PORTALS
board_with() {
	board_start_with "$1"
	board_needed
	needs_virtual_board
	# shellcheck disable=SC2034 # of board.bash
	board_options=(--deadline 3000)
	remember
}

# Each process makes a container with a label of its own and destroys it, in turn.  Prints how often each verb ended in
# which status, and what was not as the status said.
storm() {
	board bash -s "$processes" "$operations" <<'BOARD'
cd "$(mktemp -d)" || exit
has_label() { fslmc-vfio list -n -r -o LABEL 2>/dev/null | grep -qx "$1"; }
is_true() { [[ $(has_label "$2" && echo there) == "$1" ]] || echo "$3 says otherwise: $(<"$2.stderr")"; }
one() {
	local label=storm$1 i status name
	for ((i = 0; i < $2; i += 2)); do
		status=0
		name=$(fslmc-vfio create --wait 600 --label="$label" --for=dpdk --port=none -n -r -o NAME 2>"$label.stderr") || status=$?
		echo "create $status"
		if ((status)); then
			is_true '' "$label" "create $status"
			continue
		fi
		is_true there "$label" create
		status=0
		fslmc-vfio destroy --wait 600 "$name" >/dev/null 2>"$label.stderr" || status=$?
		echo "destroy $status"
		is_true '' "$label" "destroy $status"
	done
}
for ((p = 0; p < $1; p++)); do one "$p" $((($2 + $1 - 1) / $1)) >"out.$p" & done
wait
sort out.* | uniq -c
BOARD
	printf '%s\n' "$output" | sed 's/^ */# /' >&3
	[ "$status" -eq 0 ]
}

nothing_is_left() {
	as_before
	board_exec sh -c '! ls /run/fslmc-vfio/journal/*.json /run/fslmc-vfio/created/*.json 2>/dev/null'
	[ "$(board_exec fslmc-vfio list -n -r -o NAME)" = dprc.1 ]
}

@test "many at once, on an MC with portals enough: every one succeeds" {
	board_with 400
	storm
	run ! grep -vE '^ *[0-9]+ (create|destroy) 0$' <<<"$output"
	nothing_is_left
}

@test "many at once, on an MC whose portals run out: from then on creates are refused, and all is true" {
	board_with $((operations / 4))
	storm
	run ! grep -vE '^ *[0-9]+ (create [04]|destroy 0)$' <<<"$output"
	nothing_is_left
}
