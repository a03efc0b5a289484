# SPDX-License-Identifier: GPL-2.0-or-later
#
# rebind: what the MC changed inside comes to VFIO, and is said.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }

setup() {
	board_needed
	board_exec fslmc-vfio bind dprc.2 >/dev/null
}

teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind dprc.2 >/dev/null; }

@test "an object that came is bound, one that went is gone, and both are named" {
	needs_virtual_board
	firmware '{"do":"add","container":2,"type":"dpbp","id":77}'
	firmware '{"do":"destroy","object":"dpseci.10"}'
	board fslmc-vfio rebind -J dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.differences[] | [.name, .difference]] | sort' <<<"$output")" = '[["dpbp.77","came"],["dpseci.10","went"]]' ]
	[ "$(driver_of dpbp.77)" = vfio-fsl-mc ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
}

@test "a rebind after which nothing is different says so" {
	board fslmc-vfio rebind dprc.2
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "no object came, went or changed" ]
	board fslmc-vfio rebind -n -r -o NAME dprc.2
	[ "$output" = dprc.2 ]
}

@test "bind of what is bound notices that as many others are in it now" {
	needs_virtual_board
	firmware '{"do":"add","container":2,"type":"dpcon","id":78}'
	firmware '{"do":"destroy","object":"dpcon.10"}'
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: objects-gone: "*": dpcon.10; 'fslmc-vfio rebind'"* ]]
	[[ $stderr == *"dprc.2: objects-missing: "*": dpcon.78; 'fslmc-vfio rebind'"* ]]
	board fslmc-vfio check -n -r -o SEVERITY,CODE dprc.2
	[ "$status" -eq 4 ]
	[[ $output == *"refuse objects-missing
refuse objects-gone"* ]]
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
}

@test "bind of what is bound, and export, notice an object that the MC has no more" {
	needs_virtual_board
	firmware '{"do":"destroy","object":"dpbp.10"}'
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: objects-gone: "*": dpbp.10; 'fslmc-vfio rebind'"* ]]
	board fslmc-vfio export --for dpdk dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dpbp.10 (not in the MC)"* ]]
	# Of a list that is not complete nothing follows.
	firmware_fails get_obj busy dprc.2 0 1000
	board fslmc-vfio bind dprc.2
	[[ $stderr != *"not in the MC"* ]]
	(($(faults_hit) > 0))
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	firmware '{"do":"add","container":2,"type":"dpbp","id":10}'
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
}

@test "an object that the MC moved to another DPRC is with neither" {
	needs_virtual_board
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	firmware '{"do":"unplug","object":"dpbp.10"}'
	firmware '{"do":"unassign","container":2,"object":"dpbp.10"}'
	firmware '{"do":"assign","container":3,"object":"dpbp.10"}'
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dpbp.10 (in dprc.3 by the MC)"* ]]
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 4 ]
	[[ $stderr == *"dpbp.10 (elsewhere in Linux)"* ]]
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	board_exec fslmc-vfio rebind dprc.3 >/dev/null
	for dprc in dprc.2 dprc.3; do
		board fslmc-vfio bind "$dprc"
		[ "$status" -eq 0 ]
	done
	board_exec fslmc-vfio unbind dprc.3 >/dev/null
}

@test "an object that the MC unplugs meanwhile is named" {
	needs_virtual_board
	meanwhile get_attributes dprc.2 '{"do":"unplug","object":"dpni.1"}' -- fslmc-vfio rebind -J dprc.2
	firmware '{"do":"plug","object":"dpni.1"}'
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.differences[] | [.name, .container, .difference]]' <<<"$output")" = '[["dpni.1","dprc.2","changed"]]' ]
}

@test "a rebind that fails leaves the container bound as it was" {
	needs_virtual_board
	firmware_fails get_obj_region config_err dpio.10
	same_state fslmc-vfio rebind dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: 1 of "*" objects were not bound to vfio-fsl-mc, or are not isolated: dpio.10 (not in Linux)"* ]]
	has_no_journal
}

@test "rebind refuses what is not with VFIO" {
	same_state fslmc-vfio rebind dprc.3
	[ "$status" -eq 4 ]
}
