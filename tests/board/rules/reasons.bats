#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reasons for and against an assignment: each provoked on a board that is otherwise fine.
#
# shellcheck disable=SC2016,SC2034,SC2154

load ../../lib/reasons
load ../../lib/transaction

# What has a device open needs an IOMMU that Linux 7 lets it use without interrupt remapping.
setup_file() { board_start small --append vfio_iommu_type1.allow_unsafe_interrupts=1; }
teardown_file() { board_stop; }
setup() { board_needed && needs_virtual_board; }
teardown() {
	[[ -z ${BOARD_MISSING:-} ]] || return 0
	board_exec sh -c '[ ! -e /run/holder ] || kill -KILL "$(cat /run/holder)"; rm -f /run/holder
		echo 1 >/sys/bus/fsl-mc/drivers_autoprobe'
	board_exec fslmc-vfio unbind dprc.2 dprc.3 >/dev/null
}

@test "the DPRCs of a good board can be assigned; that the root cannot is no failure of check" {
	board fslmc-vfio check
	[ "$status" -eq 0 ]
	[[ $output == *"
dprc.1: refused by 1 rule

dprc.2
  info   contents-changeable: "*"
dprc.2: can be bound

dprc.3
"* ]]
	[ "${lines[-1]}" = "can be bound: dprc.2, dprc.3" ]
	board fslmc-vfio check dprc.1
	[ "$status" -eq 4 ]
}

@test "--json has the findings, and the sum for each" {
	board fslmc-vfio check --json dprc.1 dprc.3
	[ "$status" -eq 4 ]
	[ "$(jq -c '[.findings[] | [.name, .severity, .code]], .checks, .status' <<<"$output")" = \
'[["dprc.1","refuse","root-dprc"],["dprc.3","info","contents-changeable"]]
[{"name":"dprc.1","assignable":false,"refusals":1,"warnings":0},{"name":"dprc.3","assignable":true,"refusals":0,"warnings":0}]
"refused"' ]
}

@test "a script learns from --json of bind why it is refused" {
	board fslmc-vfio bind --json dprc.1
	[ "$status" -eq 4 ]
	[ "$(jq -c '[.messages[] | [.level, .object, .code]]' <<<"$output")" = '[["error","dprc.1","root-dprc"]]' ]
	board fslmc-vfio bind --json dprc.99
	[ "$status" -eq 3 ]
	[ "$(jq -c '[.messages[] | [.level, .object, .code]]' <<<"$output")" = '[["error","dprc.99",null]]' ]
}

@test "not-a-dprc" {
	provokes refuse not-a-dprc dpni.1
	[ "$(evidence not-a-dprc dpni.1)" = "it is in dprc.2" ]
	bind_refuses 4 not-a-dprc dpni.1
}

@test "root-dprc" {
	provokes refuse root-dprc dprc.1
	bind_refuses 4 root-dprc dprc.1 --force
}

@test "aiop-container" {
	new_dprc '"id":9,"icid":40,"options":["AIOP"]'
	provokes refuse aiop-container dprc.9
	bind_refuses 4 aiop-container dprc.9
	destroy dprc.9
}

@test "assigned, and in-use with the process that has it" {
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	provokes info assigned dprc.3
	local holder
	holder=$(hold_node_of dprc.3)
	provokes refuse in-use dprc.3
	[[ $(evidence in-use dprc.3) == "process $holder (sleep) has /dev/vfio/"* ]]
	board fslmc-vfio check dprc.3
	[ "$status" -eq 5 ]
	board fslmc-vfio rebind dprc.3
	[ "$status" -eq 5 ]
	[ "$(driver_of dprc.3)" = vfio-fsl-mc ]
}

@test "unbind-unfinished while the kernel waits for a program that has a device open" {
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	# Stopped in the middle of its questions to the devices, before it wants an interrupt.
	board_exec sh -c 'setsid strace -f -o /dev/null -e trace=ioctl -e inject=ioctl:signal=STOP:when=20 \
			fslmc-vfio probe dprc.3 >/dev/null 2>&1 </dev/null &
		# strace stops it for a moment at other calls, too.
		stopped() { grep -q "^State:.*[Tt]" "/proc/$pid/status" && ls -l "/proc/$pid/fd" | grep -q vfio-device; }
		until pid=$(pgrep -n -x fslmc-vfio) && stopped && sleep 0.5 && stopped; do
			kill -0 "$!" || exit 1
			sleep 0.1
		done
		echo "$pid" >/run/holder
		(echo dprc.3 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind) >/dev/null 2>&1 </dev/null &
		while [ -e /sys/bus/fsl-mc/devices/dprc.3/driver ]; do sleep 0.1; done'
	besides=in-use provokes refuse unbind-unfinished dprc.3
	[ "$(evidence unbind-unfinished dprc.3)" = "$(board_exec fslmc-vfio list -n -r -o OBJECTS dprc.3) objects" ]
	board timeout 20 fslmc-vfio bind dprc.3
	[ "$status" -eq 5 ]
	board_exec sh -c 'kill -KILL "$(cat /run/holder)"; rm /run/holder; cd /sys/bus/fsl-mc/devices
		while ls -d dprc.3/dp*; do sleep 0.1; done >/dev/null 2>&1'
	[ "$(reasons_of dprc.3)" = "info contents-changeable" ]
	board fslmc-vfio unbind dprc.3
	[ "$(driver_of dprc.3)" = fsl_mc_dprc ]
}

@test "holders-unknown to who cannot look into every process" {
	local board_options=(--user operator)
	board_exec fslmc-vfio check dprc.3 >/dev/null
	provokes warn mc-unknown dprc.3
	board_options=()
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	board_options=(--user operator)
	provokes info holders-unknown dprc.3
}

@test "autoprobe-off" {
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/drivers_autoprobe'
	provokes refuse autoprobe-off dprc.3
	bind_refuses 4 autoprobe-off dprc.3
}

@test "icid-shared with a DPRC that is still asleep, group-shared once it is awake" {
	new_dprc '"id":9,"icid":2'
	# Newer kernels give it its group before a driver wakes it.
	local asleep=
	[[ -z $(group_of dprc.9) ]] || asleep='group-shared'
	besides=$asleep provokes refuse icid-shared dprc.3
	[ "$(evidence icid-shared dprc.3)" = "ICID 2 of dprc.9" ]
	bind_refuses 4 "${asleep:-icid-shared}" dprc.3
	firmware '{"do":"plug","object":"dprc.9"}'
	rescan
	besides=icid-shared provokes refuse group-shared dprc.3
	[ "$(evidence group-shared dprc.3)" = dprc.9 ]
	bind_refuses 4 group-shared dprc.3
	destroy dprc.9
}

@test "mc-unknown is a warning, and a refusal with --strict" {
	board_exec mv /dev/dprc.1 /dev/hidden
	provokes warn mc-unknown dprc.3
	provokes refuse mc-unknown dprc.3 --strict
	bind_refuses 4 mc-unknown dprc.3 --strict
	board_exec mv /dev/hidden /dev/dprc.1
}

@test "contents-changeable: this firmware goes by a lock, and --strict does not take it for locked" {
	provokes info contents-changeable dprc.2
	[ "$(evidence contents-changeable dprc.2)" = "whether it is locked is unknown" ]
	bind_refuses 4 contents-changeable dprc.2 --strict
}

@test "privileged-dma and unplugged" {
	new_dprc '"id":9,"icid":40,"options":["PL"]'
	provokes warn privileged-dma dprc.9
	provokes info unplugged dprc.9
	provokes warn irq-cfg-denied dprc.9
	bind_refuses 4 privileged-dma dprc.9 --strict
	destroy dprc.9
}

@test "nested-dprc names the groups that go along" {
	firmware '{"do":"create","parent":3,"id":9,"icid":40}'
	provokes warn nested-dprc dprc.3
	[ "$(evidence nested-dprc dprc.3)" = "dprc.9 (its group comes with the bind)" ]
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 0 ]
	[ "$(evidence nested-dprc dprc.3)" = "dprc.9 (group $(group_of dprc.9))" ]
	board_exec fslmc-vfio unbind dprc.3 >/dev/null
	destroy dprc.9
	# Its device stays until dprc.3 is scanned again, and is no reason for anything.
	board_exec test -e /sys/bus/fsl-mc/devices/dprc.9
	[ "$(reasons_of dprc.3)" = "info contents-changeable" ]
}

@test "objects-missing and irq-pool-exceeded" {
	firmware '{"do":"add","container":3,"type":"dpbp","id":70}'
	provokes warn objects-missing dprc.3
	[ "$(evidence objects-missing dprc.3)" = dpbp.70 ]
	for id in {100..351}; do
		printf '{"do":"add","container":3,"type":"dpbp","id":%d}\n' "$id"
	done | while read -r line; do firmware "$line" >/dev/null; done
	provokes warn irq-pool-exceeded dprc.3
	[ "$(evidence irq-pool-exceeded dprc.3)" = "dprc.3 has 258" ]
	destroy dpbp.70 dpbp.{100..351}
}

@test "objects-gone, once vfio-fsl-mc has seen them" {
	firmware '{"do":"destroy","object":"dpbp.20"}'
	[ -z "$(evidence objects-gone dprc.3)" ]
	firmware '{"do":"add","container":3,"type":"dpbp","id":20}'
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	[ -z "$(evidence objects-gone dprc.3)" ]
	firmware '{"do":"destroy","object":"dpbp.20"}'
	provokes refuse objects-gone dprc.3
	[ "$(evidence objects-gone dprc.3)" = dpbp.20 ]
	[ -z "$(evidence objects-missing dprc.3)" ]
	# Of a list that is not complete nothing follows.
	firmware_fails get_obj busy dprc.3 0 1000
	[ -z "$(evidence objects-gone dprc.3)" ]
	(($(faults_hit) > 0))
	firmware '{"do":"add","container":3,"type":"dpbp","id":20}'
}

@test "endpoint-outside" {
	firmware '{"do":"add","container":3,"type":"dpni","id":78}'
	firmware '{"do":"add","container":1,"type":"dpni","id":77}'
	firmware '{"do":"connect","a":"dpni.78","b":"dpni.77"}'
	provokes warn endpoint-outside dprc.3
	[ "$(evidence endpoint-outside dprc.3)" = "dpni.78 is connected to dpni.77" ]
	destroy dpni.78 dpni.77
}

@test "objects-unbound: bound, but for an object that somebody unbound" {
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	board_exec sh -c 'echo dpbp.20 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind'
	provokes refuse objects-unbound dprc.3
	[ "$(evidence objects-unbound dprc.3)" = "dpbp.20 (no driver)" ]
	bind_refuses 4 objects-unbound dprc.3
	board_exec fslmc-vfio rebind dprc.3 >/dev/null
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 0 ]
}

@test "a bind after which the group cannot be read is undone" {
	local group
	group=$(group_of dprc.3)
	state_dump >"$BATS_TEST_TMPDIR/before"
	board strace -f -o /dev/null -P "kernel/iommu_groups/$group" -e trace=openat2 \
		-e inject=openat2:error=EIO:when=2+ fslmc-vfio bind dprc.3
	[ "$status" -eq 1 ] || { echo "$status $stderr"; return 1; }
	[[ $stderr == *"dprc.3 (the members of its IOMMU group cannot be read)"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "--for: what DPDK would miss" {
	provokes refuse dpio-too-few dprc.3 --for dpdk
	[ "$(evidence dpio-too-few dprc.3 --for dpdk)" = "3 required, 1 available" ]
	[ "$(evidence dpio-too-few dprc.3 --for vpp --lcores 5)" = "10 required, 1 available" ]
	[ "$(evidence dpio-too-few dprc.3 --for dpdk --lcores 2,2,2)" = "9 required, 1 available" ]
	besides=dpio-too-few provokes refuse dpmcp-too-few dprc.3 --for dpdk --lcores 1,1
	firmware '{"do":"destroy","object":"dpbp.20"}'
	besides=dpio-too-few provokes refuse dpbp-too-few dprc.3 --for dpdk
	firmware '{"do":"add","container":3,"type":"dpbp","id":20}'
	board fslmc-vfio check --for dpdk dprc.3
	[ "$status" -eq 4 ]
	[ "${lines[-1]}" = "dprc.3: can be bound, but is not enough for dpdk" ]
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 0 ]
}

@test "--for: what a guest would miss" {
	provokes refuse dpcon-too-few dprc.3 --for qemu
	besides=dpcon-too-few provokes warn dpmcp-too-few dprc.3 --for qemu
	besides=dpcon-too-few provokes warn dpio-too-few dprc.3 --for qemu --lcores 2
	[ "$(evidence dpcon-too-few dprc.2 --for qemu)" = "2 required, 1 available" ]
}

@test "--lcores takes numbers, and needs --for" {
	for options in "--lcores 2" "--for dpdk --lcores 0" "--for dpdk --lcores 2x" "--for vpp --lcores 2,2" "--for dpdk --processes 2" "--for odp"; do
		# shellcheck disable=SC2086 # several words on purpose
		board fslmc-vfio check $options
		[ "$status" -eq 2 ] || { echo "$options: $status"; return 1; }
	done
}

@test "every reason there is has been provoked by one of these tests" {
	board fslmc-vfio check --help
	sed -n '/^Reasons/,$p' <<<"$output" | sed 's/^Reasons[^:]*://' | tr -s ' \n' '\n' | sed '/^$/d' |
		LC_ALL=C sort >"$BATS_TEST_TMPDIR/known"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/known")" -ge 25 ]
	grep -rho --include='*.bats' 'provokes \(refuse\|warn\|info\) [a-z0-9-]*' "$tests_dir" | sed 's/.* //' | LC_ALL=C sort -u |
		diff "$BATS_TEST_TMPDIR/known" -
}
