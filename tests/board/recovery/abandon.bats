# SPDX-License-Identifier: GPL-2.0-or-later
#
# recover --abandon leaves an interrupted change as it is, says what that is, and lets the next change begin.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio recover; fslmc-vfio unbind dprc.2 dprc.3; cd /sys/bus/fsl-mc
		echo 1 >autorescan; echo >devices/dprc.2/driver_override; echo dprc.2 >drivers_probe' >/dev/null 2>&1
}

@test "an interrupted bind is left as it is, and that is said" {
	killed_while_writing bind dprc.2
	same_state fslmc-vfio recover --abandon dprc.2 -n -r
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 abandoned fsl_mc_dprc" ]
	[[ $stderr == *"dprc.2: warning: left as it is: driver fsl_mc_dprc and driver_override vfio-fsl-mc (before the change: fsl_mc_dprc and none)"* ]]
	[[ $stderr == *"autorescan is off and was on; run: echo 1 > /sys/bus/fsl-mc/autorescan"* ]]
	has_no_journal
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
}

@test "a bind that ended with VFIO is undone by unbind, as any other" {
	board_exec sh -c 'echo stale >/sys/bus/fsl-mc/devices/dprc.2/driver_override'
	killed_after_access $(($(accesses_before_writing bind dprc.2) + 4)) bind dprc.2
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	board fslmc-vfio recover --abandon=dprc.2 -J
	[ "$status" -eq 0 ]
	[ "$(jq -r '.dprcs[] | .name + " " + .state + " " + .driver' <<<"$output")" = "dprc.2 abandoned vfio-fsl-mc" ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = stale ]
}

@test "one of two that were changed together leaves both" {
	killed_while_writing bind dprc.3 dprc.2
	board fslmc-vfio recover --abandon dprc.2 -n -r
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.3 abandoned fsl_mc_dprc
dprc.2 abandoned fsl_mc_dprc" ]
	has_no_journal
	board_exec sh -c 'echo >/sys/bus/fsl-mc/devices/dprc.3/driver_override'
}

@test "a record that cannot be read goes by the name of its file" {
	put_record journal/dprc.2.json <<<'{'
	board fslmc-vfio recover --abandon dprc.3
	[ "$status" -eq 3 ]
	[[ $stderr == *"dprc.3: no change of it was interrupted"* ]]
	same_state fslmc-vfio recover --abandon dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: warning: the record of its interrupted change could not be read"* ]]
	has_no_journal
}

@test "without an interrupted change there is nothing to abandon" {
	same_state fslmc-vfio recover --abandon dprc.2
	[ "$status" -eq 3 ]
	[[ $stderr == *"dprc.2: no change of it was interrupted"* ]]
	same_state fslmc-vfio recover --abandon ../dprc.2
	[ "$status" -eq 2 ]
}
