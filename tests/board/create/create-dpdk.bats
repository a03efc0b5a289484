# SPDX-License-Identifier: GPL-2.0-or-later
#
# From a board as it leaves the shop to Debian's DPDK: create, bind, export, testpmd.  See bind/dpdk.bats for how far
# testpmd goes here.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# shellcheck disable=SC2034 # of board.bash
board_options=(--deadline 300)

setup_file() {
	board_start lx2160a-rdb-shipped --layer dpdk --cpus 4 --deadline 300 --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'chmod 755 / /usr /usr/lib && echo 100 >/proc/sys/vm/nr_hugepages &&
		mkdir -p /dev/hugepages && mount -t hugetlbfs -o uid=1000,gid=1000,mode=700 hugetlbfs /dev/hugepages'
}
teardown_file() { board_stop; }

testpmd='eval "$1"; export XDG_RUNTIME_DIR=/tmp
	timeout 240 dpdk-testpmd -l 0-3 --no-telemetry --log-level=bus.fslmc,8 --log-level=pmd.net.dpaa2,8 -- \
		--total-num-mbufs=2048 2>&1 | grep -v "bman release retry" || :'

@test "testpmd, as the user that owns the container, makes an interface of every port, and has a queue a thread in both directions" {
	local name dpnis dpni
	name=$(board_exec fslmc-vfio create --label=fast --for=dpdk --lcores=4 --port=dpmac.3 --port=dpmac.4 -n -r -o NAME)
	board_exec fslmc-vfio bind --lock --owner=operator "$name" >/dev/null
	board_as_operator sh -c "$testpmd" sh "$(board_exec fslmc-vfio export "$name" --for dpdk)"
	echo "$output"
	mapfile -t dpnis < <(board_exec fslmc-vfio list -n -r -o NAME --objects "$name" | grep ^dpni)
	[ "${#dpnis[@]}" -eq 2 ]
	for dpni in "${dpnis[@]}"; do
		[[ $output == *"$dpni: netdev created"* ]]
	done
	[ "$(grep -c 'RX-TC= 1, rx_queues= 4, tx_queues=4' <<<"$output")" -eq 2 ]
}
