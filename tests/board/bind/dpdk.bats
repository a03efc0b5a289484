# SPDX-License-Identifier: GPL-2.0-or-later
#
# The consumer that most containers are assigned for: Debian's own DPDK.
#
# How far it goes: nothing plays the queue engine here, so testpmd ends, or waits, where it first uses a
# QBMan portal, after every interface was made.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# What is waited for here may take a loaded machine minutes.
# shellcheck disable=SC2034 # of board.bash
board_options=(--deadline 300)

setup_file() {
	# Linux 7.2 gives the container no IOMMU otherwise, for the board's interrupts are not isolated.
	board_start small --layer dpdk --cpus 2 --deadline 300 --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'chmod 755 / /usr /usr/lib && echo 100 >/proc/sys/vm/nr_hugepages &&
		mkdir -p /dev/hugepages && mount -t hugetlbfs -o uid=1000,gid=1000,mode=700 hugetlbfs /dev/hugepages'
}
teardown_file() { board_stop; }

# Linux 7.2 gives a container its interrupts only once after a bind, see board/probe/probe.bats.
setup() {
	board_needed
	board_exec sh -c 'fslmc-vfio unbind dprc.2 && fslmc-vfio bind --owner operator dprc.2' >/dev/null
}

# Its log, whatever becomes of it, without the thousands of times that a portal does not answer.
testpmd='eval "$1"; export XDG_RUNTIME_DIR=/tmp
	timeout 240 dpdk-testpmd -l 0-1 --no-telemetry --log-level=bus.fslmc,8 -- --total-num-mbufs=2048 2>&1 |
		grep -v "bman release retry" || :'

# Every object of the container is found, and every one that DPDK itself uses is opened: DPMCPs are not, but by
# way of their portals, and a lone process leaves one DPIO to others (fslmc_vfio_process_group()).
finds_everything() {
	local object
	for object in $(board_exec fslmc-vfio list -n -r -o NAME --objects dprc.2) dprc.2; do
		grep -qP "^fslmc: \t\t\Q$object\E$" <<<"$output" || { echo "$object was not found"; return 1; }
		[[ $object == dpmcp.* || $object == dpio.11 || $output == *"Device ($object) abstracted from VFIO"* ]] || {
			echo "$object was not opened"
			return 1
		}
	done
	[[ $output == *"dpni.1: netdev created, connected to dpni.2"* ]]
	[[ $output == *"dpni.2: netdev created, connected to dpni.1"* ]]
}

@test "testpmd opens the container that export named, and makes an interface of every dpni" {
	board sh -c "$testpmd" sh "$(board_exec fslmc-vfio export dprc.2 --for dpdk)"
	echo "$output"
	finds_everything
	[[ $output != *"Mapping/Unmapping failed"* ]]
}

@test "so it does for an ordinary user, who can map as much for DMA as doctor --user says" {
	board_as_operator sh -c "$testpmd" sh "$(board_exec fslmc-vfio export dprc.2 --for dpdk)"
	echo "$output"
	finds_everything
	# What DPDK keeps for root: physical addresses and the affinity of interrupts; it does without.  The interrupt
	# it does not find in what Linux 7.2 makes of /proc/interrupts.
	[[ $output == *"Physical addresses are unavailable, selecting IOVA as VA mode"* ]]
	[[ $output == *"smp_affinity: Permission denied"* || $output == *"/proc/irq/: Is a directory"* ]]
	# MEMLOCK is what ends it; doctor foresaw that.
	[[ $output == *"VFIO_IOMMU_MAP_DMA API(errno = 12)"* ]]
	board_as_operator fslmc-vfio doctor --json
	jq -e '[.findings[].code] | index("memlock-low")' <<<"$output"
}

@test "with the limit that doctor's remedy raises, an ordinary user gets as far as root" {
	board sh -c 'ulimit -l unlimited && exec setpriv --reuid operator --regid operator --clear-groups "$@"' sh \
		sh -c "$testpmd" sh "$(board_exec fslmc-vfio export dprc.2 --for dpdk)"
	echo "$output"
	finds_everything
	[[ $output != *"Mapping/Unmapping failed"* ]]
	# 100 huge pages of 2 MiB are more than 128 MiB.
	board sh -c 'ulimit -l 131072 && exec setpriv --reuid operator --regid operator --clear-groups fslmc-vfio doctor --json'
	[ "$(jq -r '.findings[] | select(.code == "memlock-low") | .evidence' <<<"$output")" = \
		"operator may lock 131072 KiB, and there are 204800 KiB of huge pages" ]
	board sh -c 'ulimit -l unlimited && exec setpriv --reuid operator --regid operator --clear-groups fslmc-vfio doctor --json'
	jq -e '[.findings[].code] | index("memlock-low") == null' <<<"$output"
}
