#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Definitions that say how their container is created: apply creates, binds, locks and gives it away, or leaves the MC
# and the bus as they were.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/lock
load ../../lib/mc_state

setup_file() { board_start lx2160a-rdb-shipped --cpus 2; }
teardown_file() { board_stop; }
teardown() { no_containers; }

# all_as_before: no container, no record, and the bus hears of changes.
all_as_before() {
	as_before
	board_exec sh -c '! ls /run/fslmc-vfio/*/*.json 2>/dev/null
		[ "$(cat /sys/bus/fsl-mc/autorescan)" = 1 ] && [ "$(cat /sys/bus/fsl-mc/drivers_autoprobe)" = 1 ]'
}

define_fast() { board_exec fslmc-vfio define --label=fast --for=dpdk --lcores=2 --port=dpmac.3 --port=dpmac.2 --lock --owner=operator >/dev/null; }

is_complete() {
	[ "$(driver_of "$1")" = vfio-fsl-mc ]
	[ "$(is_locked "$1")" = true ]
	[ "$(board_exec stat -c %U "/dev/vfio/$(group_of "$1")")" = operator ]
	board fslmc-vfio status
	[ "$status" -eq 0 ]
}

@test "one sentence defines it; apply creates, binds, locks and gives it away, and then has nothing to do" {
	needs_virtual_board
	remember
	board fslmc-vfio define --label=fast --for=dpdk --lcores=2 --port=dpmac.3 --port=dpmac.2,queues=2 --lock --owner=operator
	[ "$status" -eq 0 ]
	board_exec cat /etc/fslmc-vfio.d/fast.json >"$BATS_TEST_TMPDIR/fast"
	"$tests_dir/validate-json" --definition "$BATS_TEST_TMPDIR/fast"
	board fslmc-vfio status
	[ "$status" -eq 9 ]
	[[ $output == *"fast: missing: "*"'fslmc-vfio apply fast' creates it"* ]]
	board fslmc-vfio apply --dry-run
	[ "$status" -eq 0 ]
	[[ $output == "fast: a DPRC in dprc.1; "*"it would be created with 8 objects, and bound to vfio-fsl-mc" ]]
	board fslmc-vfio apply --dry-run --json
	[ "$(jq -r '.layouts[0].label' <<<"$output")" = fast ]
	all_as_before
	board fslmc-vfio apply -n -r -o NAME,CHANGED,DEFINITION
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes fast" ]
	is_complete dprc.2
	board fslmc-vfio apply -n -r -o NAME,CHANGED,DEFINITION
	[ "$output" = "dprc.2 no fast" ]
	board fslmc-vfio check --for=dpdk --lcores=2 -n -r -o SEVERITY dprc.2
	[[ $output != *warn* ]]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 0 ]
	all_as_before
}

@test "more than the layout asks for is fine, less is refused and named" {
	needs_virtual_board
	define_fast
	board_exec fslmc-vfio create --label=fast --for=dpdk --lcores=2 --port=dpmac.3 --port=dpmac.2 --crypto=1 --add=dpio:2 >/dev/null
	board fslmc-vfio apply -n -r -o NAME,CHANGED
	[ "$output" = "dprc.2 yes" ]
	board_exec sh -c 'fslmc-vfio unbind dprc.2 && fslmc-vfio destroy dprc.2' >/dev/null
	board_exec fslmc-vfio create --label=fast --for=dpdk --lcores=2 --port=dpmac.3 --port=none >/dev/null
	board fslmc-vfio apply
	[ "$status" -eq 4 ]
	[[ $stderr == *"no dpni connected to dpmac.2"* ]]
	[ "$(driver_of dprc.2)" != vfio-fsl-mc ]
	board fslmc-vfio status
	[ "$status" -eq 9 ]
	[[ $output == *"fast: contents: no dpni connected to dpmac.2"* ]]
}

