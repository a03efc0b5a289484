# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lock on firmware that has none, and on firmware that does more or less by it than documents say.
#
# shellcheck disable=SC2154,SC2034

load ../../lib/firmware
load ../../lib/board
load ../../lib/transaction
load ../../lib/reasons
load ../../lib/lock

setup() { dir=$BATS_TEST_TMPDIR; }

# One board a test.
teardown() { board_stop; }

# board_with FILTER: the small board, changed by jq.
board_with() {
	jq "$1" "$tests_dir/vm/topologies/small.json" >"$dir/changed.json"
	board_start "$dir/changed.json"
	board_needed
	needs_virtual_board
}

@test "before MC 10.20 a lock is refused before the first change, and the options decide" {
	board_with 'del(.api_versions) | .mc_version.minor = 10'
	provokes refuse lock-unsupported dprc.2 --lock
	provokes warn contents-changeable dprc.2
	[ "$(evidence contents-changeable dprc.2)" = "SPAWN, OBJ_CREATE" ]
	same_state fslmc-vfio bind --lock dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: lock-unsupported: "*"MC 10.10.0"*"leave out the lock"* ]]
	# dprc.3 may do nothing of the kind by its options.
	board fslmc-vfio bind --strict dprc.3
	[ "$status" -eq 0 ]
	same_state fslmc-vfio bind --lock dprc.3
	[ "$status" -eq 4 ]
}

# With TOPOLOGY_CHANGES it can disconnect, and no lock is known to forbid that; check says so on both.
locked_with_topology() {
	board fslmc-vfio bind --lock dprc.2
	[ "$status" -eq 0 ]
	software_of dpmcp.10
	try
	provokes warn contents-changeable dprc.2
	[ "$(evidence contents-changeable dprc.2)" = TOPOLOGY_CHANGES ]
}

@test "a lock that leaves connections alone" {
	board_with '.containers[1].options += ["TOPOLOGY_CHANGES"]'
	locked_with_topology
	[ "$tried" = "$NO_PRIVILEGE $NO_PRIVILEGE $OK" ]
	same_state fslmc-vfio bind --strict --lock dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"make a DPRC without the option TOPOLOGY_CHANGES"* ]]
}

@test "a lock that forbids connections as well" {
	board_with '.containers[1].options += ["TOPOLOGY_CHANGES"] | .unmeasured = {"lock_forbids_connections": true}'
	locked_with_topology
	[ "$tried" = "$NO_PRIVILEGE $NO_PRIVILEGE $NO_PRIVILEGE" ]
}

# It cannot be read back: exit status 0 means that the MC said so, and the manual that no more is known.
@test "a lock that the MC says it made and did not enforce" {
	board_with '.unmeasured = {"lock_has_no_effect": true}'
	board fslmc-vfio bind --lock -n -r -o LOCKED dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = yes ]
	software_of dpmcp.10
	try
	[ "$tried" = "$OK $OK $NO_PRIVILEGE" ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
}
