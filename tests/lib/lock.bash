# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests of the lock share, after firmware.bash and board.bash: the software of a container, which does what the lock
# forbids.
#
# shellcheck disable=SC2034,SC2154

# Whether the MC has it locked: "true" or "false".
is_locked() { firmware '{"do":"state"}' | jq --arg dprc "$1" '.objects[] | select(.object == $dprc) | .locked'; }

# software_of DPMCP: what lib/firmware.bash sends goes by that one's portal, as software in its container would send it.
software_of() {
	local address
	address=$(firmware '{"do":"state"}' | jq --arg object "$1" '.objects[] | select(.object == $object) | .regions[0].address')
	ln -sfn "$(<"${XDG_RUNTIME_DIR:-/tmp}/fslmc-vfio-$UID/$BOARD_NAME/memory")" "$dir/memory"
	portals=$((address - 0x40000000))
}

# try: statuses of what software in dprc.2 tries: CREATE of a dpbp, ASSIGN (unplugs its dpni.2), DISCONNECT of its dpni.1.
try() {
	local said=()
	mc 0 0x8051 0 8=2
	[ "$status" -eq "$OK" ]
	mc 0 0x9041 "$token"
	said+=("$status")
	[[ $status -ne $OK ]] || mc 0 0x9841 "$token" 8="$(result 0 8)"
	mc 0 0x1571 "$token" 8=2 12=1 20=2 24=dpni
	said+=("$status")
	mc 0 0x1571 "$token" 8=2 12=5 20=2 24=dpni
	mc 0 0x1681 "$token" 8=1 16=dpni
	said+=("$status")
	mc 0 0x8001 "$token"
	tried="${said[*]}"
}
