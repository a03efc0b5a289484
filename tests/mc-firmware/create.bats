#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the emulated MC firmware answers to software that makes containers: versions, limits, pools, creators,
# the lock.  Measured statuses: dpaa2-controlplane docs/baseline (LX2160A, MC 10.39.0); the rest is said in
# tests/mc-firmware/README.md.
#
# shellcheck disable=SC2154

load ../lib/firmware

# OPEN of a container: its token in $token.
open() { mc 0 0x8051 0 8="$1"; }

# container [OPTIONS] [ICID]: a child of the root; its id in $id, the root's token in $root, its own in $child.
container() {
	open 1 && root=$token
	mc 0 0x1512 "$root" 8="${1:-0x47}" 12="${2:-0xffff}" 20=0xffffffff
	[ "$status" -eq "$OK" ]
	id=$(result 0 16)
	open "$id" && child=$token
}

# The default layouts: one queue, one priority, whatever the MC chooses.
make_dpni() { mc 0 0x9017 "$1" "${@:2}"; }
make_dpio() { mc 0 0x9031 "$1" 8=0x10000 12=8; }
make_dpbp() { mc 0 0x9041 "$1"; }
make_dpmcp() { mc 0 0x90b2 "$1" 8=0xffffffff; }

@test "each release has the API versions that its headers say" {
	local minor dprc dpni dpmcp
	while read -r minor dprc dpni dpmcp; do
		with small "del(.api_versions) | .mc_version.minor = $minor"
		mc 0 0xa051 0
		[ "$(result 0 8 2).$(result 0 10 2)" = "$dprc" ]
		mc 0 0xa011 0
		[ "$(result 0 8 2).$(result 0 10 2)" = "$dpni" ]
		mc 0 0xa0b1 0
		[ "$(result 0 8 2).$(result 0 10 2)" = "$dpmcp" ]
	done <<-'RELEASES'
		10 6.3 7.7 4.0
		28 6.6 7.17 4.0
		32 6.7 8.2 4.1
		39 6.7 8.5 4.1
		40 6.7 8.6 4.1
	RELEASES
}

@test "a version of CREATE that the API does not know is not supported, an older one is" {
	local minor newest version
	while read -r minor newest; do
		with small "del(.api_versions) | .mc_version.minor = $minor"
		open 1
		for version in 0 1 2 3 4 5 6 7 8 9; do
			mc 0 $((0x9010 + version)) "$token"
			[ "$status" -eq $((version > 0 && version <= newest ? OK : UNSUPPORTED_OP)) ]
		done
		mc 0 0x90b2 "$token" 8=0xffffffff
		[ "$status" -eq $((minor >= 32 ? OK : UNSUPPORTED_OP)) ]
		mc 0 0x1512 "$token" 12=0xffff 20=0xffffffff
		[ "$status" -eq $((minor >= 20 ? OK : UNSUPPORTED_OP)) ]
	done <<-'RELEASES'
		10 2
		28 5
		39 7
		40 8
	RELEASES
}

@test "what is out of its range, or no option of this release or SoC, is a configuration error" {
	open 1
	make_dpni "$token" 12=33                          # queues
	[ "$status" -eq "$CONFIG_ERR" ]
	make_dpni "$token" 8=0x4000                       # replication came with 10.40
	[ "$status" -eq "$CONFIG_ERR" ]
	make_dpni "$token" 8=0x10                         # key masking
	[ "$status" -eq "$OK" ]
	mc 0 0x9031 "$token" 8=0x10000 12=9               # priorities of a dpio
	[ "$status" -eq "$CONFIG_ERR" ]
	mc 0 0x9081 "$token" 8=0
	[ "$status" -eq "$CONFIG_ERR" ]
	mc 0 0x9093 "$token" 8=0x00000101 16=0x0303       # three queues, two priorities
	[ "$status" -eq "$CONFIG_ERR" ]
	mc 0 0x90c1 "$token" 8=19                         # an LX2160A has 18 MACs
	[ "$status" -eq "$CONFIG_ERR" ]
	mc 0 0x1512 "$token" 8=0x10 12=0xffff 20=0xffffffff
	[ "$status" -eq "$CONFIG_ERR" ]
	with ls1088a-rdb .
	open 1
	make_dpni "$token" 8=0x10
	[ "$status" -eq "$CONFIG_ERR" ]
}

