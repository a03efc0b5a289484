#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# show: everything about one DPRC.

load ../lib/machine

@test "show tells attributes, group, objects, interfaces and links of one DPRC" {
	machine small show dprc.3
	[ "$status" -eq 0 ]
	[[ $output == *"OPTIONS    OBJ_CREATE_ALLOWED,TOPOLOGY_CHANGES_ALLOWED,PL_ALLOWED"* ]]
	[[ $output == *"DEVICES  dpio.1,dpni.9,dpni.10,dprc.3"* ]]
	[[ $output == *"dpni.10 fsl_dpaa2_eth yes     yes        0    1 dpsw.0.2 down eth1"* ]]
	[[ $output == *"eth1   dpni.10       4 yes yes             ? br0"* ]]
}

@test "show --json has all of it, and no list is left out because it is empty" {
	machine small show dprc.3 --json
	[ "$status" -eq 0 ]
	[ "$(json '.dprc | [.name, .icid, .driver_override, .holder_pids]')" = '["dprc.3",25,"",[]]' ]
	[ "$(json '.iommu_group | [.number, .type, .is_noiommu]')" = '[2,"DMA",false]' ]
	[ "$(json '.netdevs[0] | [.name, .object, .is_up, .has_carrier, .master, .address_count]')" = \
		'["eth1","dpni.10",true,true,"br0",null]' ]
	[ "$(json '[.objects[] | .consumers]')" = '[["dpni.10"],[],[]]' ]
	[ "$(json '.holders')" = '[]' ]
}

@test "who holds a container of a captured machine is unknown, not nobody" {
	machine small show dprc.2 --json
	[ "$status" -eq 0 ]
	[ "$(json '[.holders, .dprc.holder_pids]')" = '[null,null]' ]
	[ "$(json '.dprc.driver_override')" = vfio-fsl-mc ]
}

@test "a group's members on other buses are shown, and old device links are read" {
	machine old show dprc.1 --json
	[ "$(json '.iommu_group.devices')" = '["NXP0009:00","dpni.3","dprc.1"]' ]
	machine old show dprc.7 --json
	[ "$(json '.objects[0].consumers')" = '["dpni.3"]' ]
	[ "$(json '.iommu_group.type')" = null ]
}

@test "show lists what only the MC has" {
	machine stale show dprc.3 --json
	[ "$(json '[.objects[] | [.name, .in_linux]]')" = '[["dpni.9",false],["dprc.4",false]]' ]
}

@test "a port, an object, an interface, a label: what is connected to what, and who has it" {
	tells() {
		machine small show "$1"
		[ "$status" -eq 0 ]
		[ "$output" = "$2" ] || { echo "$1: $output $stderr"; return 1; }
	}
	tells dpni.1 "dpmac.3 <-> dpni.1 in dprc.2, bound to vfio-fsl-mc, group 1"
	tells dpmac.3 "dpmac.3 <-> dpni.1 in dprc.2, bound to vfio-fsl-mc, group 1"
	tells dpio.1 "dpio.1 in dprc.3, no driver, group 2"
	tells eth1 "dpsw.0.2 <-> dpni.10 (eth1) in dprc.3, bound to fsl_dpaa2_eth, group 2"
	machine small show dpmac.3 --json
	[ "$(json -c '[.chain, .objects[0].name, .objects[0].endpoint]')" = '["dpmac.3 <-> dpni.1 in dprc.2, bound to vfio-fsl-mc, group 1","dpmac.3","dpni.1"]' ]
	label=$(machine small list -J -o +LABEL && json -r '.dprcs[] | select(.label != "" and .label != null) | "\(.name) \(.label)"' | head -1)
	machine small show "LABEL=${label#* }"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *"${label%% *}" ]]
	for name in dpmac.9 LABEL=none; do
		machine small show "$name"
		[ "$status" -eq 3 ]
	done
}

@test "show wants exactly one name" {
	machine small show
	[ "$status" -eq 2 ]
	machine small show dprc.2 dprc.3
	[ "$status" -eq 2 ]
	machine small show nothing
	[ "$status" -eq 2 ]
}
