# SPDX-License-Identifier: GPL-2.0-or-later
#
# list --ports and list --pools on a board as it leaves the shop, against what its firmware says of itself.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() { board_start lx2160a-rdb-shipped; }
setup() {
	board_needed
	needs_virtual_board
}
teardown_file() { board_stop; }

@test "list --ports has the ports of the board with the peers and addresses that the MC has" {
	board fslmc-vfio list --ports -n -r -o PORT,PEER,CONTAINER,LINK
	[ "$status" -eq 0 ]
	[ "$output" = "dpmac.2 dpni.1 dprc.1 down
dpmac.3 - - -
dpmac.4 - - -
dpmac.5 - - -
dpmac.6 - - -
dpmac.17 dpni.0 dprc.1 down
dpmac.18 - - -" ]
	board fslmc-vfio list --ports -n -r -o MAC
	[ "$(sort -u <<<"$output" | grep -cE '^([0-9a-f]{2}:){5}[0-9a-f]{2}$')" -eq 7 ]
}

@test "list --pools has what the root has left, and follows it" {
	board fslmc-vfio list --pools -n -r -o POOL,FREE
	[ "$output" = "$(firmware '{"do":"state"}' | jq -r '.pools | to_entries[] | "\(.key) \(.value)"')" ]
	board fslmc-vfio list --pools -n -r -o TYPE,OBJECTS,HOLDERS
	[ "$(grep -c dprc.1 <<<"$output")" -eq 3 ]
	grep -qx 'dpmcp 35 dprc.1' <<<"$output"
}

@test "no token stays open, and the inventory has both tables" {
	board fslmc-vfio list --json
	[ "$(jq -c '[(.ports | length), (.pools | length)]' <<<"$output")" = '[7,8]' ]
	[ "$(firmware '{"do":"state"}' | jq -c '[.objects[] | select(.type == "dpmac") | .opens] | add')" -eq 0 ]
}