@test "GET_ATTR answers what CREATE asked for, and what the MC chose" {
	open 1 && root=$token
	make_dpni "$root" 8=0x200 12=$((4 | 2 << 8)) 24=12
	mc 0 0x8011 0 8="$(result 0 8)"
	mc 0 0x0041 "$token"
	[ "$(result 0 8)" -eq $((0x200)) ]
	[ "$(result 0 12 1) $(result 0 13 1) $(result 0 14 1) $(result 0 15 1)" = "4 2 16 2" ]
	[ "$(result 0 18 1) $(result 0 20 2) $(result 0 24 1) $(result 0 28 1)" = "64 64 24 12" ]
	mc 0 0x9093 "$root" 8=0x01010101 16=0x0404 24=0x20
	mc 0 0x8091 0 8="$(result 0 8)"
	mc 0 0x0041 "$token"
	[ "$(result 0 16 1) $(result 0 17 1) $(result 0 24)" = "4 4 32" ]
	mc 0 0x9064 "$root" 8=$((1 | 3 << 16))            # a dpdmux with three interfaces below its uplink
	dpdmux=$(result 0 8)
	for interface in 0 3; do
		mc 0 0x16c1 "$root" 8="$dpdmux" 12=$interface 16=dpdmux
		[ "$status" -eq "$OK" ]
	done
	mc 0 0x16c1 "$root" 8="$dpdmux" 12=4 16=dpdmux
	[ "$status" -eq "$CONFIG_ERR" ]
}

@test "objects take from the pools of the root and give back, but for MC portals" {
	container
	[ "$(pool mcp) $(pool bp) $(pool swp)" = "202 63 49" ]
	make_dpio "$child" && dpio=$(result 0 8)
	make_dpbp "$child"
	make_dpmcp "$child" && dpmcp=$(result 0 8)
	[ "$(pool mcp) $(pool bp) $(pool swp)" = "201 62 48" ]
	mc 0 0x9831 "$child" 8="$dpio"
	[ "$status" -eq "$OK" ]
	mc 0 0x98b1 "$child" 8="$dpmcp"
	[ "$status" -eq "$OK" ]
	[ "$(pool mcp) $(pool bp) $(pool swp)" = "201 62 49" ]
	mc 0 0x1521 "$root" 8="$id"
	[ "$(pool mcp) $(pool bp) $(pool swp)" = "201 63 49" ]
	with small '.unmeasured.container_portals_return = true'
	container
	mc 0 0x1521 "$root" 8="$id"
	[ "$(pool mcp)" -eq 203 ]
}

@test "the portal of a destroyed dpmcp answers nothing, and no other object gets it" {
	container
	make_dpmcp "$child" && dpmcp=$(result 0 8)
	portal=$(portal_of "dpmcp.$dpmcp")
	mc 0 0x98b1 "$child" 8="$dpmcp"
	mc "$portal" 0x8301 0
	[ "$status" -eq "$AUTH_ERR" ]
	make_dpmcp "$child"
	[ "$(portal_of "dpmcp.$(result 0 8)")" -ne "$portal" ]
}

@test "an empty pool, a container that may not allocate, and one dpni too many have no resource" {
	with small '.pools = {"mcp": 5, "bp": 1, "fq": 500}'
	container
	make_dpbp "$child"
	[ "$status" -eq "$OK" ]
	make_dpbp "$child"
	[ "$status" -eq "$NO_RESOURCE" ]
	container 0x45                                    # no ALLOC
	make_dpbp "$child"
	[ "$status" -eq "$NO_RESOURCE" ]
	container
	for ((n = 4; n < 17; n++)); do                    # small has four
		make_dpni "$child"
		[ "$status" -eq "$OK" ]
	done
	make_dpni "$child"
	[ "$status" -eq "$NO_RESOURCE" ]
	make_dpni "$child" 8=0x1000                       # a shared FS table
	[ "$status" -eq "$OK" ]
}

