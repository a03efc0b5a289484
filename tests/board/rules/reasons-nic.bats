#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reasons that lie in live network interfaces: one of dprc.2, and one of the root that a DPIO of dprc.2
# serves.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/reasons

setup_file() { board_start nic-outside --drivers; }
teardown_file() { board_stop; }
setup() {
	board_needed && needs_virtual_board
	interface=$(board_exec ls /sys/bus/fsl-mc/devices/dpni.1/net)
	[ -n "$interface" ]
}

@test "outside-consumer: an interface of the root lives on a DPIO of the container" {
	provokes refuse outside-consumer dprc.2
	[[ $(evidence outside-consumer dprc.2) == *"dpni.0 uses dpio."* ]]
	bind_refuses 4 outside-consumer dprc.2
}

@test "netdev-in-use: up, or with an address; one that is down is lost by nobody" {
	board_exec ip link set "$interface" up
	besides=outside-consumer provokes refuse netdev-in-use dprc.2
	[[ $(evidence netdev-in-use dprc.2) == "$interface (up"* ]]
	bind_refuses 4 netdev-in-use dprc.2
	board_exec ip link set "$interface" down
	provokes refuse outside-consumer dprc.2
	board_exec ip address add 192.0.2.1/24 dev "$interface"
	besides=outside-consumer provokes refuse netdev-in-use dprc.2
	[ "$(evidence netdev-in-use dprc.2)" = "$interface (addresses: 1)" ]
	board_exec ip address flush dev "$interface"
}

@test "netdev-in-use: an interface lent to another network namespace" {
	board_exec sh -c 'setsid unshare --net sh -c "echo \$\$ >/run/namespace; exec sleep 600" >/dev/null 2>&1 </dev/null &
		until [ -s /run/namespace ]; do sleep 0.1; done
		ip link set "$1" netns "$(cat /run/namespace)"' sh "$interface"
	besides=outside-consumer provokes refuse netdev-in-use dprc.2
	[ "$(evidence netdev-in-use dprc.2)" = "that of dpni.1, in another network namespace" ]
	bind_refuses 4 netdev-in-use dprc.2
	board_exec sh -c 'kill "$(cat /run/namespace)"'
}

@test "outside-netdev: an interface of the root that lives behind a DPDMUX of the container" {
	local outer
	outer=$(board_exec ls /sys/bus/fsl-mc/devices/dpni.0/net)
	firmware '{"do":"add","container":2,"type":"dpdmux","id":0}'
	firmware '{"do":"disconnect","object":"dpni.0"}'
	firmware '{"do":"connect","a":"dpdmux.0","a_interface":1,"b":"dpni.0"}'
	board_exec ip link set "$outer" up
	besides=outside-consumer provokes refuse outside-netdev dprc.2
	[[ $(evidence outside-netdev dprc.2) == "$outer (up"*") on dpni.0, through dpdmux.0" ]]
	bind_refuses 4 outside-netdev dprc.2
	board fslmc-vfio bind --force dprc.2
	[[ $stderr != *outside-netdev* ]]
	board fslmc-vfio probe dprc.2
	[[ $stderr != *"lose their link"* ]]
	board fslmc-vfio probe --reset dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: "*" may lose their link by the reset: "*dpni.0*"closing it will reset it"* ]]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	# One that is down loses nothing.
	outer=$(board_exec sh -c 'ls /sys/bus/fsl-mc/devices/dpni.0/net 2>/dev/null' || true)
	[[ -z $outer ]] || board_exec ip link set "$outer" down
	[ -z "$(evidence outside-netdev dprc.2)" ]
	firmware '{"do":"destroy","object":"dpdmux.0"}'
}
