#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# list --ports and list --pools: what a board has to offer.
#
# shellcheck disable=SC2154

load ../lib/machine

# at ROOT ARGS...
at() {
	run --separate-stderr "$fslmc_vfio" --sysroot "$1" "${@:2}"
	[[ ${output:0:1} != '{' ]] || valid_json <<<"$output"
}

@test "list --ports has every dpmac, what it is connected to, and its address" {
	machine small list --ports
	[ "$status" -eq 0 ]
	[ "$output" = "PORT     PEER   CONTAINER DRIVER      NETDEVS LINK MAC
dpmac.3  dpni.1 dprc.2    vfio-fsl-mc -       up   ?
dpmac.17 -      -         -           -       -    00:04:9f:05:8a:11" ]
}

@test "list --pools says what is left, and which DPRCs have the rest" {
	machine small list --pools
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "POOL FREE TYPE  OBJECTS HOLDERS" ]
	[ "${lines[1]}" = "mcp   203 dpmcp       1 dprc.2" ]
	[ "${lines[2]}" = "fq   1981 -           - -" ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "the inventory has both, and null for pools where the MC cannot be queried" {
	machine small list --json
	[ "$(json '[.ports[].name, .pools[0].free_count]')" = '["dpmac.3","dpmac.17",203]' ]
	[ "$(json '.ports[1] | [.endpoint, .container, .driver, .netdevs]')" = '["","","",[]]' ]
	"$tests_dir/make-root" "$tests_dir/machines/small.manifest" "$BATS_TEST_TMPDIR/silent"
	rm "$BATS_TEST_TMPDIR/silent/dev/dprc.1"
	at "$BATS_TEST_TMPDIR/silent" list --json
	[ "$status" -eq 0 ]
	[ "$(json '.pools')" = null ]
	[ "$(json '.ports[0] | [.name, .endpoint, .container, .mac_address]')" = '["dpmac.3",null,null,null]' ]
	at "$BATS_TEST_TMPDIR/silent" list --pools
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot query the pools of the MC"* ]]
}

@test "-o chooses from the table that is shown" {
	machine small list --pools -n -o FREE,POOL
	[ "${lines[0]}" = " 203 mcp" ]
	machine small list --ports -o FREE
	[ "$status" -eq 2 ]
	machine small list --json --pools -o POOL
	[ "$(json '[.pools[0], has("ports")]')" = '[{"name":"mcp"},false]' ]
}

@test "one table at a time, of the whole board" {
	for arguments in '--ports --pools' '--ports --objects' '--pools --tree' '--ports dprc.2'; do
		# shellcheck disable=SC2086 # several
		machine small list $arguments
		[ "$status" -eq 2 ]
	done
}
