#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Captured machines damaged at random: a few of the runs that mutate makes.
#
# shellcheck disable=SC2154

load ../lib/machine

@test "no verb that reads crashes, hangs or writes control bytes, whatever a tree has in it" {
	run "$tests_dir/cli/mutate" "$fslmc_vfio" 60
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "60 damaged trees, 0 found" ]
}

@test "what must not be is found" {
	local broken=$BATS_TEST_TMPDIR/broken
	export TMPDIR=$BATS_TEST_TMPDIR # what was found is kept there
	printf '#!/bin/sh\nprintf "\\033[31m"\n' >"$broken"
	chmod +x "$broken"
	run "$tests_dir/cli/mutate" "$broken" 3
	[ "$status" -eq 1 ]
	[[ $output == *"control byte"*"3 damaged trees, 3 found" ]]
	printf '#!/bin/sh\nkill -SEGV $$\n' >"$broken"
	run "$tests_dir/cli/mutate" "$broken" 1
	[ "$status" -eq 1 ]
	[[ $output == *"status -11"* ]]
}
