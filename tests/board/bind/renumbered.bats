# SPDX-License-Identifier: GPL-2.0-or-later
#
# A number says nothing: the root DPRC is the one whose parent is not on the bus, here dprc.7; and after a change
# of the MC's configuration what was dprc.2 is dprc.1, and dprc.2 is another container.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# Definitions are written on a board as it was; then it boots with other numbers.
setup_file() {
	export DEFINITIONS=$BATS_FILE_TMPDIR/definitions
	mkdir "$DEFINITIONS"
	if [[ -z ${FSLMC_VFIO_BOARD:-} ]]; then
		board_start small
		[[ -z ${BOARD_MISSING:-} ]] || return 0
		board_exec fslmc-vfio define dprc.2 --owner operator >/dev/null
		board_exec tar -C /etc/fslmc-vfio.d -c . | tar -C "$DEFINITIONS" -x
		board_exec fslmc-vfio undefine child >/dev/null
		board_exec fslmc-vfio define dprc.2 --as by-number --unsafe-by-name >/dev/null
		board_exec tar -C /etc/fslmc-vfio.d -c . | tar -C "$DEFINITIONS" -x
		board_stop
	fi
	board_start renumbered
}
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio unbind -n dprc.1 dprc.2; rm -rf /etc/fslmc-vfio.d' >/dev/null
}

# The definition NAME, as the board before had it.
carry_over() {
	needs_virtual_board
	board_exec sh -c 'mkdir -p /etc/fslmc-vfio.d && cat >"/etc/fslmc-vfio.d/$1"' sh "$1.json" <"$DEFINITIONS/$1.json"
}

@test "a root DPRC named dprc.7 is refused, and nothing is written" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind dprc.7
	[ "$status" -eq 4 ]
	[[ $stderr == "fslmc-vfio: dprc.7: root-dprc: "* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a child named dprc.1 is bound and given back" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind dprc.1
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.1)" = vfio-fsl-mc ]
	board fslmc-vfio unbind dprc.1
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "apply finds by its label the container that had another number, and leaves the one that has its number now" {
	carry_over child
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio apply -n -r -o DEFINITION,NAME,CHANGED,OWNER
	[ "$status" -eq 0 ]
	[ "$output" = "child dprc.1 yes operator:root" ]
	[ "$(driver_of dprc.1)" = vfio-fsl-mc ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	board fslmc-vfio apply -n -r -o DEFINITION,NAME,CHANGED,OWNER
	[ "$status" -eq 0 ]
	[ "$output" = "child dprc.1 no operator:root" ]
	board_exec fslmc-vfio unbind dprc.1 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "apply refuses the stranger that has the number of a definition by number, and says what it is not" {
	carry_over by-number
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio apply
	[ "$status" -eq 4 ]
	[[ $stderr == "fslmc-vfio: dprc.2: it does not match the definition 'by-number': "*"1 dpni instead of 2"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "apply for the device that has the old number does nothing with it" {
	carry_over child
	board fslmc-vfio apply -n -r -o NAME --container dprc.2
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(driver_of dprc.1)" = fsl_mc_dprc ]
}

@test "the stranger with the label is refused: its contents are not those defined" {
	carry_over child
	firmware '{"do": "label", "object": "dprc.1", "label": "old"}' >/dev/null
	firmware '{"do": "label", "object": "dprc.2", "label": "child"}' >/dev/null
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio apply
	firmware '{"do": "label", "object": "dprc.1", "label": "child"}' >/dev/null
	firmware '{"do": "label", "object": "dprc.2", "label": "stranger"}' >/dev/null
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: it does not match the definition 'child'"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}
