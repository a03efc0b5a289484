# SPDX-License-Identifier: GPL-2.0-or-later
#
# bind --owner: whose the device nodes are.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# Newer kernels see no isolated interrupts on this board.
setup_file() { board_start small --append vfio_iommu_type1.allow_unsafe_interrupts=1; }
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind -n dprc.2 >/dev/null; }

@test "bind --owner USER gives the group's node to that user alone, who can then use it" {
	board fslmc-vfio bind -n -r -o NAME,CHANGED,OWNER --owner operator dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes operator:root" ]
	[ "$(owner_of dprc.2)" = "operator:root 600" ]
	[[ -n ${FSLMC_VFIO_BOARD:-} ]] || {
		# bind leaves /dev/iommu alone, for it is nobody's in particular.
		has_vfio_groups || board_exec chmod o+rw /dev/iommu
		board_as_operator fslmc-vfio probe dprc.2
		[ "$status" -eq 0 ]
	}
}

@test "bind --owner USER:GROUP lets the group in, too" {
	board fslmc-vfio bind --owner operator:operator dprc.2
	[ "$status" -eq 0 ]
	[ "$(owner_of dprc.2)" = "operator:operator 660" ]
}

@test "bind --owner takes numbers" {
	board fslmc-vfio bind --owner 1000:65534 dprc.2
	[ "$status" -eq 0 ]
	[ "$(owner_of dprc.2)" = "operator:nogroup 660" ]
}

@test "bind --owner refuses users and groups that are not there, and texts that are no owner" {
	local owner
	for owner in nobody-there operator:nobody-there '' : :operator operator: 4294967295 -1; do
		board fslmc-vfio bind --owner "$owner" dprc.2
		[ "$status" -eq 2 ]
		[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	done
}

@test "bind --owner of a DPRC that is bound changes only the owner; the same again nothing" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio bind -n -r -o CHANGED,OWNER --owner operator dprc.2
	[ "$output" = "yes operator:root" ]
	board fslmc-vfio bind -n -r -o CHANGED,OWNER --owner operator dprc.2
	[ "$output" = "no operator:root" ]
	board fslmc-vfio bind -n -r -o CHANGED,OWNER dprc.2
	[ "$output" = "no operator:root" ]
}

@test "rebind keeps the owner" {
	board_exec fslmc-vfio bind --owner operator:operator dprc.2 >/dev/null
	board fslmc-vfio rebind dprc.2
	[ "$status" -eq 0 ]
	[ "$(owner_of dprc.2)" = "operator:operator 660" ]
}

@test "after unbind the owner is nobody's business: the next bind finds the node root's" {
	board_exec fslmc-vfio bind --owner operator dprc.2 >/dev/null
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	board_exec test ! -e "$(node_of dprc.2)"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	[ "$(owner_of dprc.2)" = "root:root 600" ]
}

@test "a node that cannot be given undoes the bind" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board strace -f -o /dev/null -e inject=fchownat:error=EPERM fslmc-vfio bind --owner operator dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot give /dev/vfio/"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a change of owner that fails puts the owner back" {
	board_exec fslmc-vfio bind --owner operator:operator dprc.2 >/dev/null
	board strace -f -o /dev/null -e inject=fchmodat:error=EPERM:when=1 fslmc-vfio bind --owner 0:0 dprc.2
	[ "$status" -eq 1 ]
	[ "$(owner_of dprc.2)" = "operator:operator 660" ]
}

@test "a run killed before it gave the node away is settled by recover, with the owner" {
	board strace -f -o /dev/null -e inject=fchownat:signal=KILL fslmc-vfio bind --owner operator dprc.2
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(owner_of dprc.2)" = "root:root 600" ]
	board fslmc-vfio recover
	[ "$status" -eq 0 ]
	[ "$(owner_of dprc.2)" = "operator:root 600" ]
}

@test "nothing but the device's own node is given away" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	local node
	node=$(node_of dprc.2)
	board_exec sh -c 'mv "$1" /dev/vfio/kept && ln -s /etc/shells "$1"' sh "$node"
	board fslmc-vfio bind --owner operator dprc.2
	[ "$status" -eq 1 ]
	[ "$(board_exec stat -c %U /etc/shells)" = root ]
	board_exec mv /dev/vfio/kept "$node"
	board_exec fslmc-vfio recover >/dev/null
}

# denied USER: what doctor says that user cannot open.
denied() {
	board_exec fslmc-vfio doctor --json --user "$1" |
		jq -r '.findings[] | select(.code == "no-access") | .severity + " " + .evidence'
}

