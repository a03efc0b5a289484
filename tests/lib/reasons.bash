# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests of reasons are written in.  Each reason is provoked somewhere by
#
#	provokes SEVERITY CODE DPRC [OPTIONS of check]
#
# which board/rules/reasons.bats counts, in all files.
#
# shellcheck disable=SC2154 # bats and board.bash set them
load "${BASH_SOURCE[0]%/*}/board"

# reasons_of DPRC [OPTIONS]: lines "SEVERITY CODE", sorted.
reasons_of() {
	board_exec fslmc-vfio check -n -r -o SEVERITY,CODE "$@" 2>/dev/null | LC_ALL=C sort
}

# check finds the reason once, with that weight, and refuses for no other reason but those in $besides.
provokes() {
	local severity=$1 code=$2 reasons refusals
	shift 2
	reasons=$(reasons_of "$@")
	[ "$(grep -c " $code\$" <<<"$reasons")" -eq 1 ] || { echo "found: $reasons"; return 1; }
	grep -qx "$severity $code" <<<"$reasons"
	refusals=$(sed -n 's/^refuse //p' <<<"$reasons" | grep -vxF "$code" || true)
	[ "$refusals" = "${besides:-}" ] || { echo "also refused: $refusals"; return 1; }
}

# evidence CODE DPRC [OPTIONS]: what was found.
evidence() {
	local code=$1
	shift
	board fslmc-vfio check --json "$@"
	jq -r --arg code "$code" '.findings[] | select(.code == $code) | .evidence' <<<"$output"
}

# bind refuses for that reason, and for those that check has besides, each in one line, with that exit status, and
# writes nothing.
bind_refuses() {
	local status_wanted=$1 code=$2 name=$3 said options=()
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind "${@:3}"
	[ "$status" -eq "$status_wanted" ] || { echo "status $status: $stderr"; return 1; }
	[[ $stderr == *"fslmc-vfio: $name: $code: "* ]] || { echo "said: $stderr"; return 1; }
	[[ ${*:4} != *--strict* ]] || options=(--strict)
	said=$(grep -v ' warning: ' <<<"$stderr" | sed "s/^fslmc-vfio: $name: \([a-z-]*\): .*/refuse \1/" | LC_ALL=C sort)
	[ "$said" = "$(reasons_of "$name" "${options[@]}" | grep '^refuse ')" ] || { echo "said: $stderr"; return 1; }
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

# Root's objects as the MC has them now.
rescan() { board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'; }

# new_dprc KEYS of the firmware's "create": a DPRC below the root, which Linux knows.
new_dprc() {
	firmware "{\"do\":\"create\",\"parent\":1,$1}" >/dev/null
	rescan
}

# destroy DPRC...
destroy() {
	local name
	for name; do
		firmware "{\"do\":\"destroy\",\"object\":\"$name\"}" >/dev/null
	done
	rescan
}
