# SPDX-License-Identifier: GPL-2.0-or-later
#
# The consumer that most containers are assigned for: Debian's own DPDK.
#
# How far it goes: nothing plays the queue engine here, so testpmd ends, or waits, where it first uses a
# QBMan portal.  As an ordinary user it maps for DMA what its MEMLOCK limit allows.
#
# shellcheck disable=SC2154,SC2016

load ../lib/board

setup_file() {
	board_start small --layer dpdk --cpus 2 --deadline 300
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'chmod 755 / /usr /usr/lib && echo 100 >/proc/sys/vm/nr_hugepages &&
		mkdir -p /dev/hugepages && mount -t hugetlbfs -o uid=1000,gid=1000,mode=700 hugetlbfs /dev/hugepages &&
		fslmc-vfio bind --owner operator dprc.2' >/dev/null
}
teardown_file() { board_stop; }

# testpmd COMMAND...: its log, whatever becomes of it.
testpmd='eval "$1"; export XDG_RUNTIME_DIR=/tmp
	timeout 60 dpdk-testpmd -l 0-1 --no-telemetry --log-level=bus.fslmc,8 -- --total-num-mbufs=2048 2>&1 || :'

finds_everything() {
	local object
	for object in dprc.2 dpni.1 dpni.2 dpio.10 dpseci.10 dpcon.10 dpbp.10; do
		[[ $output == *"$object) abstracted from VFIO"* ]] || { echo "$object was not opened"; return 1; }
	done
	[[ $output == *"dpni.1: netdev created"* ]]
	[[ $output == *"dpni.2: netdev created"* ]]
}

@test "testpmd opens the container that export named, and makes an interface of every dpni" {
	board sh -c "$testpmd" sh "$(board_exec fslmc-vfio export dprc.2 --for dpdk)"
	finds_everything
}

@test "so it does for an ordinary user, to whom bind --owner gave the group" {
	board_as_operator sh -c "$testpmd" sh "$(board_exec fslmc-vfio export dprc.2 --for dpdk)"
	finds_everything
}
