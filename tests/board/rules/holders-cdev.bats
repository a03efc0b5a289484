# SPDX-License-Identifier: GPL-2.0-or-later
#
# On a kernel with groups and device files a program may have a device file open while the group is free: one that is
# not bound to an iommufd yet holds up an unbind, too.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small --kernel iommufd; }
teardown_file() { board_stop; }
teardown() {
	[[ -z ${holder:-} ]] || let_go "$holder"
	holder=
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio recover; fslmc-vfio unbind dprc.2' >/dev/null
}

# hold_device OBJECT: a process that has its device file open; prints its process id.
hold_device() {
	board_exec sh -c 'rm -f /run/holder
		setsid sh -c "exec 9<>/dev/vfio/devices/$(ls /sys/bus/fsl-mc/devices/$1/vfio-dev); echo \$\$ >/run/holder; exec sleep 3600" >/dev/null 2>&1 </dev/null &
		until [ -s /run/holder ]; do sleep 0.05; done; cat /run/holder' sh "$1"
}

# is_refused OBJECT: with its device file open, nothing unbinds the DPRC, or waits for it.
is_refused() {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	holder=$(hold_device "$1")
	for verb in unbind rebind; do
		same_state timeout 30 fslmc-vfio "$verb" --timeout 5 dprc.2
		[ "$status" -eq 5 ]
		[[ $stderr == *"dprc.2: in use: process $holder (sleep) has /dev/vfio/devices/vfio"* ]]
	done
	let_go "$holder"
	holder=
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
}

@test "a DPRC whose device file is open is not unbound" { is_refused dprc.2; }
@test "nor is one with an object whose device file is open" { is_refused dpni.1; }

@test "a device file that is opened in the last moment keeps the unbind from being tried" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	before_write=2 halted unbind dprc.2
	holder=$(hold_device dprc.2)
	goes_on
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: VFIO group "*" has been opened by another process; unbind would block"* ]]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	has_no_journal
}
