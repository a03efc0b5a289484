# SPDX-License-Identifier: GPL-2.0-or-later
#
# capture: a board in one file, which shows the same elsewhere.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/capture

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio unbind -n dprc.2 dprc.3; rm -rf /etc/fslmc-vfio.d /tmp/*.tar' >/dev/null
}

@test "a captured board shows the same elsewhere" {
	board_exec fslmc-vfio define dprc.2 --owner operator >/dev/null
	replays_alike "${reading_verbs[@]}"
}

@test "so does one with a DPRC that is bound as it is defined, and held by a process" {
	# The owner by number: accounts are not captured.
	board_exec sh -c 'fslmc-vfio define dprc.2 --owner 0:0 && fslmc-vfio apply' >/dev/null
	replays_alike "${reading_verbs[@]}"
	[[ $("$native" "--sysroot=$BATS_TEST_TMPDIR/board.tar" status -n -r -o STATE,OWNER) == "as-defined root:root" ]]
	board_exec sh -c 'sleep 1000 <>/dev/vfio/$(basename "$(readlink /sys/bus/fsl-mc/devices/dprc.2/iommu_group)") & echo "$!" >/tmp/holder'
	replays_alike 'show dprc.2' 'show dprc.2 --json' check 'list -o all'
	board fslmc-vfio list -n -r -o NODE,OWNER,HOLDERS,COMMAND dprc.2
	[ "$output" = "/dev/vfio/$(group_of dprc.2) root:root $(board_exec cat /tmp/holder) sleep" ]
	board_exec sh -c 'kill "$(cat /tmp/holder)"'
	"$native" "--sysroot=$BATS_TEST_TMPDIR/board.tar" show dprc.2 --json | jq -e '.holders[0].command == "sleep"'
}

@test "capture changes nothing, names the file it wrote for root alone, and never overwrites one" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board sh -c 'cd /tmp && umask 0 && fslmc-vfio capture && stat -c %a fslmc-vfio-*.tar && tar -tf fslmc-vfio-*.tar >/dev/null'
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^fslmc-vfio-.+-[0-9]{8}-[0-9]{6}\.tar$ ]]
	[ "${lines[1]}" = 600 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	board sh -c 'cd /tmp && echo precious >a.tar; fslmc-vfio capture a.tar; echo "$?"; cat a.tar; ls -A | grep -c "a.tar.*new"'
	[ "$output" = $'4\nprecious\n0' ]
}

@test "capture does not pretend: not root, no space, no such folder" {
	board_as_operator fslmc-vfio capture -
	[ "$status" -eq 6 ]
	[ -z "$output" ]
	[[ $stderr == *"only root can read all of a machine"* ]]
	board fslmc-vfio capture /nowhere/a.tar
	[ "$status" -eq 3 ]
	board sh -c 'mkdir -p /tmp/full && mount -t tmpfs -o size=16k none /tmp/full; fslmc-vfio capture /tmp/full/a.tar; echo "$?"; ls -A /tmp/full; umount /tmp/full'
	[ "$output" = 1 ]
	board sh -c 'fslmc-vfio capture - >/dev/full'
	[ "$status" -eq 1 ]
}

@test "a capture that gets a signal while it writes leaves nothing but the capture" {
	board sh -c 'mkdir /tmp/one; strace -o /dev/null -e trace=fsync -e inject=fsync:signal=TERM fslmc-vfio capture /tmp/one/a.tar
		ls -A /tmp/one; tar -tf /tmp/one/a.tar >/dev/null; echo "$?"; rm -r /tmp/one'
	[ "$output" = $'/tmp/one/a.tar\na.tar\n0' ]
}
