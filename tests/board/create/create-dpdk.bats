# SPDX-License-Identifier: GPL-2.0-or-later
#
# From a board as it leaves the shop to Debian's DPDK: create, bind, export, testpmd.  See bind/dpdk.bats for how far
# testpmd goes here.  FSLMC_VFIO_MC_MINORS has the MC releases, 10.N, to try each DPDK on; tests/matrix takes more
# than one.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# shellcheck disable=SC2034 # of board.bash
board_options=(--deadline 300)

# One board a test, or more.
teardown() { board_stop; }

testpmd='eval "$1"; export XDG_RUNTIME_DIR=/tmp
	timeout 240 dpdk-testpmd -l 0-3 -v --no-telemetry --log-level=bus.fslmc,8 --log-level=pmd.net.dpaa2,8 -- \
		--total-num-mbufs=2048 2>&1 | grep -v "bman release retry" || :'

# It may lock what memlock-low of check and doctor asks for.  DPDK 24.11 maps nothing whose physical address it cannot
# see (fslmc_map_dma()), and Linux tells those only to CAP_SYS_ADMIN.
as_operator='ulimit -l unlimited && exec setpriv --reuid operator --regid operator --clear-groups \
	${3:+--inh-caps "+$3" --ambient-caps "+$3"} sh -c "$1" sh "$2"'

# board_with LAYER MINOR: as shipped, with MC 10.MINOR and that DPDK.
board_with() {
	jq "del(.api_versions) | .mc_version.minor = $2" "$tests_dir/vm/topologies/lx2160a-rdb-shipped.json" >"$BATS_TEST_TMPDIR/mc.json"
	board_start "$BATS_TEST_TMPDIR/mc.json" --layer "$1" --cpus 4 --deadline 300 --append vfio_iommu_type1.allow_unsafe_interrupts=1
	board_needed
	board_exec sh -c 'chmod 755 / /usr /usr/lib && echo 100 >/proc/sys/vm/nr_hugepages &&
		mkdir -p /dev/hugepages && mount -t hugetlbfs -o uid=1000,gid=1000,mode=700 hugetlbfs /dev/hugepages'
}

# makes_interfaces VERSION LAYER MINOR [CAPABILITY]: every port is one, with a queue a thread in both directions.
makes_interfaces() {
	local name dpnis dpni
	board_with "$2" "$3"
	name=$(board_exec fslmc-vfio create --label=fast --for=dpdk --lcores=4 --port=dpmac.3 --port=dpmac.4 -n -r -o NAME)
	board_exec fslmc-vfio bind --lock --owner=operator "$name" >/dev/null
	board sh -c "$as_operator" sh "$testpmd" "$(board_exec fslmc-vfio export "$name" --for dpdk)" "${4:-}"
	echo "$output"
	[[ $output == *"RTE Version: 'DPDK $1."* ]]
	mapfile -t dpnis < <(board_exec fslmc-vfio list -n -r -o NAME --objects "$name" | grep ^dpni)
	[ "${#dpnis[@]}" -eq 2 ]
	for dpni in "${dpnis[@]}"; do
		[[ $output == *"$dpni: netdev created"* ]]
	done
	[ "$(grep -c 'RX-TC= 1, rx_queues= 4, tx_queues=4' <<<"$output")" -eq 2 ]
	board_stop
}

@test "testpmd 22.11, of Debian 12, makes an interface of every port, as the user that owns the container" {
	local minor
	for minor in ${FSLMC_VFIO_MC_MINORS:-39}; do makes_interfaces 22.11 dpdk "$minor"; done
}

@test "testpmd 24.11, of Debian 13, does so, if it may see physical addresses, too" {
	local minor
	# It refuses firmware before 10.37: "MC version not compatible! Expected 10.37.x".
	for minor in ${FSLMC_VFIO_MC_MINORS:-40}; do
		((minor < 37)) || makes_interfaces 24.11 dpdk-trixie "$minor" sys_admin
	done
}
