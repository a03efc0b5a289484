# SPDX-License-Identifier: GPL-2.0-or-later
#
# A container with a network interface that somebody uses is not taken without --force, and unbind brings
# the interface back.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start nic --drivers; }
teardown_file() { board_stop; }

interface_of() { board_exec sh -c 'ls "/sys/bus/fsl-mc/devices/$1/net"' sh "$1"; }

setup() {
	board_needed
	interface=$(interface_of dpni.1)
}

teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio unbind dprc.2 >/dev/null
		ip link del bridge 2>/dev/null; ip addr flush dev "$1"; ip link set "$1" down' sh "$interface" || true
}

refused() {
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"$interface"* ]]
}

@test "an interface that is up keeps its container" {
	board_exec ip link set "$interface" up
	refused
}

@test "an interface with an address keeps its container, be it up or down" {
	board_exec ip addr add 192.0.2.1/24 dev "$interface" label "$interface:x"
	refused
	[[ $stderr == *"$interface (addresses: 1)"* ]]
	board_exec sh -c 'ip addr add 2001:db8::1/64 dev "$1" nodad && ip link set "$1" up' sh "$interface"
	refused
	[[ $stderr == *"$interface (up, addresses: 2)"* ]]
}

@test "an interface in a bridge keeps its container" {
	board_exec sh -c 'ip link add bridge type bridge && ip link set "$1" master bridge' sh "$interface" || skip "no bridge in this kernel"
	refused
}

@test "an interface whose use cannot be read keeps its container" {
	board fslmc-vfio check dprc.2
	[ "$status" -eq 0 ]
	board strace -o /dev/null -e trace=socket -e inject=socket:error=EACCES fslmc-vfio check dprc.2
	[ "$status" -eq 4 ]
	[[ $output == *"netdev-in-use: "*"$interface (its addresses cannot be read)"* ]]
	# The directory of its interfaces, and the one in it, which is the next to be opened.
	local next
	for next in 0 1; do
		board sh -c 'strace -o /tmp/calls -e trace=openat2 fslmc-vfio check dprc.2 >/dev/null
			call=$(grep "^openat2" /tmp/calls | grep -n "dpni.1/net\"" | cut -d : -f 1)
			strace -o /dev/null -e trace=openat2 -e inject=openat2:error=EIO:when=$((call + $1)) \
				fslmc-vfio check dprc.2' sh "$next"
		[ "$status" -eq 4 ]
		[[ $output == *"what dpni.1 carries cannot be read"* ]]
	done
}

@test "--force takes it, and unbind brings it back" {
	board_exec ip link set "$interface" up
	board fslmc-vfio bind --force dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"fslmc-vfio: dprc.2: network interfaces taken from the host: "*"$interface (up)"* ]]
	[ "$(driver_of dpni.1)" = vfio-fsl-mc ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dpni.1)" = fsl_dpaa2_eth ]
	interface=$(interface_of dpni.1)
	[ -n "$interface" ]
	[[ $stderr == *"fslmc-vfio: dprc.2: network interfaces are back, without their configuration: "*"$interface"* ]]
}

@test "an interface that had another name is named with both" {
	board_exec sh -c 'ip link set "$1" name wan0 && ip addr add 192.0.2.1/24 dev wan0' sh "$interface"
	board fslmc-vfio bind --allow=netdev-in-use dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *" taken from the host: "*"wan0 (addresses: 1)"* ]]
	board fslmc-vfio unbind dprc.2
	interface=$(interface_of dpni.1)
	[[ $stderr == *" are back, without their configuration: "*"$interface, which was wan0 (addresses: 1)"* ]]
}

@test "a bind that is undone after it took the interfaces names those that are back" {
	needs_virtual_board
	firmware '{"do":"fail","command":"get_obj_count","status":"busy","from":"dprc.2"}'
	board fslmc-vfio bind dprc.2
	firmware '{"do":"clear"}'
	[ "$status" -eq 1 ]
	interface=$(interface_of dpni.1)
	[[ $stderr == *"dprc.2: network interfaces are back, without their configuration: "*"$interface"*"dprc.2 is as it was"* ]]
}

@test "an object that does not get its driver back after unbind is residue, and named" {
	needs_virtual_board
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	firmware '{"do":"fail","command":"get_attributes","status":"busy","object":"dpni.1","times":0}'
	board fslmc-vfio unbind -J dprc.2
	firmware '{"do":"clear"}'
	[ "$status" -eq 8 ]
	[ "$(jq -r .status <<<"$output")" = residue ]
	[[ $stderr == *"dpni.1: not restored: lost its driver fsl_dpaa2_eth; run: echo dpni.1 > /sys/bus/fsl-mc/drivers_probe"* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	has_no_journal
	board_exec sh -c 'echo dpni.1 >/sys/bus/fsl-mc/drivers_probe'
}
