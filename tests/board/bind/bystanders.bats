# SPDX-License-Identifier: GPL-2.0-or-later
#
# Objects outside the container, and the bus itself, are as they were.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -z ${BOARD_MISSING:-} ]] || return 0
	[[ -n ${FSLMC_VFIO_BOARD:-} ]] || faults_hit >/dev/null
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/autorescan; fslmc-vfio unbind dprc.2' >/dev/null
}

@test "a bystander that loses its driver is named, asked back, and the bind is undone" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	halted bind dprc.2
	board_exec sh -c 'echo dpbp.0 >/sys/bus/fsl-mc/drivers/fsl_mc_allocator/unbind'
	goes_on
	[ "$status" -eq 1 ]
	[[ $stderr == *"dpbp.0: object outside the container lost its driver fsl_mc_allocator; reprobing"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "autorescan that was off stays off" {
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/autorescan'
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 0 ]
}

@test "a bind is undone when the MC refuses autorescan, which then comes on again" {
	# The first masks the interrupt, for autorescan to be off; the second would unmask it.
	firmware_fails set_irq_mask busy dprc.1 1
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot write '1' to /sys/bus/fsl-mc/autorescan: "*"; the MC did not do it"* ]]
	[ "$(faults_hit)" -eq 1 ]
}

@test "one object that fails undoes the bind, and is named" {
	firmware_fails get_obj_region config_err dpio.10
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: 1 of "*" objects were not bound to vfio-fsl-mc, or are not isolated: dpio.10 (not in Linux)"* ]]
}

@test "what is created in the root DPRC while autorescan is off appears afterwards" {
	needs_virtual_board
	halted bind dprc.2
	firmware '{"do":"add","container":1,"type":"dpbp","id":77}'
	goes_on
	[ "$status" -eq 0 ]
	[ "$(driver_of dpbp.77)" = fsl_mc_allocator ]
	firmware '{"do":"destroy","object":"dpbp.77"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
}

@test "it appears, too, if the MC is busy at the first scan for it, of which the kernel says nothing" {
	needs_virtual_board
	halted bind dprc.2
	firmware '{"do":"add","container":1,"type":"dpbp","id":77}'
	# Linux asks for it in no other case.
	firmware_fails get_obj busy dpbp.77
	goes_on
	[ "$status" -eq 0 ]
	[ "$(faults_hit)" -eq 1 ]
	[ "$(driver_of dpbp.77)" = fsl_mc_allocator ]
	firmware '{"do":"destroy","object":"dpbp.77"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
}

@test "if the MC stays busy, the bind is made, and it says how to see what is missing" {
	needs_virtual_board
	halted bind dprc.2
	firmware '{"do":"add","container":1,"type":"dpbp","id":77}'
	firmware_fails get_obj busy dpbp.77 0 0
	goes_on
	[ "$status" -eq 0 ]
	[ "$(faults_hit)" -ge 5 ]
	[[ $stderr == *"the MC counts other objects in the root DPRC than Linux has; run: echo 1 > /sys/bus/fsl-mc/rescan"* ]]
	[ -z "$(driver_of dpbp.77)" ]
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	[ "$(driver_of dpbp.77)" = fsl_mc_allocator ]
	firmware '{"do":"destroy","object":"dpbp.77"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
}
