# SPDX-License-Identifier: GPL-2.0-or-later
#
# An interface of the root DPRC that lives on a DPIO of the container.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start nic-outside --drivers; }
teardown_file() { board_stop; }

@test "a container that others depend on is not taken" {
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"outside-consumer"*"dpni.0 uses dpio."* ]]
}

@test "by force it is taken: what is lost is named, asked back, and there again after unbind" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind --force dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dpni.0: warning: lost its driver fsl_dpaa2_eth, as --force allowed; reprobing"* ]]
	[[ $stderr == *"dpni.0: warning: driver could not be restored"* ]]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dpni.0)" = fsl_dpaa2_eth ]
	# Everybody has his driver; which DPMCP and DPCON an interface gets is the kernel's choice.
	diff <(grep '/driver l ' "$BATS_TEST_TMPDIR/before") <(state_dump | grep '/driver l ')
	[ "$(grep -c '/driver l ' "$BATS_TEST_TMPDIR/before")" -gt 20 ]
}
