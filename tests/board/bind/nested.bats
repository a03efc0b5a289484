# SPDX-License-Identifier: GPL-2.0-or-later
#
# A DPRC with a DPRC inside goes as one.
#
# shellcheck disable=SC2154

load ../../lib/reasons
load ../../lib/transaction

setup_file() { board_start nested; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio unbind dprc.2; fslmc-vfio unbind dprc.4' >/dev/null
}

@test "what is in a DPRC that is named is not to be named, too" {
	same_state fslmc-vfio bind dprc.2 dprc.4
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.4: it is in dprc.2 and goes with it; name only that one"* ]]
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	[ "$(driver_of dprc.4)" = vfio-fsl-mc ]
	same_state fslmc-vfio unbind dprc.4 dprc.2
	[ "$status" -eq 4 ]
}

@test "bind and unbind of the outer one leave everything as it was" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "nested-assigned: one inside that is with VFIO by itself stays so" {
	board_exec fslmc-vfio bind dprc.4 >/dev/null
	provokes refuse nested-assigned dprc.2
	[ "$(evidence nested-assigned dprc.2)" = dprc.4 ]
	bind_refuses 4 nested-assigned dprc.2
	board_exec fslmc-vfio unbind dprc.4 >/dev/null
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	[ -z "$(evidence nested-assigned dprc.2)" ]
}

@test "one inside goes back with the outer one, not by itself" {
	local options
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	for options in '' --dry-run; do
		# shellcheck disable=SC2086 # none, or one
		same_state fslmc-vfio unbind $options dprc.4
		[ "$status" -eq 4 ]
		[[ $stderr == *"dprc.4: it is in dprc.2, which is bound to vfio-fsl-mc, and is unbound with it; unbind dprc.2"* ]]
	done
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	board fslmc-vfio unbind -n -r -o NAME,CHANGED dprc.4
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.4 no" ]
}

# The node of the inner one's group belongs to somebody else than that of the outer one's.
bound_to_two() {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec chown operator "$(node_of dprc.4)"
}

belong_to_two() {
	[ "$(owner_of dprc.2)" = "root:root 600" ]
	[ "$(owner_of dprc.4)" = "operator:root 600" ]
}

@test "a change of owner that fails puts back that of each node" {
	local last=2 node
	bound_to_two
	node=$(node_of dprc.4)
	# The second group's; without groups the last device file, which comes after that of dprc.4.
	has_vfio_groups || { last=$(board_exec sh -c 'ls /dev/vfio/devices | wc -l') && node='/dev/vfio/devices/vfio[0-9]*'; }
	board strace -f -o /dev/null -e inject=fchmodat:error=EPERM:when="$last" fslmc-vfio bind --owner 0:0 dprc.2
	[ "$status" -eq 1 ]
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr == *"cannot give $node to user 0"* ]]
	belong_to_two
	has_no_journal
}

@test "rebind keeps the owner of each node, also when recover has to end it" {
	bound_to_two
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	belong_to_two
	board strace -f -o /dev/null -e inject=fchownat:signal=KILL fslmc-vfio rebind dprc.2
	[ "$(owner_of dprc.4)" = "root:root 600" ]
	board fslmc-vfio recover
	[ "$status" -eq 0 ]
	belong_to_two
}

@test "bind --owner looks at every node, and --dry-run names those that would change hands" {
	bound_to_two
	board fslmc-vfio bind -J --dry-run --owner root dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.writes[] | [.text, .path]]' <<<"$output")" = "[[\"owner root:root\",\"$(node_of dprc.4)\"]]" ]
	board fslmc-vfio bind -n -r -o CHANGED --owner root dprc.2
	[ "$output" = yes ]
	[ "$(owner_of dprc.4)" = "root:root 600" ]
	board fslmc-vfio bind -n -r -o CHANGED --owner root dprc.2
	[ "$output" = no ]
}
