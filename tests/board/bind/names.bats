# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is no name is refused with a clear line, and nothing is written.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() {
	board_start small
	[[ -n ${BOARD_MISSING:-} ]] || state_dump >"$BATS_FILE_TMPDIR/before"
}
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || state_dump | diff "$BATS_FILE_TMPDIR/before" -; }

refused_as_no_name() {
	local verb
	for verb in bind unbind rebind check show probe; do
		board fslmc-vfio "$verb" -- "$1"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "fslmc-vfio: "*"is not the name of an object"* ]]
	done
}

@test "a path is no name" { refused_as_no_name ../../x; }
@test "a path behind a name is no name" { refused_as_no_name dprc.2/../dprc.1; }
@test "a number with a leading zero is no name" { refused_as_no_name dprc.02; }
@test "a number past 32 bits is no name" { refused_as_no_name dprc.4294967296; }
@test "a sign is no part of a number" { refused_as_no_name dprc.+2; }
@test "a type alone is no name" { refused_as_no_name dpni; }
@test "a type and a dot are no name" { refused_as_no_name dprc.; }
@test "nothing is no name" { refused_as_no_name ''; }
@test "a line break is no part of a name" { refused_as_no_name $'dprc.2\n'; }
@test "a blank is no part of a name" { refused_as_no_name 'dprc.2 '; }
@test "4 KiB are no name, and are not repeated in full" {
	local long
	long=dprc.$(printf '1%.0s' {1..4096})
	refused_as_no_name "$long"
	[ "${#stderr}" -lt 200 ]
}
@test "control bytes of a bad name do not reach the terminal" {
	refused_as_no_name $'dprc.2\e[31m'
	[[ $stderr != *$'\e'* ]]
}

@test "a label is a name" {
	board fslmc-vfio bind -n -r -o NAME LABEL=child
	[ "$status:$output" = 0:dprc.2 ]
	board fslmc-vfio unbind -n -r -o NAME LABEL=child dprc.2
	[ "$status:$output" = 0:dprc.2 ]
}

@test "an object that is not there is not found" {
	for verb in bind unbind rebind check show probe; do
		board fslmc-vfio "$verb" dprc.4294967295
		[ "$status" -eq 3 ]
		[[ $stderr == "fslmc-vfio: dprc.4294967295: no such object"* ]]
	done
}

@test "an object that is no DPRC is refused, and it says which DPRC has it" {
	for verb in bind unbind rebind; do
		board fslmc-vfio "$verb" dpni.1
		[ "$status" -eq 4 ]
		[[ $stderr == "fslmc-vfio: dpni.1: "*"whole DPRC"* ]]
	done
}

@test "no DPRC at all is a usage error" {
	for verb in bind unbind rebind; do
		board fslmc-vfio "$verb"
		[ "$status" -eq 2 ]
	done
}
