#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bus without devices, as kernels with CONFIG_FSL_MC_BUS have it on any other machine.
#
# shellcheck disable=SC2154

load ../lib/machine

@test "verbs that read have nothing to show, or say what is not there" {
	local verb
	for verb in list 'list --objects' 'list --tree'; do
		# shellcheck disable=SC2086 # several words
		machine empty $verb
		[ "$status" -eq 0 ] || { echo "$verb: $status $stderr"; return 1; }
		machine empty $verb --json
		[ "$status" -eq 0 ] || { echo "$verb: $status $stderr"; return 1; }
	done
	[ "$(json '[.dprcs, .objects]')" = '[[],[]]' ]
	for verb in 'show dprc.1' 'check' 'check dprc.2' 'export dprc.2 --for env' 'bind --dry-run dprc.2'; do
		# shellcheck disable=SC2086
		machine empty $verb
		[ "$status" -eq 3 ] || { echo "$verb: $status $stderr"; return 1; }
	done
}

@test "check of all says that there is nothing to check, and who tells why" {
	machine empty check
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ "$stderr" = "fslmc-vfio: no DPRC on the fsl-mc bus: no DPAA2 machine, or its MC did not start; run 'fslmc-vfio doctor'" ]
	machine empty check --json
	[ "$status" -eq 3 ]
	[ "$(json .status)" = not-found ]
}

@test "doctor tells" {
	machine empty doctor --json
	[ "$status" -eq 4 ]
	[ "$(json '.findings[0].code')" = root-missing ]
	[[ $stderr == *"the bus has no root DPRC"* ]]
}
