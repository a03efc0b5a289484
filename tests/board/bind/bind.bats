# SPDX-License-Identifier: GPL-2.0-or-later
#
# bind and unbind where all goes well, and what they refuse.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind -n dprc.2 dprc.3 >/dev/null; }

@test "bind takes the DPRC and every object in it to vfio-fsl-mc, in one group" {
	board fslmc-vfio bind -n -r -o NAME,CHANGED,DRIVER dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "dprc.2 yes vfio-fsl-mc" ]
	board sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2/ && readlink driver dp*/driver | sed "s,.*/,," | sort | uniq -c'
	[[ $output == *" 10 vfio-fsl-mc" ]]
	board sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2/ && readlink -f iommu_group dp*/iommu_group | sort -u'
	[ "${#lines[@]}" -eq 1 ]
}

@test "bind changes nothing of a DPRC that is with VFIO already, and says so" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	same_state fslmc-vfio bind -n -r -o NAME,CHANGED dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 no" ]
}

@test "unbind leaves everything as it was before bind" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "unbind of a DPRC that is not with VFIO changes nothing" {
	same_state fslmc-vfio unbind -n -r -o NAME,CHANGED dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 no" ]
}

@test "unbind puts back an override and a missing driver, too, if that is what bind found" {
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dprc.3 >drivers/fsl_mc_dprc/unbind &&
		echo some-driver >devices/dprc.3/driver_override'
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	[ "$(driver_of dprc.3)" = vfio-fsl-mc ]
	board_exec fslmc-vfio unbind dprc.3 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo >devices/dprc.3/driver_override &&
		echo dprc.3 >drivers/fsl_mc_dprc/bind'
}

@test "unbind gives a DPRC that was bound by hand to the host's driver" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo vfio-fsl-mc >devices/dprc.2/driver_override &&
		echo dprc.2 >drivers/fsl_mc_dprc/unbind && echo dprc.2 >drivers/vfio-fsl-mc/bind'
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: original driver not recorded; binding to fsl_mc_dprc"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "two DPRCs are bound and given back in one go" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind -n -r -o NAME,DRIVER dprc.3 dprc.2
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "dprc.3 vfio-fsl-mc" ]
	[ "${lines[1]}" = "dprc.2 vfio-fsl-mc" ]
	board_exec fslmc-vfio unbind dprc.2 dprc.3 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "one DPRC that is refused keeps the others from being bound" {
	same_state fslmc-vfio bind dprc.2 dprc.1
	[ "$status" -eq 4 ]
	[[ $stderr == "fslmc-vfio: dprc.1: root-dprc: "* ]]
}

@test "--dry-run shows the writes of bind in order, and makes none" {
	same_state fslmc-vfio bind --dry-run -n -r dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "0 /sys/bus/fsl-mc/autorescan
vfio-fsl-mc /sys/bus/fsl-mc/devices/dprc.2/driver_override
dprc.2 /sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind
dprc.2 /sys/bus/fsl-mc/drivers/vfio-fsl-mc/bind
1 /sys/bus/fsl-mc/autorescan" ]
}

@test "--dry-run of unbind puts the override back before the driver" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	same_state fslmc-vfio unbind --dry-run -J dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -r '.writes[1:-1][] | .text + " " + .path' <<<"$output")" = " /sys/bus/fsl-mc/devices/dprc.2/driver_override
dprc.2 /sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind
dprc.2 /sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind" ]
}

@test "what --dry-run shows to people can be pasted" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board sh -c 'fslmc-vfio bind --dry-run dprc.2 | tee /tmp/shown && sed -n "s/^  //p" /tmp/shown | sh -e'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "dprc.2: bind to vfio-fsl-mc" ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	board_exec sh -c 'fslmc-vfio unbind dprc.2; fslmc-vfio bind dprc.2' >/dev/null
	board sh -c 'fslmc-vfio unbind --dry-run dprc.2 | tee /tmp/shown && sed -n "s/^  //p" /tmp/shown | sh -e'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "dprc.2: bind to fsl_mc_dprc" ]
	[[ $output == *"  echo > /sys/bus/fsl-mc/devices/dprc.2/driver_override"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a damaged record is one for a dry run of unbind, too" {
	local options
	board_exec sh -c 'fslmc-vfio bind dprc.2 && echo "{" >/run/fslmc-vfio/bound/dprc.2.json' >/dev/null
	for options in '' --dry-run; do
		# shellcheck disable=SC2086 # one or none
		same_state fslmc-vfio unbind $options dprc.2
		[ "$status" -eq 4 ]
		[[ $stderr == *"/run/fslmc-vfio/bound/dprc.2.json, is damaged"* ]]
	done
	board_exec rm /run/fslmc-vfio/bound/dprc.2.json
}

@test "what a dry run of unbind shows is what the record says" {
	board_exec sh -c 'echo dprc.2 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind; fslmc-vfio bind dprc.2' >/dev/null
	board fslmc-vfio unbind --dry-run dprc.2
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "dprc.2: unbind from vfio-fsl-mc" ]
	[[ $output != */fsl_mc_dprc/bind* ]]
	board_exec sh -c 'fslmc-vfio unbind dprc.2; echo dprc.2 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind' >/dev/null
}

@test "unbind takes no DPRC from the host's driver, whatever an old record says" {
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dprc.2 >drivers/fsl_mc_dprc/unbind && fslmc-vfio bind dprc.2 &&
		echo >devices/dprc.2/driver_override && echo dprc.2 >drivers/vfio-fsl-mc/unbind &&
		echo dprc.2 >drivers/fsl_mc_dprc/bind && echo vfio-fsl-mc >devices/dprc.2/driver_override' >/dev/null
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = '(null)' ]
}

@test "an ordinary user may look, dry-run and check, but not bind" {
	needs_virtual_board
	board_as_operator fslmc-vfio list -n
	[ "$status" -eq 0 ]
	[[ $output == *dprc.2* ]]
	board_as_operator fslmc-vfio bind --dry-run dprc.2
	[ "$status" -eq 0 ]
	board_as_operator fslmc-vfio bind dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *root* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
}

@test "bind gives the old driver back when vfio-fsl-mc refuses" {
	needs_virtual_board
	state_dump >"$BATS_TEST_TMPDIR/before"
	firmware '{"do":"fail","command":"get_obj_count","status":"busy","from":"dprc.2"}'
	board fslmc-vfio bind dprc.2
	firmware '{"do":"clear"}'
	[ "$status" -eq 1 ]
	[[ $stderr == *dprc.2*busy* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "${stderr_lines[1]}" = "fslmc-vfio: dprc.2 is as it was" ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "six at once, more than the MC is asked to hold open together" {
	needs_virtual_board
	local ids=(30 31 32 33 34 35) id
	state_dump >"$BATS_TEST_TMPDIR/before"
	for id in "${ids[@]}"; do
		firmware "{\"do\":\"create\",\"parent\":1,\"id\":$id,\"icid\":$id,\"plugged\":true}"
	done
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	board fslmc-vfio bind "${ids[@]/#/dprc.}"
	[ "$status" -eq 0 ]
	for id in "${ids[@]}"; do
		[ "$(driver_of "dprc.$id")" = vfio-fsl-mc ]
	done
	board_exec fslmc-vfio unbind "${ids[@]/#/dprc.}" >/dev/null
	for id in "${ids[@]}"; do
		firmware "{\"do\":\"destroy\",\"object\":\"dprc.$id\"}"
	done
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a machine given by --sysroot is never written to" {
	board fslmc-vfio bind --sysroot / dprc.2
	[ "$status" -eq 2 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
}