@test "of several definitions all are made or none, and none by another's means" {
	needs_virtual_board
	define_fast
	board fslmc-vfio define --label=twin --for=dpdk --port=dpmac.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dpmac.2: the definition 'fast' has it already"* ]]
	board_exec fslmc-vfio define --label=slow --for=dpdk --port=dpmac.4 >/dev/null
	# Alone each has what it needs; of 63 DPBPs both want more than there are.
	board_exec sed -i 's/"layout":{/&"add":{"dpbp":40},/' /etc/fslmc-vfio.d/fast.json /etc/fslmc-vfio.d/slow.json
	remember
	board fslmc-vfio apply
	[ "$status" -eq 4 ]
	[[ $stderr == *"bp: too few left"* ]]
	all_as_before
	board_exec sed -i 's/40/2/' /etc/fslmc-vfio.d/fast.json /etc/fslmc-vfio.d/slow.json
	board fslmc-vfio apply -n -r -o CHANGED,DEFINITION
	[ "$status" -eq 0 ]
	[ "$(sort <<<"$output" | tr '\n' ' ')" = "yes fast yes slow " ]
}

@test "what cannot be assigned is not created: the host, the firmware, the owner, the port" {
	needs_virtual_board
	local wrong
	define_fast
	remember
	for wrong in 's/operator/nobody-there/' 's/dpmac\.3/dpmac.99/' 's/"lcores":2/"lcores":90/'; do
		board_exec sh -c 'cp /etc/fslmc-vfio.d/fast.json /run/fast && sed -i "$1" /etc/fslmc-vfio.d/fast.json' sh "$wrong"
		board fslmc-vfio apply
		[ "$status" -eq 4 ]
		all_as_before
		board_exec mv /run/fast /etc/fslmc-vfio.d/fast.json
	done
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/drivers_autoprobe'
	board fslmc-vfio apply
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/drivers_autoprobe'
	[ "$status" -eq 4 ]
	[[ $stderr == *autoprobe-off* ]]
	all_as_before
	board setpriv --bounding-set=-net_admin fslmc-vfio apply
	[ "$status" -eq 6 ]
	all_as_before
}

@test "if it cannot be bound or locked, it is destroyed again, and connections are as before" {
	needs_virtual_board
	local fault
	define_fast
	remember
	for fault in '{"do":"fail","command":"set_locked","status":"config_err"}' '{"do":"fail","command":"set_obj_label","status":"config_err","after":0}'; do
		firmware "$fault" >/dev/null
		board fslmc-vfio apply
		firmware '{"do":"clear"}' >/dev/null
		[ "$status" -eq 1 ]
		all_as_before
	done
}

@test "an apply that is killed leaves all or nothing, when recover is through" {
	needs_virtual_board
	local total at n_tried=0 n_made=0
	define_fast
	remember
	total=$(calls_of fslmc-vfio apply)
	board_exec sh -c 'fslmc-vfio unbind dprc.2 && fslmc-vfio destroy dprc.2' >/dev/null
	# A fifth of them only look.
	for ((at = total; at > total / 5; at -= ${FSLMC_VFIO_EVERY:-25})); do
		killed_at "$at" fslmc-vfio apply
		board fslmc-vfio recover --wait 20
		[ "$status" -eq 0 ]
		n_tried=$((n_tried + 1))
		if board_exec fslmc-vfio list dprc.2 >/dev/null 2>&1; then
			n_made=$((n_made + 1))
			is_complete dprc.2
			board_exec sh -c 'fslmc-vfio unbind dprc.2 && fslmc-vfio destroy dprc.2' >/dev/null
		fi
		all_as_before
	done
	((n_made < n_tried))
	echo "# apply of a layout: killed at $n_tried of $total calls, $n_made complete" >&3
}

@test "a container that has its label is not labelled again: a lock may forbid that" {
	needs_virtual_board
	local total
	define_fast
	total=$(calls_of fslmc-vfio apply)
	board_exec sh -c 'fslmc-vfio unbind dprc.2 && fslmc-vfio destroy dprc.2' >/dev/null
	killed_at $((total - 30)) fslmc-vfio apply
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	firmware '{"do":"fail","command":"set_obj_label","status":"no_privilege","times":9}' >/dev/null
	board fslmc-vfio recover --wait 20
	[ "$status" -eq 0 ]
	[[ $stderr != *"cannot set the label"* ]] || { echo "$stderr"; return 1; }
	is_complete dprc.2
}
