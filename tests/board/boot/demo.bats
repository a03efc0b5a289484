# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command that README offers first.
# Runs alone: it installs anew what boards start with.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() {
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || export BOARD_MISSING='tests/demo has a virtual one of its own'
	[[ -d ${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install ]] || export BOARD_MISSING='nothing is built for it'
}

@test "tests/demo shows a container that goes to VFIO and comes back, asks nothing, and leaves no board" {
	run --separate-stderr "$tests_dir/demo" --kernel "${BOARD_KERNEL:-6.1}" </dev/null
	echo "$output$stderr"
	[ "$status" -eq 0 ]
	[[ $output == *$'\n# fslmc-vfio bind dprc.2\n'*$'\ndprc.2 yes     vfio-fsl-mc '*$'\n# fslmc-vfio probe dprc.2\n'* ]]
	[[ $output == *$'\n# fslmc-vfio unbind dprc.2\n'*$'\ndprc.2 yes     fsl_mc_dprc '* ]]
	[ "${lines[-1]}" = "== dprc.2 was bound to VFIO, and is as it was before." ]
	local board
	board=$(grep -om1 'demo-[0-9]*' <<<"$output$stderr")
	run "$board_script" alive "$board"
	[ "$status" -ne 0 ]
}