@test "doctor --user says which nodes that user cannot open, as the kernel decides it" {
	local node mode
	has_vfio_groups || skip "the user of device files needs /dev/iommu, too: probe/probe-cdev-only.bats looks at that"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	node=$(node_of dprc.2)
	[ "$(denied operator)" = "warn $node of dprc.2 (root:root 600)" ]
	[ -z "$(denied root)" ]
	board_exec fslmc-vfio bind --owner operator dprc.2 >/dev/null
	[ -z "$(denied operator)" ]
	# By a group of the user; and the owner's bits are the owner's, whatever others may.
	board_exec sh -c 'chown root:operator "$1" && chmod 660 "$1"' sh "$node"
	[ -z "$(denied operator)" ]
	for mode in 640 606; do
		board_exec chmod "$mode" "$node"
		[ "$(denied operator)" = "warn $node of dprc.2 (root:operator $mode)" ]
	done
	board_exec sh -c 'chown operator "$1" && chmod 466 "$1"' sh "$node"
	[ "$(denied operator)" = "warn $node of dprc.2 (operator:operator 466)" ]
	board_exec chmod 600 "$node"
	board_exec chmod 660 /dev/vfio/vfio
	[ "$(denied operator)" = "warn /dev/vfio/vfio (root:root 660)" ]
	board fslmc-vfio doctor --user operator
	[ "$status" -eq 0 ]
	board_as_operator fslmc-vfio doctor --json
	[[ $(jq -r '.findings[].code' <<<"$output") == *no-access* ]]
	board_exec chmod 666 /dev/vfio/vfio
	# The way to it counts, too.
	board_exec sh -c 'chmod 666 "$1" && chmod 700 /dev/vfio' sh "$node"
	[[ $(denied operator) == "warn /dev/vfio/vfio (root:root 666), $node of dprc.2 ("* ]]
	board_exec sh -c 'chmod 755 /dev/vfio'
	[ -z "$(denied operator)" ]
	# Nobody but root can find that out of others.
	board_as_operator fslmc-vfio doctor --json --user root
	[ "$(jq -r '.findings[] | select(.code == "no-access") | .severity + " " + .evidence' <<<"$output")" = "info Operation not permitted (EPERM)" ]
}

# udevd, which this board otherwise does without, and a rule of it.
udev_begin() {
	board_exec sh -c 'mkdir -p /run/udev/rules.d && printf "%s\n" "$1" >/run/udev/rules.d/90-owner.rules &&
		/lib/systemd/systemd-udevd --daemon && udevadm control --ping' sh "$1"
}
udev_end() { board_exec sh -c 'udevadm settle; udevadm control --exit; rm -r /run/udev'; }

@test "udev does not have the last word, late as it may be" {
	udev_begin 'SUBSYSTEM=="vfio|vfio-dev", ACTION=="add", PROGRAM="/bin/sleep 2", GROUP="operator", MODE="0640"'
	board fslmc-vfio bind --owner operator dprc.2
	board_exec udevadm settle
	[ "$status" -eq 0 ]
	[ "$(owner_of dprc.2)" = "operator:root 600" ]
	# The rule is one that has an effect.
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec udevadm settle
	[ "$(owner_of dprc.2)" = "root:operator 640" ]
	udev_end
}

@test "a udevd that gets no CPU does not have the last word either" {
	udev_begin 'SUBSYSTEM=="vfio", ACTION=="add", GROUP="operator", MODE="0640"'
	# As long as it is stopped it has not even read that there is a node.
	board_exec sh -c 'udevadm settle; pkill -STOP -x systemd-udevd
		setsid sh -c "sleep 3; pkill -CONT -x systemd-udevd" >/dev/null 2>&1 </dev/null &'
	board fslmc-vfio bind --owner operator dprc.2
	board_exec sh -c 'pkill -CONT -x systemd-udevd; udevadm settle'
	[ "$status" -eq 0 ]
	[ "$(owner_of dprc.2)" = "operator:root 600" ]
	udev_end
}

@test "the socket of a udevd that was killed is not waited for" {
	udev_begin 'SUBSYSTEM=="vfio", ACTION=="add", GROUP="operator"'
	board_exec sh -c 'pkill -KILL -x systemd-udevd; while pgrep -x systemd-udevd; do sleep 0.1; done' >/dev/null
	board timeout 30 fslmc-vfio bind --owner operator dprc.2
	[ "$status" -eq 0 ]
	board_exec rm -r /run/udev
}

@test "bind --owner USER is the same mode, fresh or bound already, whoever could open it before" {
	board_exec fslmc-vfio bind --owner operator:operator dprc.2 >/dev/null
	board fslmc-vfio bind --owner operator dprc.2
	[ "$(owner_of dprc.2)" = "operator:operator 600" ]
}

@test "no name service is asked about owners while a change is under way" {
	board strace -f -o /tmp/calls -e trace=connect,openat fslmc-vfio bind --owner 1000 dprc.2
	[ "$status" -eq 0 ]
	[[ $output == *operator:root* ]]
	run ! board_exec grep -E 'nsswitch|nscd' /tmp/calls
}

@test "where udev comes to no end nothing is said to be done, and --timeout says when" {
	udev_begin 'SUBSYSTEM=="vfio|vfio-dev", ACTION=="add", PROGRAM="/bin/sleep 12", GROUP="operator"'
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind --timeout 4 --owner operator dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: udev still runs rules after 4 s"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	board_exec sh -c 'pkill -KILL -x systemd-udevd; rm -r /run/udev'
}

@test "a clock that is set back meanwhile, as at a boot, keeps nobody waiting for udev" {
	needs_virtual_board
	udev_begin 'SUBSYSTEM=="vfio", ACTION=="add", GROUP="operator", MODE="0640"'
	board_exec sh -c 'udevadm settle; pkill -STOP -x systemd-udevd
		setsid sh -c "sleep 3; date -s \"1 hour ago\"; pkill -CONT -x systemd-udevd" >/dev/null 2>&1 </dev/null &'
	board fslmc-vfio bind --timeout 20 --owner operator dprc.2
	board_exec sh -c 'pkill -CONT -x systemd-udevd; date -s "1 hour"' >/dev/null
	[ "$status" -eq 0 ] || { echo "$stderr"; return 1; }
	[ "$(owner_of dprc.2)" = "operator:root 600" ]
	udev_end
}