@test "a seed makes another firmware: other costs, and none is below what was measured" {
	local seed costs=() before
	for seed in 0 1 2 3; do
		with small ".seed = $seed"
		container
		before=$(pool fq)
		make_dpni "$child"
		costs+=($((before - $(pool fq))))
		[ "${costs[-1]}" -ge 4 ]
	done
	[ "$(printf '%s\n' "${costs[@]}" | sort -u | wc -l)" -gt 1 ]
}

@test "there is one dprtc" {
	open 1
	mc 0 0x9101 "$token"
	first=$status
	mc 0 0x9101 "$token"
	[ "$status" -eq "$NO_RESOURCE" ]
	[[ $first == "$OK" || $first == "$NO_RESOURCE" ]]
}

@test "only its creator destroys an object; with a container goes what was made in it, the rest is evicted unplugged" {
	container
	make_dpbp "$root" && moved=$(result 0 8)
	make_dpbp "$child" && own=$(result 0 8)
	mc 0 0x1571 "$root" 8="$id" 12=5 20="$moved" 24=dpbp
	[ "$status" -eq "$OK" ]
	mc 0 0x9841 "$child" 8="$moved"
	[ "$status" -eq "$NO_PRIVILEGE" ]
	mc 0 0x9841 "$root" 8="$own"
	[ "$status" -eq "$NO_PRIVILEGE" ]
	mc 0 0x1521 "$root" 8="$id"
	[ "$status" -eq "$OK" ]
	[ "$(ask '{"do":"state"}' "[.objects[] | select(.object == \"dpbp.$moved\" or .object == \"dpbp.$own\") | .object, .container, .plugged]")" = \
		"[\"dpbp.$moved\",\"dprc.1\",false]" ]
}

@test "an object moves one hop" {
	container && first=$id
	container && second=$id
	open "$first" && child=$token
	make_dpbp "$child" && dpbp=$(result 0 8)
	mc 0 0x1571 "$child" 8="$second" 12=1 20="$dpbp" 24=dpbp
	[ "$status" -eq "$NO_PRIVILEGE" ]
	mc 0 0x1581 "$root" 8="$first" 12=1 20="$dpbp" 24=dpbp
	[ "$status" -eq "$OK" ]
	mc 0 0x1571 "$root" 8="$second" 12=5 20="$dpbp" 24=dpbp
	[ "$status" -eq "$OK" ]
}

@test "a locked container is not changed with its token, through the root's portal either; reads, labels and connections pass" {
	container
	make_dpni "$child" && dpni=$(result 0 8)
	mc 0 0x16b1 "$root" 8=1 12="$id"
	[ "$status" -eq "$OK" ]
	for command in 0x9041 0x9811 0x1571 0x1512; do
		mc 0 "$command" "$child" 8="$dpni" 12=5 20="$dpni" 24=dpni
		[ "$status" -eq "$NO_PRIVILEGE" ]
	done
	mc 0 0x1591 "$child"
	[ "$status" -eq "$OK" ]
	mc 0 0x1611 "$child" 8="$dpni" 16=mine 32=dpni
	[ "$status" -eq "$OK" ]
	mc 0 0x1681 "$root" 8=0 16=dpni
	mc 0 0x1671 "$root" 8="$dpni" 16=17 24=dpni 48=dpmac
	[ "$status" -eq "$OK" ]
	mc 0 0x16b1 "$root" 8=0 12="$id"
	mc 0 0x9041 "$child"
	[ "$status" -eq "$OK" ]
}

@test "before 10.20 there is no lock, and OBJ_CREATE is what lets the software of a container create" {
	local minor
	for minor in 10 39; do
		with small "del(.api_versions) | .mc_version.minor = $minor"
		open 1
		mc 0 0x1511 "$token" 8=0x43 12=0xffff 20=0xffffffff
		id=$(result 0 16)
		mc 0 0x16b1 "$token" 8=1 12="$id"
		[ "$status" -eq $((minor < 20 ? UNSUPPORTED_OP : OK)) ]
		mc 0 0x16b1 "$token" 8=0 12="$id"
		portal=$(portal_of "dprc.$id")
		mc "$portal" 0x8051 0 8="$id"
		mc "$portal" 0x9041 "$token"
		[ "$status" -eq $((minor < 20 ? NO_PRIVILEGE : OK)) ]
	done
}

@test "what is not known of a real MC is a switch, and an unknown switch is refused" {
	with small '.unmeasured = {"lock_has_no_effect": true}'
	container
	mc 0 0x16b1 "$root" 8=1 12="$id"
	make_dpbp "$child"
	[ "$status" -eq "$OK" ]
	with small '.unmeasured = {"lock_forbids_connections": true}'
	open 1 && root=$token
	mc 0 0x16b1 "$root" 8=1 12=2
	open 2
	mc 0 0x1681 "$token" 8=1 16=dpni
	[ "$status" -eq "$NO_PRIVILEGE" ]
	with small '.unmeasured = {"plugged_resist_destroy": true}'
	open 1
	mc 0 0x1521 "$token" 8=2
	[ "$status" -eq "$INVALID_STATE" ]
	with small '.unmeasured = {"options_count_by_token": true}'
	container 0x42
	mc 0 0x1512 "$child" 12=0xffff 20=0xffffffff
	[ "$status" -eq "$CONFIG_ERR" ]
	jq '.unmeasured = {"typing_eror": true}' "$topologies/small.json" >"$dir/wrong.json"
	run --separate-stderr "$firmware" --memory "$dir/other" --topology "$dir/wrong.json" --control "$dir/another"
	[ "$status" -eq 1 ]
	[[ $stderr == *typing_eror* ]]
}

@test "a dpni has the address of its port, until it is given one of its own" {
	mac() { mc 0 0x8011 0 8="$1" && mc 0 0x2251 "$token" && echo "$(result 0 10 2) $(result 0 12)"; }
	container
	make_dpni "$child" && dpni=$(result 0 8)
	alone=$(mac "$dpni")
	mc 0 0x1681 "$root" 8=0 16=dpni                   # dpmac.17 had dpni.0
	mc 0 0x1671 "$root" 8="$dpni" 16=17 24=dpni 48=dpmac
	[ "$status" -eq "$OK" ]
	[ "$(mac "$dpni")" != "$alone" ]
	[ "$(mac "$dpni")" = "$(mac 0)" ]
	mc 0 0x8011 0 8="$dpni"
	mc 0 0x2241 "$token" 8=0x33440000 12=0x02001122
	[ "$(mac "$dpni")" = "$((0x3344)) $((0x02001122))" ]
}

@test "the uplink of a dpdmux is a dpmac since 10.37, and its edge to a dpni stays" {
	open 1
	mc 0 0x9064 "$token" 8=$((1 | 3 << 16)) && dpdmux=$(result 0 8)
	open 1
	mc 0 0x1681 "$token" 8=0 16=dpni
	mc 0 0x1671 "$token" 8="$dpdmux" 12=0 16=0 24=dpdmux 48=dpni
	[ "$status" -eq "$CONFIG_ERR" ]
	mc 0 0x1671 "$token" 8="$dpdmux" 12=1 16=0 24=dpdmux 48=dpni
	[ "$status" -eq "$OK" ]
	mc 0 0x1681 "$token" 8=0 16=dpni
	[ "$status" -eq "$INVALID_STATE" ]
}

@test "something else can happen between two commands" {
	ask '{"do":"then","command":"get_obj_count","request":{"do":"destroy","object":"dpni.2"}}'
	open 2
	mc 0 0x1591 "$token"
	[ "$(result 0 12)" -eq 9 ]
	mc 0 0x15a1 "$token" 8=8
	[ "$status" -eq "$NO_RESOURCE" ]
}

@test "an ICID of the pool may lie where the topology says" {
	with small '.first_icid = 100'
	container
	mc 0 0x0041 "$child"
	[ "$(result 0 12)" -eq 100 ]
}
