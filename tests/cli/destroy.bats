#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# destroy --dry-run: what would go, in which order, and all that speaks against it.
#
# shellcheck disable=SC2154

load ../lib/machine

# of_plain SED ARGS...: destroy --dry-run on the plain machine, edited.
of_plain() {
	variant "$1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" destroy --dry-run "${@:2}"
}

# refused TEXT: with that reason, and nothing shown.
refused() {
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr == *"$1"* ]] || { echo "$stderr"; return 1; }
}

@test "a container that create did not make goes only with --foreign" {
	machine plain destroy --dry-run dprc.2
	refused "dprc.2: there is no record that 'fslmc-vfio create' made it since the board booted; --foreign destroys"
	machine plain destroy --dry-run --foreign dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = $'dprc.2: destroy it and the 6 objects in it\n  destroy dprc.2' ]
	[[ $stderr == *"up to 2 MC portals, its own and those of its DPMCPs, stay taken until the board boots"* ]]
}

@test "the steps, in JSON and for scripts: what is connected is disconnected first" {
	of_plain '/mc object.*dpni.1"/s/"name"/"endpoint": "dpmac.3", "name"/' --foreign --json dprc.2
	[ "$status" -eq 0 ]
	valid_json <<<"$output"
	[ "$(json .steps)" = '[{"step":"disconnect","object":"dpni.1","peer":"dpmac.3"},{"step":"destroy","object":"dprc.2","peer":""}]' ]
	[ "$(json .dry_run)" = true ]
	machine plain destroy --dry-run --foreign -n -r -o OBJECT,STEP dprc.2
	[ "$output" = 'dprc.2 destroy' ]
}

@test "a connection is a step once, and only if it is cut: those of switches and ports go with them" {
	local pair=('object dprc.1/dprc.2/dpni.2 group=1' 'mc object {"name": "dpni.2", "mc_container": "dprc.2", "endpoint": "dpni.1"}')
	variant '/mc object.*dpni.1"/s/"name"/"endpoint": "dpni.2", "name"/' "${pair[@]}"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" destroy --dry-run --foreign dprc.2
	[ "$output" = $'dprc.2: destroy it and the 7 objects in it\n  disconnect dpni.1 from dpni.2\n  destroy dprc.2' ]
	local switch=('mc object {"name": "dpsw.0", "mc_container": "dprc.2", "endpoint": "dpmac.3"}'
		'mc object {"name": "dpmac.3", "mc_container": "dprc.2", "endpoint": "dpsw.0"}')
	variant '/mc object.*dpni.1"/s/"name"/"endpoint": "dpdmux.0", "name"/' "${switch[@]}"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" destroy --dry-run --foreign dprc.2
	[ "$output" = $'dprc.2: destroy it and the 8 objects in it\n  destroy dprc.2' ]
}

@test "the root, what is bound to VFIO, and what the host uses are never destroyed" {
	machine small destroy --dry-run --foreign dprc.1
	refused "dprc.1: Linux manages the MC through the root DPRC; it is never destroyed"
	machine small destroy --dry-run --foreign dprc.2
	refused "dprc.2: bound to vfio-fsl-mc; run 'fslmc-vfio unbind dprc.2' first"
	machine small destroy --dry-run --foreign dprc.3
	refused "dprc.3: netdev-in-use: contains network interfaces that are in use: eth1 (up, in br0)"
	machine small destroy --dry-run dprc.9
	[ "$status" -eq 3 ]
}

@test "of several, one that is refused keeps all" {
	machine plain destroy --dry-run --foreign dprc.2 dprc.1
	refused "dprc.1: Linux manages the MC through the root DPRC"
}

@test "without the MC nothing is known, so nothing is destroyed" {
	of_plain '/^mc /d' --foreign dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"the MC cannot be queried, so nothing can be destroyed; nothing was changed"* ]]
	variant
	sed -i '/^15a1 0002 /d' "$root/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" destroy --dry-run --foreign dprc.2
	refused "dprc.2: what is in it is not known, for the MC did not tell; try again"
}

@test "a captured machine is not written to" {
	machine plain destroy --foreign dprc.2
	[ "$status" -eq 2 ]
	[[ $stderr == *"a machine given by --sysroot is never written to; --dry-run shows what would be done"* ]]
}
