#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A board whose device tree says that the SMMU is not cache coherent: VFIO takes nothing behind it.
#
# shellcheck disable=SC2154

load ../../lib/reasons

setup_file() {
	jq '.smmu_is_coherent = false' "$tests_dir/vm/topologies/tiny.json" >"$BATS_FILE_TMPDIR/incoherent.json"
	board_start "$BATS_FILE_TMPDIR/incoherent.json"
}
teardown_file() { board_stop; }
setup() { board_needed && needs_virtual_board; }

@test "smmu-not-coherent is refused, and the kernel lives" {
	provokes refuse smmu-not-coherent dprc.2
	bind_refuses 4 smmu-not-coherent dprc.2
	bind_refuses 4 smmu-not-coherent dprc.2 --force
	board fslmc-vfio doctor
	[ "$status" -eq 4 ]
}
