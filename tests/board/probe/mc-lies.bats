# SPDX-License-Identifier: GPL-2.0-or-later
#
# An MC that answers, and what it says cannot be: nobody waits long, all else is known, and --strict writes nothing.
#
# shellcheck disable=SC2034,SC2154

load ../../lib/board
load ../../lib/transaction

setup_file() {
	board_start small
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio list --objects --json >"$BATS_FILE_TMPDIR/truth"
}
teardown_file() { board_stop; }
setup() {
	board_needed
	needs_virtual_board
}
teardown() { [[ -n ${BOARD_MISSING:-} || -n ${FSLMC_VFIO_BOARD:-} ]] || firmware '{"do":"clear"}' >/dev/null; }

# lies COMMAND OBJECT AT BYTES [TIMES]: the MC says that in all its answers, or so often.
lies() {
	firmware "$(jq -cn --arg command "$1" --arg object "$2" --argjson at "$3" --arg bytes "$4" --argjson times "${5:-0}" \
		'{do: "lie", $command, $object, $at, $bytes, $times}')"
}

# number N: as the MC writes it.
number() { printf '%02x%02x%02x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }

# Without what may differ: what dprc.2 contains, and how many of what the pools had there are.
others() {
	jq -S 'del(.messages, .pools[].object_count, (.dprcs[] | select(.name == "dprc.2")),
		(.objects[] | select(.container == "dprc.2" or .mc_container == "dprc.2")))'
}

# The contents of dprc.2 are unknown, and that is said; of all others everything is known.
contents_are_unknown() {
	board timeout 20 fslmc-vfio list --objects --json
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.messages[] | [.object, .message]]' <<<"$output")" = \
		'[["dprc.2","the MC did not tell all of its objects, or it changed meanwhile"]]' ]
	[ "$(jq '.dprcs[] | select(.name == "dprc.2") | .mc_object_count' <<<"$output")" = null ]
	diff <(others <"$BATS_FILE_TMPDIR/truth") <(others <<<"$output")
	same_state timeout 20 fslmc-vfio bind --strict dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: mc-unknown: MC data incomplete"* ]]
	has_no_journal
}

@test "a count that no DPRC can have, or that is more than there are" {
	local count
	for count in 10 65536 100000 4294967295; do
		lies get_obj_count dprc.2 12 "$(number "$count")"
		contents_are_unknown
		[ "$(faults_hit)" -gt 1 ]
	done
}

@test "a count that is another one each time; one that was wrong once is asked for again" {
	local count
	for count in 10 11 12; do lies get_obj_count dprc.2 12 "$(number "$count")" 1; done
	board fslmc-vfio list --objects --json
	[ "$(faults_hit)" -eq 3 ]
	[ "$(jq '.dprcs[] | select(.name == "dprc.2") | .mc_object_count' <<<"$output")" = null ]
	lies get_obj_count dprc.2 12 "$(number 10)" 1
	board fslmc-vfio list --objects --json
	[ "$(faults_hit)" -eq 1 ]
	diff <(jq -S . "$BATS_FILE_TMPDIR/truth") <(jq -S . <<<"$output")
}

# described_as TYPE_IN_HEX ID: what GET_OBJ says of dpni.1.
described_as() {
	local type=$1
	while ((${#type} < 32)); do type=${type}00; done
	lies get_obj dpni.1 12 "$(number "$2")57190003020000000800050000000000$type"
}

@test "a DPRC that is in itself, in the one it is around, or in two" {
	local id
	for id in 1 2 3; do
		described_as 64707263 "$id" # dprc
		board timeout 20 fslmc-vfio list --objects --json
		[ "$status" -eq 0 ]
		[[ $(jq -r '.messages[].message' <<<"$output") == *"the MC did not tell all of its objects"* ]]
		[ "$(jq -c '[.dprcs[].name]' <<<"$output")" = '["dprc.1","dprc.2","dprc.3"]' ]
		same_state timeout 20 fslmc-vfio bind --strict dprc.2
		[ "$status" -eq 4 ]
		[[ $stderr == *"mc-unknown"* ]]
		[ "$(faults_hit)" -gt 1 ]
	done
}

@test "types that fill their field, have control bytes, or are paths" {
	local type
	for type in 64706e6964706e6964706e6964706e69 64706e691b5b33316d 64702f2e2e2f2e2e 25736e ''; do
		described_as "$type" 1
		contents_are_unknown
		[[ $output$stderr != *$'\e'* ]]
		[ "$(faults_hit)" -gt 1 ]
	done
}

@test "labels that fill their field, and are no text" {
	lies get_obj dpni.1 48 "$(printf '1b5b33316d9bff0a%.0s' 1 2)"
	board fslmc-vfio list --objects -o +LABEL
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	# What is no UTF-8 is a replacement character each.
	[[ $output == *'\x1b[31m'$'\357\277\275\357\277\275''\x0a\x1b[31m'* ]]
	[ "$(tr -d '\n\040-\176\200-\377' <<<"$output" | wc -c)" -eq 0 ]
}

@test "connections in a circle, and to what cannot be" {
	local peer
	# dpni.1 itself, interface 65535 of a dprw.1, and a type of 16 bytes that are no letters.
	for peer in "$(number 1)0000000064706e69" "$(number 1)ffff000064707277" \
		"$(number 0)00000000$(printf 'ff%.0s' {1..16})"; do
		lies get_connection dpni.1 32 "$peer"
		for verb in list show check; do
			board timeout 20 fslmc-vfio "$verb" dprc.2 --json
			[ "$status" -eq 0 ] || { echo "$verb $peer: $status $output"; return 1; }
		done
		[ "$(faults_hit)" -gt 1 ]
	done
}

@test "an answer that comes when nobody waits for it any more is not taken for the next one" {
	firmware '{"do":"delay","command":"get_obj","object":"dpni.1","ms":8000}'
	board timeout 20 fslmc-vfio list --objects --json
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.messages[] | [.object, .message]] | unique' <<<"$output")" = \
		"$(jq -cn '[["dprc.2", "dprc.3"][] | [., "cannot query the MC about it: MC status timeout"]]')" ]
	[ "$(jq -c '[.dprcs[] | .mc_object_count != null]' <<<"$output")" = '[true,false,false]' ]
	# At the same time as the late one.
	board timeout 30 fslmc-vfio list --objects --json
	diff <(jq -S . "$BATS_FILE_TMPDIR/truth") <(jq -S . <<<"$output")
}

# Several objects are asked for in one message, but each has the time of a command.
@test "an MC that is slow with each object tells all the same" {
	firmware '{"do":"delay","command":"get_obj","ms":450,"times":0}'
	board timeout 55 fslmc-vfio list --objects --json
	[ "$(faults_hit)" -gt 16 ]
	[ "$status" -eq 0 ]
	diff <(jq -S . "$BATS_FILE_TMPDIR/truth") <(jq -S . <<<"$output")
}

@test "of an MC that is silent about all objects, one command is waited for" {
	firmware '{"do":"mute","command":"get_obj","times":0}'
	# Linux waits for 15 s, with interrupts off, which are more on a board that is emulated; for each of the objects it
	# would be minutes.
	board timeout 60 fslmc-vfio list --objects --json
	[ "$status" -eq 0 ]
	board_options=(--deadline 60)
	board sh -c 'while pgrep -x fslmc-vfio; do sleep 0.5; done'
	[ "$status" -eq 0 ]
	firmware '{"do":"unmute"}'
	board timeout 20 fslmc-vfio list --objects --json
	diff <(jq -S . "$BATS_FILE_TMPDIR/truth") <(jq -S . <<<"$output")
}
