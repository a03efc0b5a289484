# SPDX-License-Identifier: GPL-2.0-or-later
#
# probe --timeout where the kernel does not come back from the MC.
# Runs alone: what it starts may not be ready within the 4 s beside others.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# The kernel polls the MC with interrupts off, so the others need CPUs of their own.
setup_file() {
	board_start small --cpus 4 --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio bind dprc.2 >/dev/null
}
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || firmware '{"do":"clear"}' >/dev/null; }

@test "a deadline that passes while the kernel does not come back is exit 7, in time, and names the process" {
	needs_virtual_board
	firmware '{"do":"mute","command":"reset_container"}'
	# The shell that takes the time has a CPU that probe cannot use: it would wait with the kernel, too.
	# When its 4 s are over, 8 more to close what is open, 1 to be killed; the kernel takes 15, so it is still there.
	board taskset -c 3 sh -c 'begin=$(date +%s%N)
		taskset -c 0-2 fslmc-vfio probe --timeout 4 dprc.2 >/dev/null 2>/run/said
		echo "$? $(( ($(date +%s%N) - begin) / 1000000 ))"
		kill -0 "$(sed -n "s/.*process \([0-9]*\) is in the kernel.*/\1/p" /run/said)" && echo still there
		cat /run/said >&2'
	echo "# exit status and milliseconds: ${lines[0]}" >&3
	[[ ${lines[0]} == "7 "* ]]
	((${lines[0]#7 } >= 4000))
	[ "${lines[1]}" = "still there" ]
	[[ $stderr == *"no end within the time: process "*" is in the kernel while closing it"*"keeps the container open until that returns"* ]]
	[[ $stderr =~ "process "([0-9]+) ]]
	[ "$(faults_hit)" -eq 1 ]
	board sh -c 'while kill -0 "$1"; do sleep 0.1; done 2>/dev/null' sh "${BASH_REMATCH[1]}"
	board fslmc-vfio probe dprc.2
	[ "$status" -eq 0 ]
}
