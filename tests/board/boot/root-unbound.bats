# SPDX-License-Identifier: GPL-2.0-or-later
#
# A root DPRC that lost its driver, as when the MC is restarted or a probe failed.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() { board_start tiny; }
teardown_file() { board_stop; }
setup() { board_needed; }

@test "root-unbound: the way back that every verb names is one" {
	needs_virtual_board
	board_exec sh -c 'echo dprc.1 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind'
	local verb
	for verb in doctor check "check dprc.2" "bind dprc.2" "show dprc.2"; do
		# shellcheck disable=SC2086
		board fslmc-vfio $verb
		[ "$status" -eq 4 ]
		[[ $output$stderr == *root-unbound* ]]
	done
	board_exec sh -c "$(grep -o 'echo dprc.1 > [a-z/_-]*bind' <<<"$output$stderr")"
	board fslmc-vfio doctor
	[ "$status" -eq 0 ]
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
}
